"""The vectors of a base's entries, and what is near to a question. Standard library only: to import numpy
would take longer than all of this.

The signs of all vectors are compared, and the few hundred that agree best in full. Of the ten nearest, that
misses 1 in 100 (2026-11-27; five collections, 400 compared).
"""

from __future__ import annotations

import heapq
import math
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from operator import mul

from kbnotes.meaning.model import Model
from kbnotes.meaning.pieces import Pieces

COMPARED = 400  # vectors that are compared in full, at least


@dataclass(frozen=True, kw_only=True)
class Vectors:
    """The vectors of one index, in the order of `names`, which is sorted.

    A vector is `dims` signed bytes; its length says nothing, and one over it is in `inverse` (0 for an entry
    without words). `signs` holds a bit for each of its numbers.
    """

    model: str  # the id of the model
    of: str  # what they were made from: any text that changes with the index
    dims: int
    pieces: Sequence[str]  # of the model, kept here because they are read ten times as fast
    names: Sequence[str]
    marks: array[int]  # unsigned 32-bit: `mark_of` what tells one state of an entry from another
    inverse: array[float] = field(repr=False)
    rows: bytes | memoryview = field(repr=False)
    signs: bytes = field(repr=False)

    @cached_property
    def places(self) -> dict[str, int]:
        """Name -> place."""
        return dict(zip(self.names, range(len(self.names)), strict=True))

    def ask(self, question: str, *, model: Model) -> Asked:
        """Return the question, put to these vectors. Raises OSError where the model cannot be read."""
        weights = Pieces(self.pieces).weights(question)
        raw = model.raw(weights)
        parts = [[weight * value for value in model.row(raw[each])] for each, weight in weights.items()]
        total = [sum(column) for column in zip(*parts, strict=True)] or [0.0] * self.dims
        length = math.hypot(*total)
        usable = math.isfinite(length) and length > 0
        return Asked(self, [value / length for value in total] if usable else [0.0] * self.dims)


class Asked:
    """One question to the vectors of a base. Cosines are within 0.003: a vector has one byte a number."""

    def __init__(self, vectors: Vectors, vector: Sequence[float]) -> None:
        self._vectors = vectors
        self._vector = vector  # of length 1, or all 0
        self._rows = memoryview(vectors.rows).cast("b")

    def cosines(self, names: Iterable[str]) -> dict[str, float]:
        """Return how near these are; a name without a vector is left out."""
        places = self._vectors.places
        return {name: self._cosine(places[name]) for name in names if name in places}

    def nearest(self, top: int) -> list[tuple[str, float]]:
        """Return the nearest names with their cosines, the nearest first, those at 0 or below left out."""
        if not any(self._vector):
            return []
        found = ((-self._cosine(place), place) for place in self._likely(max(COMPARED, 4 * top)))
        best = heapq.nsmallest(top, (each for each in found if each[0] < 0))
        return [(self._vectors.names[place], -negative) for negative, place in best]

    def _likely(self, most: int) -> Sequence[int]:
        """Return the places of the vectors whose signs agree best with the question's."""
        signs, width = self._vectors.signs, self._vectors.dims // 8
        places = range(len(self._vectors.names))
        if len(places) <= most:
            return places
        own = int.from_bytes(pack_signs(self._vector), "little")
        number = int.from_bytes
        different = [
            (number(signs[at : at + width], "little") ^ own).bit_count() for at in range(0, len(signs), width)
        ]
        return heapq.nsmallest(most, places, key=different.__getitem__)

    def _cosine(self, place: int) -> float:
        dims = self._vectors.dims
        row = self._rows[place * dims : (place + 1) * dims]
        product: float = sum(map(mul, self._vector, row), 0.0)
        return product * self._vectors.inverse[place]


def pack_signs(vector: Sequence[float]) -> bytes:
    """Return a bit for each number, 1 above 0; the first is the lowest of the first byte."""
    number = sum(1 << at for at, value in enumerate(vector) if value > 0)
    return number.to_bytes(len(vector) // 8, "little")
