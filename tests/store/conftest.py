"""A store of three entries in a directory of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from kbnotes.store import Store
from tests.store.helpers import made


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """A store with the entries 1 to 3."""
    (tmp_path / "base" / "entries").mkdir(parents=True, mode=0o700)
    store = Store(tmp_path / "base")
    with store.writing():
        store.create(made(number) for number in (1, 2, 3))
    return store
