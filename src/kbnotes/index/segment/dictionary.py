"""The dictionary of a segment: its terms in order, and where the posting list of each is.

Terms stand in blocks, each without the beginning that it shares with the one before it: some 6 bytes a term,
where Whoosh's hash table takes 85. The first terms of all blocks are in a directory, which is searched by
halves; a block is read when one of its terms is asked for.
"""

from __future__ import annotations

import json
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import accumulate, islice
from struct import Struct
from typing import Any, NamedTuple

from kbnotes.index.segment.lists import packed_array, read_array, squeezed, unsqueezed

BLOCK = 64  # terms
_PLACE = Struct("<QIQ")  # of a block: where it begins, its length, where the posting lists of its terms begin
_END = 16  # bytes of the file's end: where the directory begins, and its length


class Extent(NamedTuple):
    """In how many documents a term is, and the [start, start + length) of its posting list."""

    documents: int
    start: int
    length: int


class Block(NamedTuple):
    """Some terms of one field, ascending, with what their extents are made of."""

    terms: list[bytes]
    counts: Sequence[int]
    lengths: Sequence[int]
    start: int  # of the first posting list

    def extent(self, at: int) -> Extent:
        """Return the extent of the term at a place."""
        return Extent(self.counts[at], self.start + sum(self.lengths[:at]), self.lengths[at])

    def items(self, at: int) -> Iterator[tuple[bytes, Extent]]:
        """Yield terms with their extents from a place on."""
        starts = accumulate(self.lengths, initial=self.start)
        extents = map(Extent, self.counts, starts, self.lengths)
        return islice(zip(self.terms, extents, strict=True), at, None)


class DictionaryWriter:
    """Writes terms, which come in order, and field by field."""

    def __init__(self, file: Any) -> None:
        self._file = file
        self._fields: dict[str, list[tuple[bytes, bytes]]] = {}  # first term, and where all is of each block
        self._blocks: list[tuple[bytes, bytes]] = []
        self._terms: list[bytes] = []
        self._counts: list[int] = []
        self._lengths: list[int] = []
        self._start = 0
        self._at = 0

    def start_field(self, name: str) -> None:
        """Begin the terms of a field."""
        self._flush()
        self._blocks = self._fields.setdefault(name, [])

    def add(self, term: bytes, extent: Extent) -> None:
        """Add a term; its posting list begins where that of the one before it ends."""
        if not self._terms:
            self._start = extent.start
        self._terms.append(term)
        self._counts.append(extent.documents)
        self._lengths.append(extent.length)
        if len(self._terms) == BLOCK:
            self._flush()

    def _flush(self) -> None:
        if not self._terms:
            return
        before = [b"", *self._terms[:-1]]
        shared = [_shared(one, two) for one, two in zip(before, self._terms, strict=True)]
        rests = [term[same:] for term, same in zip(self._terms, shared, strict=True)]
        columns = (shared, [len(rest) for rest in rests], self._counts, self._lengths)
        content = b"".join([*map(packed_array, columns), *rests])
        block = len(self._terms).to_bytes(1, "little") + squeezed(content)
        self._blocks.append((self._terms[0], _PLACE.pack(self._at, len(block), self._start)))
        self._file.write(block)
        self._at += len(block)
        self._terms, self._counts, self._lengths = [], [], []

    def close(self) -> None:
        """Write what is left, and the directory."""
        self._flush()
        heads = {
            name: (len(blocks), sum(len(first) + 1 for first, _ in blocks))
            for name, blocks in self._fields.items()
        }
        parts = [json.dumps(heads).encode() + b"\n"]
        for blocks in self._fields.values():
            parts += [b"".join(first + b"\0" for first, _ in blocks), b"".join(place for _, place in blocks)]
        directory = squeezed(b"".join(parts))
        self._file.write(directory)
        self._file.write(self._at.to_bytes(8, "little") + len(directory).to_bytes(8, "little"))
        self._file.close()


def _shared(one: bytes, two: bytes) -> int:
    most = min(len(one), len(two))
    return next((at for at in range(most) if one[at] != two[at]), most)


class _Field:
    """The directory of one field."""

    def __init__(self, firsts: bytes, places: bytes) -> None:
        self._firsts = firsts
        self._places = places

    @cached_property
    def firsts(self) -> list[bytes]:
        """The first term of each block."""
        return self._firsts.split(b"\0")[:-1]

    def place(self, at: int) -> tuple[int, int, int]:
        """Return where a block begins, its length, and where its posting lists begin."""
        begin, length, start = _PLACE.unpack_from(self._places, at * _PLACE.size)
        return begin, length, start


class Dictionary:
    """The terms of a segment. A damaged file raises whatever it raises."""

    def __init__(self, file: Any, length: int) -> None:
        self._file = file
        end = file.get(length - _END, _END)
        at, size = int.from_bytes(end[:8], "little"), int.from_bytes(end[8:], "little")
        self._fields = _directory(unsqueezed(file.get(at, size)))
        self._read: dict[int, Block] = {}

    @property
    def names(self) -> list[str]:
        """The fields."""
        return list(self._fields)

    def find(self, name: str, term: bytes) -> Extent | None:
        """Return where the posting list of a term is; None where the segment has no such term."""
        field = self._fields.get(name)
        which = bisect_right(field.firsts, term) - 1 if field else -1
        if field is None or which < 0:
            return None
        block = self._block(field, which)
        at = bisect_left(block.terms, term)
        return block.extent(at) if at < len(block.terms) and block.terms[at] == term else None

    def items_from(self, name: str, term: bytes) -> Iterator[tuple[bytes, Extent]]:
        """Yield the terms of a field from `term` on, with where their posting lists are."""
        for block, at in self._blocks_from(name, term):
            yield from block.items(at)

    def beginning(self, name: str, prefix: bytes) -> Iterator[bytes]:
        """Yield the terms of a field that begin with `prefix`."""
        for block, at in self._blocks_from(name, prefix):
            for term in islice(block.terms, at, None):
                if not term.startswith(prefix):
                    return
                yield term

    def _blocks_from(self, name: str, term: bytes) -> Iterator[tuple[Block, int]]:
        """Yield the blocks from that of `term` on, with where to begin in each."""
        field = self._fields.get(name)
        if field is None:
            return
        first = max(bisect_right(field.firsts, term) - 1, 0)
        for which in range(first, len(field.firsts)):
            block = self._block(field, which)
            yield block, bisect_left(block.terms, term) if which == first else 0

    def _block(self, field: _Field, which: int) -> Block:
        begin, length, start = field.place(which)
        if begin not in self._read:
            self._read[begin] = _unpacked(self._file.get(begin, length), start)
        return self._read[begin]

    def close(self) -> None:
        """Close the file."""
        self._file.close()


def _directory(content: bytes) -> dict[str, _Field]:
    head, _, rest = content.partition(b"\n")
    found: dict[str, _Field] = {}
    at = 0
    for name, (count, size) in json.loads(head).items():
        middle = at + size
        end = middle + _PLACE.size * count
        found[name] = _Field(rest[at:middle], rest[middle:end])
        at = end
    return found


def _unpacked(content: bytes, start: int) -> Block:
    count, rest = content[0], unsqueezed(content[1:])
    shared, at = read_array(rest, 0, count)
    sizes, at = read_array(rest, at, count)
    counts, at = read_array(rest, at, count)
    lengths, at = read_array(rest, at, count)
    terms: list[bytes] = []
    term = b""
    for same, size in zip(shared, sizes, strict=True):
        term = term[:same] + rest[at : at + size]
        at += size
        terms.append(term)
    return Block(terms, counts, lengths, start)
