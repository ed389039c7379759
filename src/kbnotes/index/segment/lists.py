"""Posting lists as arrays, compressed: what documents hold a term, how often, and where.

Whoosh pickles its blocks, at some 15 bytes a posting of a small text. Numbers, counts and positions of one
term as arrays take less, and unpack without a pickle. The positions of a long list are apart,
as most searches need none of them.
"""

from __future__ import annotations

import sys
import zlib
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import accumulate, pairwise
from operator import sub
from typing import Any, NamedTuple, overload

from kbnotes.errors import UnusableIndexError

_CODES = "BHI"  # unsigned whole numbers of 1, 2 and 4 bytes
_MAX = (2**8, 2**16)
ONES = array("B", b"\1" * 4096)
_SMALL = 48  # bytes that compression does not make fewer
_LONG = 64  # postings from which on values are compressed by themselves
_APART = b"+"
_DAMAGED = (TypeError, ValueError, IndexError, OverflowError, zlib.error, EOFError)
Packed = tuple[bytes, "array[int]"]  # values one behind the other, and the length of each


class Values(Sequence[bytes]):
    """The values of a posting list, unpacked when one is looked at. Raises UnusableIndexError."""

    __slots__ = ("_count", "_ends", "_unpack", "_whole")

    def __init__(self, count: int = 0, unpack: Callable[[], Packed] = lambda: (b"", array("I"))) -> None:
        self._count = count
        self._unpack = unpack  # returns the values behind one another, and the length of each
        self._whole = b""
        self._ends: Sequence[int] | None = None  # where each begins, and where the last ends

    @staticmethod
    def some(values: Values, kept: Sequence[int]) -> Values:
        """Return the values at some places."""
        return Values(len(kept), lambda: _behind_one_another(values[at] for at in kept)) if values else values

    @staticmethod
    def joined(parts: Sequence[Values]) -> Values:
        """Return the values of several lists, one behind the other."""
        if not all(parts):
            return Values()

        def unpack() -> Packed:
            found = [part.unpacked() for part in parts]
            widest = max((lengths.typecode for _, lengths in found), key=_CODES.index)
            joined: array[int] = array(widest)
            for _, lengths in found:
                joined.extend(lengths if lengths.typecode == widest else array(widest, lengths))
            return b"".join(content for content, _ in found), joined

        return Values(sum(map(len, parts)), unpack)

    def unpacked(self) -> Packed:
        """Return the values behind one another, and the length of each."""
        try:
            return self._unpack()
        except _DAMAGED as error:
            raise UnusableIndexError(f"A posting list of the index is damaged: {error}.") from error

    @property
    def whole(self) -> bytes:
        """The values behind one another."""
        if self._ends is None and self._count:
            self._whole, lengths = self.unpacked()
            size = lengths[0]
            if lengths.tobytes() == lengths[:1].tobytes() * len(lengths):  # as those of facts are
                self._ends = range(0, size * (len(lengths) + 1), size) if size else [0] * (len(lengths) + 1)
            else:
                self._ends = array("I", accumulate(lengths, initial=0))
        return self._whole

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, at: int) -> bytes: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[bytes]: ...
    def __getitem__(self, at: int | slice) -> bytes | Sequence[bytes]:
        if isinstance(at, slice):
            return [self[place] for place in range(*at.indices(self._count))]
        whole, ends = self.whole, self._ends
        return whole[ends[at] : ends[at + 1]] if ends else b""

    def __iter__(self) -> Iterator[bytes]:
        if not self._count:
            return iter(())
        whole, ends = self.whole, self._ends
        return (whole[start:end] for start, end in pairwise(ends or ()))


def _behind_one_another(values: Iterable[bytes]) -> Packed:
    found = list(values)
    return b"".join(found), array("I", map(len, found))


class PostingList(NamedTuple):
    """The documents of one term, ascending, with its weight and its value in each; values may be left out."""

    numbers: Sequence[int]
    weights: array[Any]  # of whole numbers or floating ones
    values: Values


