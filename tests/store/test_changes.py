"""A change puts the new version in place and keeps the old one; it never overwrites what it has not seen."""

from __future__ import annotations

import os
import shutil

import pytest

from kbnotes.errors import ConflictError, FormatError, InputError
from kbnotes.store import Store
from tests.store.helpers import (
    content_of,
    create,
    made,
    name,
    remove,
    replace,
    restore,
    stored,
    temp_files,
    whole,
)


def test_create_refuses_to_overwrite_and_leaves_no_temp_file(store: Store) -> None:
    before = content_of(store.base)
    with pytest.raises(ConflictError) as caught:
        create(store, made(2, "Another text.\n"))
    (kept,) = store.history.directory.rglob("*-yours.yaml")
    assert str(kept) in caught.value.hint
    assert kept.read_bytes() == whole(made(2, "Another text.\n"))[name(2)]
    shutil.rmtree(store.history.directory)
    assert content_of(store.base) == before
    assert temp_files(store.base) == []


def test_create_refuses_to_overwrite_a_file_that_is_no_entry_or_a_symlink(store: Store) -> None:
    (store.entries / name(4)).write_text("mine")
    (store.entries / name(5)).symlink_to(store.base / "nowhere")
    for number in (4, 5):
        with pytest.raises(ConflictError):
            create(store, made(number))
    assert (store.entries / name(4)).read_text() == "mine"
    assert not (store.base / "nowhere").exists()


def test_where_one_entry_cannot_be_written_none_is(store: Store) -> None:
    before = content_of(store.base)
    with pytest.raises(InputError):
        create(store, made(4), made(5, "\udcff"))
    assert content_of(store.base) == before


def test_where_one_entry_changed_meanwhile_none_is_replaced(store: Store) -> None:
    old = [stored(store, number) for number in (1, 2, 3)]
    (store.entries / name(3)).write_bytes(whole(made(3, "Theirs.\n"))[name(3)])
    before = content_of(store.entries)
    with pytest.raises(ConflictError, match="Entry 3 changed"), store.writing():
        store.commit("tag", [store.replacement(each, made(each.entry.id, "Mine.\n")) for each in old])
    assert content_of(store.entries) == before
    assert [each.id for each in store.history.all()] == [3]


def test_replace_keeps_the_old_version_in_history(store: Store) -> None:
    old = stored(store, 2)
    replace(store, old, made(2, "New.\n"))
    assert stored(store, 2).entry == made(2, "New.\n")
    assert list(content_of(store.history.directory).values()) == list(whole(made(2)).values())
    assert temp_files(store.base) == []


def test_a_system_that_writes_a_few_bytes_at_a_time_writes_them_all(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.write
    monkeypatch.setattr(os, "write", lambda handle, content: real(handle, content[:7]))
    create(store, made(4))
    monkeypatch.undo()
    assert store.read(name(4)).entry == made(4)


def test_every_version_of_an_entry_is_kept(store: Store) -> None:
    bodies = [f"Version {number}.\n" for number in range(9)]
    for body in bodies:
        replace(store, stored(store, 2), made(2, body))
    history = content_of(store.history.directory / "0002")
    versions = {*history.values(), (store.entries / name(2)).read_bytes()}
    assert versions == {each for body in ("Text.\n", *bodies) for each in whole(made(2, body)).values()}


@pytest.mark.parametrize("meanwhile", ["changed", "gone", "a symlink", "broken"])
def test_replace_refuses_a_file_that_changed_and_keeps_both_versions(store: Store, meanwhile: str) -> None:
    old, path, other = stored(store, 2), store.entries / name(2), store.base / "other"
    other.write_text("theirs")
    if meanwhile == "changed":
        path.write_bytes(whole(made(2, "Theirs.\n"))[name(2)])
    elif meanwhile == "broken":
        path.write_text("{theirs")
    else:
        path.unlink()
        if meanwhile == "a symlink":
            path.symlink_to(other)
    before = content_of(store.entries)
    with pytest.raises(ConflictError) as caught:
        replace(store, old, made(2, "Mine.\n"))
    assert content_of(store.entries) == before
    assert other.read_text() == "theirs"
    (kept,) = store.history.directory.rglob("*-yours.yaml")
    assert str(kept) in caught.value.hint
    assert kept.read_bytes() == whole(made(2, "Mine.\n"))[name(2)]


def test_remove_moves_to_the_trash_and_restore_brings_the_same_bytes_back(store: Store) -> None:
    before = content_of(store.entries)
    target = remove(store, 2)
    assert name(2) not in store.scan()
    assert target.read_bytes() == before[name(2)]
    (removed,) = store.trashed()
    restore(store, removed)
    assert content_of(store.entries) == before
    assert store.trashed() == ()


def test_a_second_removal_of_the_same_name_overwrites_nothing_in_the_trash(store: Store) -> None:
    for body in ("Text.\n", "Second.\n", "Third.\n"):
        (store.entries / name(2)).write_bytes(whole(made(2, body))[name(2)])
        remove(store, 2)
    assert sorted(each.entry.body for each in store.trashed()) == ["Second.\n", "Text.\n", "Third.\n"]


def test_restore_refuses_to_overwrite(store: Store) -> None:
    remove(store, 2)
    (store.entries / name(2)).write_text("mine")
    before = content_of(store.base)
    (removed,) = store.trashed()
    with pytest.raises(ConflictError, match="already") as caught:
        restore(store, removed)
    assert removed.path in caught.value.hint
    assert content_of(store.base) == before


def test_a_removal_that_was_cut_short_can_be_done_again_in_either_direction(store: Store) -> None:
    before = content_of(store.entries)
    store.trash.mkdir()
    (store.trash / name(2)).hardlink_to(store.entries / name(2))
    (store.trash / name(3)).hardlink_to(store.entries / name(3))
    remove(store, 2)
    restore(store, next(each for each in store.trashed() if each.entry.id == 3))
    assert content_of(store.trash) == {name(2): before[name(2)]}
    assert set(store.scan()) == {name(1), name(3)}


def test_a_file_that_is_no_entry_is_named_and_never_read_through_a_link(store: Store) -> None:
    (store.entries / "0009-link.yaml").symlink_to(store.entries / name(1))
    (store.entries / "0010-directory.yaml").mkdir()
    (store.entries / "0011-latin.yaml").write_bytes(b"id: 11\ntitle: caf\xe9\nbody: x\n")
    for wrong in ("0009-link.yaml", "0010-directory.yaml", "0011-latin.yaml, line 2", "0012-none.yaml"):
        with pytest.raises(FormatError, match=f"^{wrong}"):
            store.read(wrong.partition(",")[0])
