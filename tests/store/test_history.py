"""Versions have numbers that stay, and say in their names what they hold."""

from __future__ import annotations

from pathlib import Path

import pytest

from kbnotes.codec import digest
from kbnotes.store import Store
from tests.store.helpers import made, name, replace, stored, whole


def _path(store: Store, number: int) -> Path:
    return store.entries / name(number)


def test_versions_are_numbered_in_the_order_they_were_replaced(store: Store) -> None:
    for number in range(12):
        replace(store, stored(store, 2), made(2, f"Version {number}.\n"))
    versions = store.history.versions(2)
    assert [each.number for each in versions] == list(range(1, 13))
    assert [store.read_file(Path(each.path)).entry.body for each in versions[1:3]] == [
        "Version 0.\n",
        "Version 1.\n",
    ]
    Path(versions[0].path).unlink()
    replace(store, stored(store, 2), made(2, "Last.\n"))
    assert [each.number for each in store.history.versions(2)] == list(range(2, 14))


def test_a_content_is_found_by_its_digest_and_checked_against_it(store: Store) -> None:
    old = whole(made(2))[name(2)]
    replace(store, stored(store, 2), made(2, "New.\n"))
    (version,) = store.history.versions(2)
    assert store.history.content(2, digest(old)) == old
    assert store.history.content(2, digest(b"other")) is None
    assert store.history.content(2, version.digest + "0" * 48) is None
    Path(version.path).write_bytes(b"damaged")
    assert store.history.content(2, digest(old)) is None
    Path(version.path).unlink()
    Path(version.path).symlink_to(_path(store, 1))
    assert store.history.content(2, digest(old)) is None


def test_a_second_name_that_a_crash_left_is_used_again(store: Store) -> None:
    old = stored(store, 2)
    kept = store.history.keep(2, _path(store, 2), old.digest)
    assert store.history.keep(2, _path(store, 2), old.digest) == kept
    replace(store, old, made(2, "New.\n"))
    assert [each.path for each in store.history.versions(2)] == [str(kept)]
    assert kept.read_bytes() == whole(made(2))[name(2)]


def test_a_second_name_of_a_file_that_was_changed_in_its_place_is_dropped(store: Store) -> None:
    store.history.keep(2, _path(store, 2), stored(store, 2).digest)
    _path(store, 2).write_bytes(whole(made(2, "By hand.\n"))[name(2)])
    replace(store, stored(store, 2), made(2, "New.\n"))
    (version,) = store.history.versions(2)
    assert Path(version.path).read_bytes() == whole(made(2, "By hand.\n"))[name(2)]


@pytest.mark.parametrize(
    "foreign",
    ["notes.txt", "1-20261123T180000Z-0000000000000000.yaml", "0001-20269999T180000Z-0000000000000000.yaml"],
)
def test_other_files_in_the_history_are_no_versions(store: Store, foreign: str) -> None:
    replace(store, stored(store, 2), made(2, "New.\n"))
    (store.history.directory / "0002" / foreign).write_text("mine")
    (store.history.directory / "notes").mkdir()
    assert [each.number for each in store.history.versions(2)] == [1]
    assert store.history.ids() == {2}
