"""Several kb at once: no id twice, no entry lost."""

from __future__ import annotations

import multiprocessing
import os
from pathlib import Path

import pytest

from kbnotes.errors import StorageError
from kbnotes.lock import locked
from kbnotes.store import Store
from tests.store.helpers import made

PROCESSES, ENTRIES = 4, 25


def _add(base: Path, who: int, start: object) -> None:
    start.wait()  # type: ignore[attr-defined]
    store = Store(base)
    for number in range(ENTRIES):
        with store.writing():
            entry = made(store.next_id(store.used_ids()), f"{who} {number}\n")
            store.commit("add", [store.creation(entry)])


def _hold_and_die(base: Path) -> None:
    with locked(base):
        os._exit(9)


def test_processes_that_add_at_once_share_no_id_and_lose_no_entry(store: Store) -> None:
    start = multiprocessing.get_context("spawn").Barrier(PROCESSES)
    context = multiprocessing.get_context("spawn")
    running = [context.Process(target=_add, args=(store.base, who, start)) for who in range(PROCESSES)]
    for each in running:
        each.start()
    for each in running:
        each.join(60)
    assert [each.exitcode for each in running] == [0] * PROCESSES
    entries = [store.read(name).entry for name in store.scan()]
    assert sorted(entry.id for entry in entries) == list(range(1, 4 + PROCESSES * ENTRIES))
    bodies = {entry.body for entry in entries}
    assert bodies == {"Text.\n"} | {f"{w} {n}\n" for w in range(PROCESSES) for n in range(ENTRIES)}


def test_a_lock_that_is_held_is_waited_for_and_then_said(store: Store) -> None:
    with (
        locked(store.entries),
        pytest.raises(StorageError, match=f"Another process .{os.getpid()}: .* is writing"),
        locked(store.entries, wait=0.05),
    ):
        pass
    with locked(store.entries, wait=0):
        pass


def test_a_lock_does_not_outlive_its_process(store: Store) -> None:
    process = multiprocessing.get_context("spawn").Process(target=_hold_and_die, args=(store.entries,))
    process.start()
    process.join(60)
    assert process.exitcode == 9
    with locked(store.entries, wait=0):
        pass
    assert {path.name for path in store.base.iterdir()} == {"entries", "last-id", "journal.jsonl"}
