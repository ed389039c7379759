"""Whatever call fails, and wherever the process dies: every file is the old one or the new one, whole."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from kbnotes.errors import StorageError
from kbnotes.store import Planned, Store
from tests.store.faults import KINDS, Faults, Killed
from tests.store.helpers import content_of, create, made, name, remove, temp_files, whole

NEW, OLD, OTHER = made(2, "New.\n"), made(2), made(5, "In the trash.\n")
UNTOUCHED = whole(made(1), made(3))


def _operation(store: Store, which: str) -> Callable[[], object]:
    """Return what is to be done, with all that it needs read already."""
    if which == "create":
        return lambda: _commit(store, store.creation(made(6, "a " * 40_000)), store.creation(made(7)))
    if which == "replace":
        old = store.read(name(2))
        return lambda: _commit(store, store.replacement(old, NEW))
    if which == "remove":
        gone = store.read(name(2))
        return lambda: _commit(store, store.removal(gone))
    removed = next(each for each in store.trashed() if each.entry.id == 5)
    return lambda: _commit(store, store.revival(removed))


def _commit(store: Store, *planned: Planned) -> None:
    store.commit("test", planned)


@pytest.fixture
def template(store: Store) -> Path:
    """A base with the entries 1 to 3, and 5 in the trash."""
    create(store, OTHER)
    remove(store, 5)
    return store.base


@pytest.mark.parametrize("kind", list(KINDS))
@pytest.mark.parametrize("operation", ["create", "replace", "remove", "restore"])
def test_no_failing_call_loses_or_mixes_an_entry(
    template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, operation: str, kind: str
) -> None:
    nth, met = 0, True
    while met:
        nth += 1
        store = Store(shutil.copytree(template, tmp_path / f"{nth}"))
        faults = replace(KINDS[kind], nth=nth)
        done = _attempt(store, operation, faults, monkeypatch)
        _check(store, operation, done=done)
        if not done and _can_be_done_again(store, operation):
            with store.writing():
                _operation(store, operation)()
            _check(store, operation, done=True)
        met = faults.count >= nth
        assert nth < 100
    assert done
    assert nth > 7


def _can_be_done_again(store: Store, operation: str) -> bool:
    needed = {"create": store.base / "none", "restore": store.trash / name(5)}
    return needed.get(operation, store.entries / name(2)).exists()


def _attempt(store: Store, operation: str, faults: Faults, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Return whether the operation said that it was done."""
    carry_out = _operation(store, operation)
    with monkeypatch.context() as patched:
        faults.install(patched)
        try:
            with store.writing():
                carry_out()
        except Killed:
            return False
        except StorageError as error:
            assert faults.code is not None
            said = str(error)
        else:
            return True
    assert said.startswith(("Cannot write ", "Cannot read ")) or " cannot be read: " in said
    assert said.endswith(".")
    assert "Errno" not in said
    if not faults.sticky:
        assert temp_files(store.base) == []
    return False


def _check(store: Store, operation: str, *, done: bool) -> None:
    """Every file is old or new, every version is somewhere, and what is left over is no entry."""
    files = content_of(store.base)
    entries = {
        key.removeprefix("entries/"): each for key, each in files.items() if key.startswith("entries/")
    }
    assert set(store.scan()) == set(entries)
    assert UNTOUCHED.items() <= entries.items()
    new = {**whole(NEW, OTHER), **whole(made(6, "a " * 40_000), made(7))}
    for key, content in entries.items():
        assert content in (UNTOUCHED.get(key), whole(OLD).get(key), new.get(key)), key
        assert store.read(key).digest
    for version in (*whole(OLD).values(), *whole(OTHER).values()):
        assert version in files.values()
    assert max(store.used_ids()) < store.next_id(store.used_ids())
    if done:
        _check_done(store, operation, entries, files)


def _check_done(store: Store, operation: str, entries: dict[str, bytes], files: dict[str, bytes]) -> None:
    if operation == "create":
        assert {name(2), name(6), name(7)} <= entries.keys()
        assert store.last_ids() == ({7}, False)
    elif operation == "replace":
        assert entries[name(2)] == whole(NEW)[name(2)]
    elif operation == "remove":
        assert name(2) not in entries
        assert whole(OLD)[name(2)] in [each for key, each in files.items() if key.startswith("trash/")]
    else:
        assert name(5) in entries
        assert f"trash/{name(5)}" not in files


def test_a_kill_leaves_temp_files_that_nothing_takes_for_an_entry(
    template: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Store(template)
    before = content_of(store.entries)
    with monkeypatch.context() as patched:
        for call in ("link", "unlink"):
            patched.setattr(os, call, _kill)
        with pytest.raises(Killed):
            create(store, made(6))
    assert len(temp_files(store.base)) == 1
    assert content_of(store.entries) == before
    assert 6 not in store.used_ids()
    create(store, made(6))
    assert store.read(name(6)).entry == made(6)


def _kill(*_: object, **__: object) -> None:
    raise Killed
