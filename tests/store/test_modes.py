"""Only the owner can read a base, whatever the umask."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from kbnotes.store import Store
from tests.store.helpers import create, made, name, remove, replace


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077, 0o277, 0o777])
def test_files_are_0600_and_directories_0700_whatever_the_umask(store: Store, umask: int) -> None:
    before = os.umask(umask)
    try:
        (store.journal.path).unlink()
        create(store, made(4))
        replace(store, store.read(name(4)), made(4, "New.\n"))
        remove(store, 4)
    finally:
        os.umask(before)
    below = [path for path in store.base.rglob("*") if path.name != "entries"]
    assert {_mode(path) for path in below if path.is_dir()} == {0o700}
    assert {_mode(path) for path in below if path.is_file()} == {0o600}
    assert {path.name for path in below} >= {"trash", "history", "0004", "last-id", "journal.jsonl", name(4)}


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.lstat().st_mode)
