"""The terms of an index over all its segments: the documents of each, how often, and where it stands."""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from heapq import merge
from itertools import chain, compress, groupby
from typing import Any

from kbnotes.index.documents import Documents
from kbnotes.index.segment.lengths import total
from kbnotes.index.segment.lists import PostingList, Values
from kbnotes.index.segment.positions import unpack
from kbnotes.index.segment.segment import Segment

Lengths = bytes  # of the field in each document, as the bytes of LENGTHS


class Postings(PostingList):
    """The documents of one term, ascending, with its weight (how often) and packed positions in each."""

    __slots__ = ()

    def positions(self, number: int) -> list[int]:
        """Return where the term stands in a document, ascending; [] where it does not."""
        at = bisect_left(self.numbers, number)
        return unpack(self.values[at]) if at < len(self.numbers) and self.numbers[at] == number else []

    def within(self, only: Documents) -> Iterator[tuple[int, float]]:
        """Yield number and weight of each document that is in `only`, ascending."""
        if len(only) * _HALVINGS < len(self.numbers):
            return ((self.numbers[at], self.weights[at]) for at in self._places(only))
        return compress(zip(self.numbers, self.weights, strict=True), self._mask(only))

    def values_within(self, only: Documents) -> Iterator[tuple[int, bytes]]:
        """Yield number and value of each document that is in `only`, ascending."""
        if len(only) * _HALVINGS < len(self.numbers):
            return ((self.numbers[at], self.values[at]) for at in self._places(only))
        return compress(zip(self.numbers, self.values, strict=True), self._mask(only))

    def _mask(self, only: Documents) -> Iterator[int]:
        flags = only.flags(self.numbers[-1] + 1 if self.numbers else 0)
        return map(flags.__getitem__, self.numbers)

    def _places(self, only: Documents) -> Iterator[int]:
        for number in only:
            at = bisect_left(self.numbers, number)
            if at < len(self.numbers) and self.numbers[at] == number:
                yield at


_HALVINGS = 16  # which find one of some ten thousand documents

NOTHING = Postings(array("I"), array("B"), Values())


