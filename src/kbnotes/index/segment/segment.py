"""One segment of an index, read without Whoosh: what a search needs of it, and no more."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import NamedTuple, Protocol

from kbnotes.index.segment.dictionary import Dictionary, Extent
from kbnotes.index.segment.lengths import Lengths
from kbnotes.index.segment.lists import PostingList, unpacked
from kbnotes.index.segment.texts import Texts

DICTIONARY, LISTS, LENGTHS_FILE = ".trm", ".pst", ".lengths"


class File(Protocol):
    """A file that is read at any place."""

    def get(self, start: int, length: int, /) -> bytes:
        """Return `length` bytes from `start` on, fewer at its end."""
        ...

    def close(self) -> object:
        """Close it."""
        ...


Open = Callable[[str], tuple[File, int]]  # name -> the file and its length; raises OSError


class SegmentInfo(NamedTuple):
    """What Whoosh's table of contents says of a segment."""

    name: str  # with which the names of its files begin
    documents: int  # with those that were removed
    removed: tuple[int, ...] = ()


class Segment:
    """Documents with their terms. A damaged file raises whatever it raises."""

    def __init__(self, info: SegmentInfo, open_: Open) -> None:
        self.count = info.documents
        self.removed = frozenset(info.removed)
        self._name = info.name
        self._open = open_
        self._texts: dict[str, Texts] = {}
        self._lists, _ = open_(info.name + LISTS)
        self._opened: list[File] = [self._lists]

    @cached_property
    def dictionary(self) -> Dictionary:
        """The terms."""
        return Dictionary(*self._opening(self._name + DICTIONARY))

    def extent(self, name: str, term: bytes) -> Extent | None:
        """Return in how many documents a term is; None where in none. Those that were removed count."""
        return self.dictionary.find(name, term)

    def postings(self, extent: Extent, *, offset: int = 0) -> PostingList:
        """Return a posting list, its numbers raised by `offset`; what was removed is in it."""
        content = self._lists.get(extent.start, extent.length)
        return unpacked(content, extent.documents, offset=offset)

    @cached_property
    def lengths(self) -> Lengths:
        """How long the fields of each document are."""
        return Lengths(*self._opening(self._name + LENGTHS_FILE), self.count)

    def stored(self, number: int, name: str) -> str:
        """Return what was stored of one field of a document."""
        return self.texts(name)[number].decode("utf-8", "surrogatepass")

    def texts(self, name: str) -> Texts:
        """Return all that was stored of one field."""
        if name not in self._texts:
            self._texts[name] = Texts(*self._opening(f"{self._name}.{name}"))
        return self._texts[name]

    def _opening(self, name: str) -> tuple[File, int]:
        file, length = self._open(name)
        self._opened.append(file)
        return file, length

    def close(self) -> None:
        """Close the files."""
        for file in self._opened:
            file.close()