def packed(
    numbers: Sequence[int], weights: Sequence[float], lengths: Sequence[int], values: bytes | bytearray
) -> bytes:
    """Return a posting list as bytes.

    `lengths` are those of the values, which stand one behind the other. First come differences of numbers;
    then weights, none where all are 1; then lengths and values, none where all are empty. Each array has its
    type before it. The values of a long list stand by themselves: a mark, the length of what is before them,
    and both parts.
    """
    first = packed_array(list(map(sub, numbers, (0, *numbers[:-1]))))
    if all(weight == 1.0 for weight in weights):
        first += b"-"
    elif all(weight % 1 == 0 for weight in weights):
        first += packed_array([int(weight) for weight in weights])
    else:
        first += b"f" + array("f", weights).tobytes()
    if not values:
        return squeezed(first + b"-")
    second = packed_array(lengths) + values
    if len(numbers) < _LONG:
        return squeezed(first + second)
    head = squeezed(first)
    return _APART + len(head).to_bytes(4, "little") + head + squeezed(second)


def unpacked(content: bytes, count: int, *, offset: int = 0) -> PostingList:
    """Return a posting list of `count` documents, their numbers raised by `offset`.

    Raises UnusableIndexError for what is none.
    """
    try:
        end = 5 + int.from_bytes(content[1:5], "little") if content[:1] == _APART else 0
        rest = unsqueezed(content[5:end] if end else content)
        steps, at = read_array(rest, 0, count)
        weights: array[Any] = ONES[:count] if count <= len(ONES) else array("B", b"\1" * count)
        if rest[at : at + 1] == b"-":
            at += 1
        else:
            weights, at = read_array(rest, at, count)
        numbers = accumulate(steps, initial=offset)
        next(numbers)
        values = Values()
        if end:
            values = Values(count, lambda: _values(unsqueezed(content[end:]), 0, count))
        elif rest[at : at + 1] != b"-":
            found = _values(rest, at, count)
            values = Values(count, lambda: found)
        return PostingList(array("I", numbers), weights, values)
    except _DAMAGED as error:
        raise UnusableIndexError(f"A posting list of the index is damaged: {error}.") from error


def _values(content: bytes, at: int, count: int) -> Packed:
    lengths, at = read_array(content, at, count)
    return content[at:], lengths


def squeezed(content: bytes) -> bytes:
    """Return `content` compressed where that makes it smaller, behind a byte that tells."""
    small = zlib.compress(content, 6) if len(content) > _SMALL else content
    return b"z" + small if len(small) < len(content) else b"." + content


def unsqueezed(content: bytes) -> bytes:
    """Return what `squeezed` was given. Raises zlib.error."""
    return zlib.decompress(content[1:]) if content[:1] == b"z" else content[1:]


def packed_array(numbers: Sequence[int]) -> bytes:
    """Return whole numbers in the fewest bytes that hold the largest, behind the type of the array."""
    most = max(numbers, default=0)
    code = _CODES[0] if most < _MAX[0] else _CODES[1] if most < _MAX[1] else _CODES[2]
    return code.encode() + array(code, numbers).tobytes()


def read_array(content: bytes, at: int, count: int) -> tuple[array[Any], int]:
    """Return the `count` numbers of an array that begins at `at`, and where it ends. Raises ValueError."""
    found: array[Any] = array(content[at : at + 1].decode("ascii"))
    end = at + 1 + count * found.itemsize
    found.frombytes(content[at + 1 : end])
    if len(found) != count:
        raise ValueError("it is cut short")
    return found, end


def numbers_to_bytes(numbers: Sequence[int]) -> bytes:
    """Return whole numbers as eight bytes each, the low ones first."""
    found = array("Q", numbers)
    if sys.byteorder == "big":
        found.byteswap()
    return found.tobytes()


def numbers_from_bytes(content: bytes) -> array[int]:
    """Return the numbers that `numbers_to_bytes` was given. Raises ValueError for a part of one."""
    found = array("Q", content)
    if sys.byteorder == "big":
        found.byteswap()
    return found
