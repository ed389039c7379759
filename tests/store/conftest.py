"""A store of three entries in a directory of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from kbnotes.store import Store
from tests.store.helpers import create, made


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """A store with the entries 1 to 3."""
    (tmp_path / "base" / "entries").mkdir(parents=True, mode=0o700)
    store = Store(tmp_path / "base")
    create(store, made(1), made(2), made(3))
    return store
