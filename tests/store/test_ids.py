"""An id is given out once."""

from __future__ import annotations

import pytest

from kbnotes.errors import StorageError
from kbnotes.store import Store
from tests.store.helpers import create, made, name, remove, replace, restore, whole


def _next(store: Store) -> int:
    return Store(store.base).next_id(store.used_ids())


def test_ids_are_not_reused_after_removal_deletion_or_restore(store: Store) -> None:
    remove(store, 3)
    assert _next(store) == 4
    restore(store, store.trashed()[0])
    assert _next(store) == 4
    (store.entries / name(3)).unlink()
    assert _next(store) == 4
    (store.entries / name(2)).unlink()
    (store.entries / name(1)).unlink()
    assert _next(store) == 4
    create(store, made(_next(store)))
    assert _next(store) == 5


def test_ids_are_not_reused_when_the_record_of_the_highest_is_lost(store: Store) -> None:
    replace(store, store.read(name(3)), made(3, "New.\n"))
    remove(store, 2)
    (store.entries / name(3)).unlink()
    (store.base / "last-id").unlink()
    assert store.used_ids() == {1, 2, 3}
    assert _next(store) == 4


def test_an_entry_made_by_hand_under_any_name_has_its_id(store: Store) -> None:
    (store.entries / "by hand.yaml").write_bytes(whole(made(25))[name(25)])
    (store.entries / "0030.yaml").write_text("broken: [")
    assert store.used_ids() == {1, 2, 3, 25, 30}


def test_an_id_is_on_record_before_its_entry_is_on_the_disk(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("kbnotes.store.files.create", crash)
    with pytest.raises(KeyboardInterrupt):
        create(store, made(4), made(6))
    assert _next(store) == 7


@pytest.mark.parametrize(
    ("text", "following"),
    [
        ("", 4),
        ("\0\0", 4),
        ("x", 4),
        ("9" * 40, 4),
        ("12", 13),
        ("12 6b51d431", 13),
        ("12 6b51d432", 4),
        ("<<<<<<< HEAD\n25\n=======\n27\n>>>>>>> 1234567\n", 28),
    ],
)
def test_a_damaged_record_of_the_highest_id_is_read_for_what_it_holds(
    store: Store, text: str, following: int
) -> None:
    (store.base / "last-id").write_text(text)
    assert _next(store) == following


def test_where_the_record_is_damaged_the_journal_knows_the_ids(store: Store) -> None:
    create(store, made(40))
    (store.entries / name(40)).unlink()
    (store.base / "last-id").write_text("4O\n")
    assert _next(store) == 41
    assert store.given_ids() == {1, 2, 3, 40}


def test_a_record_of_the_highest_id_that_cannot_be_read_is_no_guess(store: Store) -> None:
    (store.base / "last-id").unlink()
    (store.base / "last-id").mkdir()
    with pytest.raises(StorageError, match="last-id cannot be read"):
        _next(store)
