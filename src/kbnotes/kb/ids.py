"""Ids for new entries: their own number where it is free, then the next free ones."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from kbnotes.errors import FormatError
from kbnotes.model import Entry
from kbnotes.store import Store


class Ids:
    """Gives out ids, each once. Make it within `store.writing()` if they are to be written.

    `is_one` tells of a new entry, and of the last version of one that is gone, whether they are one: an undo
    took it away, and it may have its id again.
    """

    def __init__(self, store: Store, *, is_one: Callable[[Entry, Entry], bool]) -> None:
        self._store = store
        self._is_one = is_one
        self._used = store.given_ids()
        self._present = store.present_ids()

    def given(self, new: Sequence[tuple[Entry, int | None]]) -> list[int]:
        """Return an id for each new entry, with the number that it would have for an id, in their order."""
        own = [number if self._takes(number, entry) else None for entry, number in new]
        following = self._store.next_id(self._used)
        found = []
        for number in own:
            found.append(following if number is None else number)
            following += number is None
        return found

    def _takes(self, number: int | None, entry: Entry) -> bool:
        if number is None or number in self._present:
            return False
        if number in self._used and not self._was(number, entry):
            return False
        self._used.add(number)
        self._present.add(number)
        return True

    def _was(self, number: int, entry: Entry) -> bool:
        """Tell whether the last version of an entry that is gone is one with a new one."""
        versions = self._store.history.versions(number)
        try:
            last = self._store.read_file(Path(versions[-1].path)).entry if versions else None
        except FormatError:
            return False
        return last is not None and self._is_one(entry, last)
