"""The parsers that every promise of the reader is checked with."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.codec.helpers import LOADERS, reading_with


@pytest.fixture(params=list(LOADERS))
def loader(request: pytest.FixtureRequest) -> Iterator[str]:
    """Read with each of PyYAML's parsers in turn."""
    with reading_with(request.param):
        yield request.param
