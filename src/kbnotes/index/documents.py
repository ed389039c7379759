"""Sets of documents, a bit each: 12 kB for 100,000, where a set of numbers takes some 60 bytes a member.

What two have in common, or both, is one operation on whole numbers of any length, whatever is in them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import reduce
from itertools import compress, count
from operator import and_, or_

_FEW = 200  # members up to which each is put in, or taken out, by itself: a pass over all bits takes longer
_TO_FLAGS = bytes.maketrans(b"01", b"\0\1")


class Documents:
    """Numbers of documents, ascending; none is below 0. It never changes."""

    __slots__ = ("_bits",)

    def __init__(self, bits: int = 0) -> None:
        self._bits = bits

    @staticmethod
    def of(numbers: Iterable[int]) -> Documents:
        """Return the set of some documents, in any order."""
        found = numbers if isinstance(numbers, Sequence) else list(numbers)
        if len(found) <= _FEW:
            return Documents(reduce(or_, (1 << number for number in found), 0))
        digits = bytearray(b"0") * (max(found) + 1)
        for number in found:
            digits[number] = 49  # "1"
        digits.reverse()
        return Documents(int(digits, 2))

    @staticmethod
    def up_to(number: int) -> Documents:
        """Return the set of all documents below `number`."""
        return Documents((1 << number) - 1)

    def flags(self, size: int) -> bytes:
        """Return a byte for each of `size` documents, 1 for those that are in the set."""
        digits = format(self._bits, "b").encode()[::-1].translate(_TO_FLAGS)
        return digits.ljust(size, b"\0")

    def __len__(self) -> int:
        return self._bits.bit_count()

    def __bool__(self) -> bool:
        return bool(self._bits)

    def __contains__(self, number: int) -> bool:
        return bool(self._bits >> number & 1)

    def __iter__(self) -> Iterator[int]:
        if len(self) > _FEW:
            yield from compress(count(), self.flags(0))
            return
        bits = self._bits
        while bits:
            low = bits & -bits
            yield low.bit_length() - 1
            bits ^= low

    def __and__(self, other: Documents) -> Documents:
        return Documents(self._bits & other._bits)

    def __or__(self, other: Documents) -> Documents:
        return Documents(self._bits | other._bits)

    def __sub__(self, other: Documents) -> Documents:
        return Documents(self._bits & ~other._bits)

    def __le__(self, other: Documents) -> bool:
        return not self._bits & ~other._bits

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Documents) and self._bits == other._bits

    def __hash__(self) -> int:
        return hash(self._bits)

    def __repr__(self) -> str:
        return f"Documents.of({list(self)})"


NO_DOCUMENTS = Documents()


def union(sets: Iterable[Documents]) -> Documents:
    """Return what is in any of the sets."""
    return reduce(or_, sets, NO_DOCUMENTS)


def intersection(sets: Iterable[Documents]) -> Documents:
    """Return what is in all of the sets; nothing where there are none."""
    found = list(sets)
    return reduce(and_, found) if found else NO_DOCUMENTS
