"""What an index keeps of an entry beside its words: its card, its text, and what filters ask."""

from __future__ import annotations

import json
import struct
import sys
import unicodedata
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from kbnotes.model import Stamp, Summary

# Raise the first number whenever the schema, the analysis or what is stored changes: indexes of another
# stamp are thrown away and rebuilt.
STAMP = f"16;unicode {unicodedata.unidata_version};python {sys.version_info[1]};{sys.byteorder}"
EVERY = "*"  # the one term of the field that all documents have
FACTS = struct.Struct("<qqqBI")
LINK, CODE, TAG, BROKEN = 1, 2, 4, 8


class Facts(NamedTuple):
    """What filters and orders ask of an entry."""

    id: int
    created: int  # seconds since 1970, UTC
    updated: int
    traits: int  # LINK, CODE, TAG and BROKEN, added up
    body_words: int  # places of the field `text` that belong to the body: those from 0 up to this

    @staticmethod
    def all_of(whole: bytes) -> Iterator[Facts]:
        """Yield the facts that stand one behind the other."""
        return map(Facts._make, FACTS.iter_unpack(whole))

    @staticmethod
    def at(whole: bytes, place: int) -> Facts:
        """Return those at a place."""
        return Facts._make(FACTS.unpack_from(whole, place * FACTS.size))


def with_id(whole: bytes, entry_id: int) -> Iterator[int]:
    """Yield the places at which facts, one behind the other, are those of an id."""
    if not -(2**63) <= entry_id < 2**63:
        return
    sought = entry_id.to_bytes(8, "little", signed=True)
    at = whole.find(sought)
    while at >= 0:
        if at % FACTS.size == 0:
            yield at // FACTS.size
        at = whole.find(sought, at + 1)


class Card:
    """What a list shows of an entry. Text and numbers only: no pickled object of ours."""

    __slots__ = ("_values", "name")

    def __init__(self, stored: str) -> None:
        self.name, *self._values = json.loads(stored)

    @property
    def id(self) -> int:
        return int(self._values[0])

    @property
    def title(self) -> str:
        return str(self._values[1])

    @property
    def tags(self) -> Sequence[str]:
        return list(self._values[2])

    @property
    def broken(self) -> str:
        return str(self._values[5])

    @property
    def stamp(self) -> Stamp:
        """What the file's stat said when it was read."""
        return Stamp(*self._values[6:9])

    @property
    def own_title(self) -> str:
        """The title, where somebody wrote it as one; "" for one that kb made of the text."""
        return self.title if self._values[9] else ""

    def summary(self, entries: Path) -> Summary:
        """Return what a list shows; `entries` is the directory of the entry files."""
        entry_id, title, tags, created, updated, broken = self._values[:6]
        return Summary(
            id=entry_id,
            title=title,
            tags=tuple(tags),
            path=f"{entries}/{self.name}",
            created=datetime.fromisoformat(created),
            updated=datetime.fromisoformat(updated),
            broken=broken,
        )


def text_of(stored: str) -> str:
    """Return the text of a stored content."""
    return stored.partition("\0")[0]


def urls_of(stored: str) -> list[str]:
    """Return the links of a stored content."""
    return stored.split("\0")[1:]
