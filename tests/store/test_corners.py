"""What a file system can do to a move, a read or a new file, and what then stays."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from kbnotes.codec import MAX_SIZE
from kbnotes.errors import FormatError, StorageError
from kbnotes.model import Change
from kbnotes.store import Planned, Store, files
from tests.store.helpers import content_of, create, made, name, whole


def test_a_file_that_is_too_large_is_refused_before_it_is_read(store: Store) -> None:
    path = store.entries / "0009-hole.yaml"
    with path.open("wb") as file:
        file.truncate(MAX_SIZE + 1)
    with pytest.raises(FormatError, match="cannot be read: larger than 8 mb"):
        store.read(path.name)


def test_a_move_onto_another_file_moves_nothing(store: Store) -> None:
    before = content_of(store.entries)
    with pytest.raises(FileExistsError):
        files.move(store.entries / name(1), store.entries / name(2))
    assert content_of(store.entries) == before


@pytest.mark.parametrize("stays", [True, False], ids=["the old name stays", "the old name went"])
def test_a_move_that_fails_half_way_leaves_one_name(
    store: Store, monkeypatch: pytest.MonkeyPatch, *, stays: bool
) -> None:
    path, target = store.entries / name(1), store.base / "target.yaml"
    content, real = path.read_bytes(), files.sync

    def fails(_: Path) -> None:
        if not stays:
            path.unlink()
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    with monkeypatch.context() as patched:
        patched.setattr(files, "sync", fails)
        with pytest.raises(OSError, match="Input/output"):
            files.move(path, target)
    assert files.sync is real
    assert (path if stays else target).read_bytes() == content
    assert path.exists() != target.exists()


def test_a_system_without_fchmod_writes_all_the_same(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(os, "fchmod")
    create(store, made(4))
    assert store.read(name(4)).entry == made(4)


def test_a_change_from_nothing_to_nothing_changes_nothing(store: Store) -> None:
    before = content_of(store.entries)
    with store.writing():
        store.commit("test", [Planned(change=Change(id=9, before=None, after=None))])
    assert content_of(store.entries) == before


def test_a_file_that_goes_while_the_trash_is_listed_counts_as_the_oldest(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    files.make_directory(store.trash)
    gone = store.trash / name(9)
    monkeypatch.setattr("kbnotes.store.store.listed", lambda _: [gone])
    assert store.trashed() == ()


def test_the_state_of_files_that_are_not_there_or_out_of_the_base_is_not_told(store: Store) -> None:
    (store.base / "notes.md").write_text("1. one\n")
    told = store.states_of(["notes.md", "none.md", str(store.base / "notes.md")])
    assert [each.path for each in told] == ["notes.md"]
    assert told[0].mtime_ns == (store.base / "notes.md").stat().st_mtime_ns


def test_an_unreadable_entry_is_found_by_the_id_in_its_name(store: Store) -> None:
    assert store.unreadable(2) is None
    assert store.unreadable(9) is None
    (store.entries / "0009-broken.yaml").write_bytes(b"\xff{")
    found = store.unreadable(9)
    assert found is not None
    assert found.path == "entries/0009-broken.yaml"
    (store.entries / name(2)).write_bytes(whole(made(2))[name(2)][:-20])
    assert store.unreadable(2) is not None


def test_an_unreadable_entry_that_cannot_even_be_opened_is_an_error(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    (store.entries / "0009-broken.yaml").write_text("{")

    def broken(*_: object, **__: object) -> bytes:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(files, "read", broken)
    with pytest.raises(StorageError, match=r"Cannot read .*0009-broken.yaml: the disk reports an error"):
        store.unreadable(9)
