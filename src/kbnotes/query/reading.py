"""What is known while one query is read, by all that read in it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from kbnotes.query import bounds
from kbnotes.record import field, mutable_record

_SHOWN = 60  # characters of the query that a note repeats


@mutable_record
class Reading:
    """The one value of this room that changes: what was counted and noted so far."""

    now: datetime  # aware, in the person's zone
    saved: Mapping[str, str]  # name, case folded -> text
    notes: list[str] = field(default_factory=list)
    terms: int = 0
    depth: int = 0  # brackets and saved searches that are open
    open_names: tuple[str, ...] = ()  # saved searches that are being read, the outermost first
    followed: int = 0  # characters of saved searches read so far

    def note(self, sentence: str) -> None:
        if sentence not in self.notes:
            self.notes.append(sentence)

    def cut(self, text: str) -> str:
        """Return what is read of the query's own text."""
        if len(text) > bounds.MAX_LENGTH:
            self.note(f"Only the first {bounds.MAX_LENGTH:,} characters of the query were read.")
        return text[: bounds.MAX_LENGTH]

    def cut_saved(self, text: str) -> str:
        """Return what is read of the text of a saved search, and count it."""
        free = bounds.MAX_SAVED - self.followed
        if len(text) > free:
            self.note(f"Only the first {bounds.MAX_SAVED:,} characters of saved searches were read.")
        self.followed += min(len(text), free)
        return text[:free]

    def room(self, wanted: int) -> int:
        """Return for how many of `wanted` terms there is room, and count them."""
        free = min(wanted, bounds.MAX_TERMS - self.terms)
        if free < wanted:
            self.note(f"Only the first {bounds.MAX_TERMS} words of the query were read.")
        self.terms += free
        return free


def quoted(text: str) -> str:
    """Return `text` as a note shows it."""
    return f"“{text if len(text) <= _SHOWN else text[: _SHOWN - 1] + '…'}”"