class Terms:
    """The terms of an index with their postings, each read once."""

    def __init__(self, segments: Sequence[Segment]) -> None:
        self._segments = segments
        self._offsets: list[int] = []
        at = 0
        for segment in segments:
            self._offsets.append(at)
            at += segment.count
        self._has_removed = any(segment.removed for segment in segments)
        self._found: dict[tuple[str, str], Postings] = {}
        self._letters: dict[tuple[str, str], list[str]] = {}
        self._lengths: dict[str, tuple[Lengths, float]] = {}
        self._sets: dict[tuple[str, str], Documents] = {}
        self.size = at  # documents with those that were removed: their numbers are below this
        self.count = sum(segment.count - len(segment.removed) for segment in segments)

    def find(self, field: str, term: str) -> Postings:
        """Return the postings of a term; NOTHING where it has none."""
        key = field, term
        if key not in self._found:
            self._found[key] = self._read(field, encoded(term))
        return self._found[key]

    def documents(self, field: str, term: str) -> Documents:
        """Return the documents of a term as a set."""
        key = field, term
        if key not in self._sets:
            self._sets[key] = Documents.of(self.find(field, term).numbers)
        return self._sets[key]

    def has(self, field: str, term: str) -> bool:
        """Tell whether any document has the term; one that was removed counts until its segment is merged."""
        return any(segment.extent(field, encoded(term)) for segment in self._segments)

    def frequency(self, field: str, term: str) -> int:
        """Return in how many documents a term is, where it can without reading its postings."""
        found = self._found.get((field, term))
        if found is None and self._has_removed:  # which a segment counts until it is merged
            found = self.find(field, term)
        if found is not None:
            return len(found.numbers)
        extents = (segment.extent(field, encoded(term)) for segment in self._segments)
        return sum(extent.documents for extent in extents if extent)

    def beginning(self, field: str, prefix: str) -> Iterator[str]:
        """Yield the terms of a field that begin with `prefix`, in order; those of one letter are kept."""
        every = [segment.dictionary.beginning(field, encoded(prefix)) for segment in self._segments]
        if len(prefix) != 1:
            return (
                term.decode("utf-8") for term, _ in groupby(every[0] if len(every) == 1 else merge(*every))
            )
        key = field, prefix
        if key not in self._letters:
            self._letters[key] = [term.decode("utf-8") for term in sorted(set(chain(*every)))]
        return iter(self._letters[key])

    def every(self) -> Documents:
        """Return all documents."""
        removed = (
            offset + number
            for segment, offset in zip(self._segments, self._offsets, strict=True)
            for number in segment.removed
        )
        return Documents.up_to(self.size) - Documents.of(removed)

    def stored(self, number: int, name: str) -> str:
        """Return what is stored of one field of a document."""
        at = bisect_right(self._offsets, number) - 1
        return self._segments[at].stored(number - self._offsets[at], name)

    def all_stored(self, name: str) -> Iterator[str]:
        """Yield what is stored of one field of every document, in the order of their numbers."""
        for segment in self._segments:
            for number, value in enumerate(segment.texts(name)):
                if number not in segment.removed:
                    yield value.decode("utf-8", "surrogatepass")

    def lengths(self, field: str) -> tuple[Lengths, float]:
        """Return the length of the field in each document, and the average of those that have it."""
        if field not in self._lengths:
            columns = [segment.lengths.column(field) for segment in self._segments]
            sums = [segment.lengths.sums(field) for segment in self._segments]
            for at, segment in enumerate(self._segments):
                if segment.removed:  # what was removed makes no average
                    columns[at] = _emptied(columns[at], segment.removed)
                    sums[at] = total(columns[at]), segment.count - columns[at].count(0)
            whole = columns[0] if len(columns) == 1 else b"".join(columns)
            average = sum(each for each, _ in sums) / max(1, sum(having for _, having in sums))
            self._lengths[field] = whole, average
        return self._lengths[field]

    def _read(self, field: str, term: bytes) -> Postings:
        found: list[PostingList] = []
        for segment, offset in zip(self._segments, self._offsets, strict=True):
            if extent := segment.extent(field, term):
                own = _without(segment.postings(extent, offset=offset), segment.removed, offset)
                found += [own] if own.numbers else []
        if not found:
            return NOTHING
        if len(found) == 1:
            return Postings(*found[0])
        numbers = array("I")
        for part in found:
            numbers.extend(part.numbers)
        weights = _joined([part.weights for part in found])
        return Postings(numbers, weights, Values.joined([part.values for part in found]))

    def close(self) -> None:
        """Close the files of the index."""
        for segment in self._segments:
            segment.close()


def encoded(term: str) -> bytes:
    """Return a term as it stands in the index; a byte of argv that was not UTF-8 stands in no entry."""
    return term.encode("utf-8", "surrogatepass")


def _emptied(column: bytes, removed: frozenset[int]) -> bytes:
    own = bytearray(column)
    for number in removed:
        own[number] = 0
    return bytes(own)


def _without(found: PostingList, removed: frozenset[int], offset: int) -> PostingList:
    """Return the postings of one segment without the documents removed."""
    if not removed:
        return found
    numbers, weights, values = found
    kept = [at for at, number in enumerate(numbers) if number - offset not in removed]
    return PostingList(
        array("I", (numbers[at] for at in kept)),
        array("f", (weights[at] for at in kept)),
        Values.some(values, kept),
    )


def _joined(parts: Sequence[array[Any]]) -> array[Any]:
    """Return numbers one behind the other, as floating ones where the arrays are of different kinds."""
    kinds = {part.typecode for part in parts}
    joined: array[Any] = array(kinds.pop() if len(kinds) == 1 else "f")
    for part in parts:
        joined.extend(part if part.typecode == joined.typecode else map(float, part))
    return joined
