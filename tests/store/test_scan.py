"""What a scan says is there; a directory that cannot be read is never taken for an empty one."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from kbnotes.errors import BaseError, StorageError
from kbnotes.store import Store, stamps
from tests.store.helpers import made, name, remove, replace

not_root = pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="permissions do not bind root"
)


def test_a_scan_lists_entry_files_only(store: Store) -> None:
    (store.entries / ".0004-hidden.yaml").write_text("x")
    (store.entries / f".{name(4)}.abcdef01.tmp").write_text("x")
    (store.entries / f"{name(4)}~").write_text("x")
    (store.entries / "0005-directory.yaml").mkdir()
    (store.entries / "0006-link.yaml").symlink_to(store.entries / name(1))
    (store.entries / "0007-nowhere.yaml").symlink_to(store.base / "nowhere")
    os.mkfifo(store.entries / "0008-pipe.yaml")
    (store.entries / "by hand.yaml").write_text("x")
    assert list(store.scan()) == [name(1), name(2), name(3), "by hand.yaml"]


def test_a_missing_directory_is_an_error_and_not_an_empty_base(store: Store) -> None:
    store.entries.rename(store.base / "elsewhere")
    for question in (store.scan, store.used_ids):
        with pytest.raises(BaseError, match="cannot be read"):
            question()
    with pytest.raises(StorageError), store.writing():
        pass
    assert not store.entries.exists()


@pytest.mark.parametrize("kind", ["file", "symlink"])
def test_a_file_or_symlink_in_the_place_of_the_entries_is_an_error(store: Store, kind: str) -> None:
    elsewhere = store.entries.rename(store.base / "elsewhere")
    if kind == "file":
        store.entries.write_text("")
    else:
        store.entries.symlink_to(elsewhere)
    with pytest.raises(BaseError, match="cannot be read"):
        store.scan()


def test_a_system_without_stats_by_handle_finds_the_same(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    (store.entries / "0006-link.yaml").symlink_to(store.entries / name(1))
    by_handle = store.scan()
    assert stamps.BY_HANDLE, "both ways are the same here, and this test compares nothing"
    monkeypatch.setattr(stamps, "BY_HANDLE", False)
    monkeypatch.setattr(os, "open", None)
    assert list(store.scan().items()) == list(by_handle.items())


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="shows the open files on Linux")
def test_a_scan_leaves_no_handle_open(store: Store) -> None:
    handles = Path("/proc/self/fd")
    before = sorted(handles.iterdir())
    store.scan()
    assert sorted(handles.iterdir()) == before


def test_single_stamps_are_those_of_a_scan(store: Store) -> None:
    (store.entries / "0006-link.yaml").symlink_to(store.entries / name(1))
    assert {each: store.stamp(each) for each in store.scan()} == store.scan()
    assert store.stamp("0006-link.yaml") is None
    assert store.stamp("0009-nowhere.yaml") is None


def test_the_time_of_the_directory_moves_when_files_come_and_go(store: Store) -> None:
    before = store.folder_ns()
    time.sleep(0.05)  # the clock of the file system ticks every 1 to 10 ms
    (store.entries / name(9)).write_text("x")
    os.utime(store.entries, ns=(before, before))  # as `rsync -a` leaves it
    assert store.folder_ns() != before
    elsewhere = store.entries.rename(store.base / "elsewhere")
    assert store.folder_ns() == -1
    store.entries.symlink_to(elsewhere)
    assert store.folder_ns() == -1


@not_root
@pytest.mark.parametrize("place", ["entries", "trash", "history"])
def test_an_unreadable_directory_is_an_error(store: Store, place: str) -> None:
    directory = store.base / place
    directory.mkdir(exist_ok=True)
    directory.chmod(0)
    try:
        with pytest.raises(BaseError, match="permission is denied"):
            store.used_ids()
    finally:
        directory.chmod(0o700)


def test_a_directory_that_the_system_refuses_to_list_is_an_error(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: object) -> object:
        raise PermissionError(13, "Permission denied")

    store.trash.mkdir()
    monkeypatch.setattr(os, "listdir", refuse)
    for question in (store.scan, store.used_ids, store.trashed):
        with pytest.raises(BaseError, match="permission is denied"):
            question()


def test_a_file_that_goes_while_the_directory_is_listed_is_simply_gone(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.listdir

    def listing(place: Path | int) -> list[str]:
        found = real(place)
        (store.entries / name(2)).unlink()
        return found

    monkeypatch.setattr(os, "listdir", listing)
    assert list(store.scan()) == [name(1), name(3)]


def test_known_names_are_looked_at_without_a_listing(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    before = store.scan()
    names = list(before)
    monkeypatch.setattr(os, "listdir", None)
    assert store.scan(before=before) is before
    (store.entries / names[0]).unlink()
    (store.entries / names[1]).unlink()
    (store.entries / names[1]).symlink_to(store.entries / names[2])
    assert list(store.scan(before=before)) == names[2:]


def test_the_trash_is_read_without_links_and_pipes(store: Store, tmp_path: Path) -> None:
    remove(store, 1)
    outside = tmp_path / "outside.yaml"
    outside.write_bytes((store.entries / name(2)).read_bytes())
    (store.trash / "0002-link.yaml").symlink_to(outside)
    os.mkfifo(store.trash / "0003-pipe.yaml")
    (store.trash / "0004-broken.yaml").write_text("{")
    assert [each.entry for each in store.trashed()] == [made(1)]


@pytest.mark.parametrize("place", ["trash", "history"])
def test_nothing_is_written_through_a_symlink(store: Store, tmp_path: Path, place: str) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (store.base / place).symlink_to(outside)
    old = store.read(name(1))
    change: dict[str, Callable[[], object]] = {
        "trash": lambda: remove(store, 1),
        "history": lambda: replace(store, old, made(1, "New.\n")),
    }
    with pytest.raises(StorageError, match="no directory"):
        change[place]()
    assert list(outside.iterdir()) == []
    assert store.read(name(1)).entry == made(1)


def test_a_whole_file_without_a_text_need_not_be_read(store: Store) -> None:
    (store.entries / "0001-a.yaml").write_bytes(b"--- # kb\nid: 1\nsource:\n  file: a.md\nbody: x\n...\n")
    (store.entries / "0002-b.yaml").write_bytes(b"id: 2\nbody: x\n")
    assert store.is_without("0001-a.yaml", [b"b.md", b"c.md"])
    assert not store.is_without("0001-a.yaml", [b"b.md", b"a.md"])
    assert not store.is_without("0002-b.yaml", [b"b.md"])
    assert not store.is_without("0003-c.yaml", [b"b.md"])
