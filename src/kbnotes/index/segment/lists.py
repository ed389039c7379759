"""Posting lists as arrays, compressed whole: what documents hold a term, how often, and where.

Whoosh pickles its blocks, at some 15 bytes a posting of a small text. Numbers, counts and positions of one
term as arrays take less, and unpack without a pickle.
"""

from __future__ import annotations

import zlib
from array import array
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, pairwise
from operator import sub
from typing import Any, NamedTuple, overload

from kbnotes.errors import UnusableIndexError

_CODES = "BHI"  # unsigned whole numbers of 1, 2 and 4 bytes
_MAX = (2**8, 2**16)
ONES = array("B", b"\1" * 4096)
_SMALL = 48  # bytes that compression does not make fewer


class Values(Sequence[bytes]):
    """The values of a posting list, as they lie behind each other: few are ever looked at."""

    __slots__ = ("_content", "_ends")

    def __init__(self, content: bytes = b"", ends: array[int] | None = None) -> None:
        self._content = content
        self._ends = ends or array("Q", (0,))  # where each begins, and where the last ends

    @staticmethod
    def of(values: Iterable[bytes]) -> Values:
        """Return values as one."""
        found = list(values)
        return Values(b"".join(found), array("Q", accumulate(map(len, found), initial=0)))

    @staticmethod
    def joined(parts: Sequence[Values]) -> Values:
        """Return the values of several, one behind the other."""
        ends, at = array("Q", (0,)), 0
        for part in parts:
            first = part._ends[0]
            ends.extend(at + end - first for end in part._ends[1:])
            at = ends[-1]
        return Values(b"".join(part._content[part._ends[0] : part._ends[-1]] for part in parts), ends)

    def __len__(self) -> int:
        return len(self._ends) - 1

    @overload
    def __getitem__(self, at: int) -> bytes: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[bytes]: ...
    def __getitem__(self, at: int | slice) -> bytes | Sequence[bytes]:
        if isinstance(at, slice):
            return [self[place] for place in range(*at.indices(len(self)))]
        return self._content[self._ends[at] : self._ends[at + 1]]

    def __iter__(self) -> Iterator[bytes]:
        return (self._content[start:end] for start, end in pairwise(self._ends))


class PostingList(NamedTuple):
    """The documents of one term, ascending, with its weight and its value in each; values may be left out."""

    numbers: Sequence[int]
    weights: array[Any]  # of whole numbers or floating ones
    values: Values


def packed(
    numbers: Sequence[int], weights: Sequence[float], lengths: Sequence[int], values: bytes | bytearray
) -> bytes:
    """Return a posting list as bytes: a byte that tells if the rest is compressed, and three parts.

    `lengths` are those of the values, which stand one behind the other. The parts: differences of numbers;
    weights, none where all are 1; lengths and values, none where all are empty. Each array has its type
    before it.
    """
    parts = [packed_array(list(map(sub, numbers, (0, *numbers[:-1]))))]
    if all(weight == 1.0 for weight in weights):
        parts.append(b"-")
    elif all(weight % 1 == 0 for weight in weights):
        parts.append(packed_array([int(weight) for weight in weights]))
    else:
        parts.append(b"f" + array("f", weights).tobytes())
    parts.append(packed_array(lengths) + values if values else b"-")
    return squeezed(b"".join(parts))


def unpacked(content: bytes, count: int, *, offset: int = 0) -> PostingList:
    """Return a posting list of `count` documents, their numbers raised by `offset`.

    Raises UnusableIndexError for what is none.
    """
    try:
        rest = unsqueezed(content)
        steps, at = read_array(rest, 0, count)
        weights: array[Any] = ONES[:count] if count <= len(ONES) else array("B", b"\1" * count)
        if rest[at : at + 1] == b"-":
            at += 1
        else:
            weights, at = read_array(rest, at, count)
        values = Values()
        if rest[at : at + 1] != b"-":
            lengths, at = read_array(rest, at, count)
            values = Values(rest, array("Q", accumulate(lengths, initial=at)))
    except (TypeError, ValueError, IndexError, OverflowError, zlib.error, EOFError) as error:
        raise UnusableIndexError(f"A posting list of the index is damaged: {error}.") from error
    numbers = array("I", accumulate(steps, initial=offset))
    return PostingList(numbers[1:], weights, values)


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
