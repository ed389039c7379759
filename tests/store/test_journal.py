"""The journal tells what was done, whatever a crash or a flipped byte has left of it."""

from __future__ import annotations

import errno
import os
from dataclasses import replace

import pytest

from kbnotes.errors import ConflictError, StorageError
from kbnotes.store import Store, files
from tests.store.helpers import create, made, name, remove, stored
from tests.store.helpers import replace as put


def test_every_operation_is_on_record_with_what_it_changed(store: Store) -> None:
    put(store, stored(store, 2), made(2, "New.\n"))
    remove(store, 3)
    first, edit, gone = store.journal.operations()
    assert [each.command for each in (first, edit, gone)] == ["add", "edit", "rm"]
    assert [each.number for each in (first, edit, gone)] == [1, 2, 3]
    assert [change.id for change in first.changes] == [1, 2, 3]
    assert first.finished
    assert store.journal.damaged() == ()
    for change in (first.changes[0], edit.changes[0], gone.changes[0]):
        assert change.after
        path = store.base / change.after.path
        assert path.stat().st_mtime_ns == change.after.mtime_ns
        assert store.is_at(change.after)


def test_a_torn_last_line_counts_as_never_written_and_spoils_no_later_one(store: Store) -> None:
    path = store.journal.path
    whole = path.read_bytes()
    for cut in range(1, len(whole.splitlines()[-1])):
        path.write_bytes(whole[:-cut])
        before = Store(store.base).journal.operations()
        assert [each.number for each in before] == [1]
        assert [each.finished for each in before] == [cut == 1]
    path.write_bytes(whole + b'{"check": "00')
    remove(store, 1)
    assert [each.command for each in store.journal.operations()] == ["add", "rm"]
    assert len(store.journal.damaged()) == 1


def test_a_damaged_line_is_passed_over_and_named(store: Store) -> None:
    remove(store, 1)
    remove(store, 2)
    lines = store.journal.path.read_bytes().splitlines(keepends=True)
    for place in range(len(lines[2]) - 1):
        damaged = bytearray(lines[2])
        damaged[place] ^= 1
        store.journal.path.write_bytes(b"".join([*lines[:2], bytes(damaged), *lines[3:]]))
        assert [each.number for each in store.journal.operations()] == [1, 3], place
        assert 3 in store.journal.damaged()
        assert store.journal.next_number() == 4


def test_numbers_go_on_behind_a_line_that_is_longer_than_what_is_read_first(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kbnotes.store.journal._TAIL", 64)
    create(store, *(made(number) for number in range(4, 40)))
    assert store.journal.next_number() == 3
    remove(store, 4)
    assert [each.number for each in store.journal.operations()] == [1, 2, 3]


def test_an_end_without_its_beginning_is_passed_over(store: Store) -> None:
    begun = store.journal.operations()[0]
    store.journal.finish(replace(begun, number=77))
    assert store.journal.operations() == (begun,)
    assert store.journal.next_number() == 78


def test_a_journal_that_cannot_be_written_is_no_reason_to_call_a_change_failed(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patched:
        patched.setattr(files, "append_line", full)
        with store.writing():
            done = store.commit("add", [store.creation(made(4))])
        assert done.unrecorded == "the disk is full"
        assert store.read(name(4)).entry == made(4)
        with pytest.raises(StorageError, match="disk is full"):
            create(store, made(5), made(6))
    assert {5, 6}.isdisjoint(store.used_ids())


def test_a_line_that_fails_half_way_is_taken_back(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    before = store.journal.path.read_bytes()

    def broken(_: int) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", broken)
        with pytest.raises(OSError, match="Input/output"):
            files.append_line(store.journal.path, b"line\n")
    assert store.journal.path.read_bytes() == before


def test_a_change_in_the_middle_of_a_replacement_is_noticed_and_both_are_kept(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, theirs = store.entries / name(2), b"id: 2\nbody: theirs\n"
    real = files.link

    def meanwhile(source: object, target: object) -> None:
        path.unlink()
        path.write_bytes(theirs)
        real(source, target)  # type: ignore[arg-type]

    old = stored(store, 2)
    with monkeypatch.context() as patched:
        patched.setattr(files, "link", meanwhile)
        with pytest.raises(ConflictError):
            put(store, old, made(2, "Mine.\n"))
    assert path.read_bytes() == theirs
    assert [each.label for each in store.history.versions(2)] == ["yours"]


def test_a_file_that_cannot_be_read_is_not_taken_for_a_changed_one(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = stored(store, 2)

    def broken(*_: object) -> bytes:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    with monkeypatch.context() as patched:
        patched.setattr(files, "read", broken)
        with pytest.raises(StorageError, match=r"Cannot read .*the disk reports an error"):
            put(store, old, made(2, "New.\n"))
    assert stored(store, 2) == old
    assert store.history.versions(2) == ()
