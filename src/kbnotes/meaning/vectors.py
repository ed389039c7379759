"""The vectors of a base's entries, and what is near to a question. Standard library only: to import numpy
would take longer than all of this.

A vector has two bits a number: whether it is above 0, and whether it is far from it. Four numbers of it are
a byte, so that a product with a question is the sum of what stands in a table for each of its bytes. The
signs of all vectors are compared first, and the 200 that agree best in full: of the ten nearest, that misses
1 or 2 in 100 (2026-11-27; five collections).
"""

from __future__ import annotations

import heapq
import math
from array import array
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import product
from operator import getitem

from kbnotes.meaning.model import Model
from kbnotes.meaning.pieces import Pieces
from kbnotes.record import record

COMPARED = 200  # vectors that are compared in full, at least
LEVELS = (-1.5, -0.5, 0.5, 1.5)  # what the two bits 0, 1, 2 and 3 stand for: the higher one is the sign
PER_BYTE = 4  # numbers; the first has the lowest bits


@record
class Vectors:
    """The vectors of one index, in the order of its documents' numbers.

    A row is `dims` numbers of two bits each. Where the mark is NONE there is no vector: the document was
    removed, or has no words.
    """

    model: str  # the id of the model
    of: str  # what they were made from: any text that changes with the index
    dims: int  # a multiple of 8
    pieces: Sequence[str]  # of the model, kept here because they are read ten times as fast
    marks: array[
        int
    ]  # unsigned 64-bit, one for each document: `mark_of` what tells one state of it from another
    rows: bytes | memoryview

    @cached_property
    def _split(self) -> Pieces:
        return Pieces(self.pieces)

    def ask(self, question: str, *, model: Model) -> Asked:
        """Return the question, put to these vectors. Raises OSError where the model cannot be read."""
        weights = self._split.weights(question)
        raw = model.raw(weights)
        parts = [[weight * value for value in model.row(raw[each])] for each, weight in weights.items()]
        total = [sum(column) for column in zip(*parts, strict=True)] or [0.0] * self.dims
        length = math.hypot(*total)
        usable = math.isfinite(length) and length > 0
        return Asked(self, [value / length for value in total] if usable else [0.0] * self.dims)


NONE = 0  # the mark of what has no vector


class Asked:
    """One question to the vectors of a base. Documents go by their numbers."""

    def __init__(self, vectors: Vectors, vector: Sequence[float]) -> None:
        self._vectors = vectors
        self._vector = vector  # of length 1, or all 0
        self._width = vectors.dims // PER_BYTE
        self._lower = int.from_bytes(b"\x55" * self._width, "little")  # the lower bit of each number

    def cosines(self, numbers: Iterable[int]) -> dict[int, float]:
        """Return how near these are; a document without a vector is left out."""
        return dict(self._compared(numbers))

    def nearest(self, top: int, *, among: Iterable[int] | None = None) -> list[tuple[int, float]]:
        """Return the nearest documents with their cosines, the nearest first, those at 0 or below left out.

        `among`: only these; None for all.
        """
        if not any(self._vector):
            return []
        likely = self._likely(max(COMPARED, 4 * top), among)
        found = ((-cosine, number) for number, cosine in self._compared(likely) if cosine > 0)
        return [(number, -negative) for negative, number in heapq.nsmallest(top, found)]

    def _likely(self, most: int, among: Iterable[int] | None) -> Sequence[int]:
        """Return the documents whose vectors' signs agree best with the question's."""
        marks, width, rows = self._vectors.marks, self._width, self._vectors.rows
        every = range(len(marks)) if among is None else among
        numbers = [number for number in every if number < len(marks) and marks[number] != NONE]
        if len(numbers) <= most:
            return numbers
        signs = self._lower << 1
        own = sum(2 << 2 * at for at, value in enumerate(self._vector) if value > 0)
        read = int.from_bytes
        different = [
            ((read(rows[at : at + width], "little") ^ own) & signs).bit_count()
            for at in map(width.__mul__, numbers)
        ]
        places = heapq.nsmallest(most, range(len(numbers)), key=different.__getitem__)
        return [numbers[place] for place in places]

    def _compared(self, numbers: Iterable[int]) -> Iterator[tuple[int, float]]:
        marks, width, rows, tables = self._vectors.marks, self._width, self._vectors.rows, self._tables
        for number in numbers:
            if number >= len(marks) or marks[number] == NONE:
                continue
            row = rows[number * width : (number + 1) * width]
            yield number, sum(map(getitem, tables, row)) / self._length(row)

    def _length(self, row: bytes | memoryview) -> float:
        """Return the length of a vector: those of its numbers whose bits are equal are 1.5 from 0."""
        bits = int.from_bytes(row, "little")
        far = (~(bits ^ bits >> 1) & self._lower).bit_count()
        return math.sqrt(0.25 * self._vectors.dims + 2.0 * far)

    @cached_property
    def _tables(self) -> list[list[float]]:
        """Return, for each byte of a row, what each of its 256 values adds to the product."""
        quarters = [[value * level for level in LEVELS] for value in self._vector]
        pairs = [
            [high + low for high, low in product(quarters[at + 1], quarters[at])]
            for at in range(0, len(quarters), 2)
        ]
        return [
            [high + low for high, low in product(pairs[at + 1], pairs[at])] for at in range(0, len(pairs), 2)
        ]
