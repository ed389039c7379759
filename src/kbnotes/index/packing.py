"""Whoosh's index with postings packed closer: a codec whose posting lists are arrays, compressed whole.

Whoosh pickles its blocks, at some 15 bytes a posting of a small text. Numbers, counts and positions of one
term as arrays take less, and unpack without a pickle. The rest of the index is Whoosh's own.
"""

from __future__ import annotations

import zlib
from array import array
from collections.abc import Sequence
from itertools import accumulate, pairwise
from operator import sub
from typing import Any

from whoosh.codec import base
from whoosh.codec.whoosh3 import W3Codec
from whoosh.matching import ListMatcher

from kbnotes.errors import UnusableIndexError

_CODES = "BHI"  # unsigned whole numbers of 1, 2 and 4 bytes
_MAX = (2**8, 2**16)
_SMALL = 48  # bytes that compression does not make fewer


class PackedCodec(W3Codec):  # type: ignore[misc]
    """Whoosh's codec with other posting lists."""

    def postings_writer(self, dbfile: Any, byteids: bool = False) -> Any:  # noqa: FBT001, FBT002 (Whoosh's own)
        """Return what writes posting lists; those of vectors, which kb has none of, are Whoosh's."""
        return super().postings_writer(dbfile, byteids) if byteids else PackedWriter(dbfile)

    def postings_reader(
        self, dbfile: Any, terminfo: Any, format_: Any, term: Any = None, scorer: Any = None
    ) -> Any:
        """Return a matcher over one posting list."""
        start, length = terminfo.extent()
        # Whoosh gives back the length in a tuple where it was read from the disk.
        found = unpacked(dbfile.get(start, length[0] if isinstance(length, tuple) else length))
        return PackedMatcher(*found, format_, scorer=scorer, term=term, terminfo=terminfo)


class PackedMatcher(ListMatcher):  # type: ignore[misc]
    """A posting list, which can also be had whole."""

    def whole(self) -> tuple[list[int], Sequence[float], list[bytes]]:
        """Return numbers, weights and values (none where all are empty)."""
        return self._ids, self._weights, self._values

    def value(self) -> bytes:
        """Return the value at hand; Whoosh's own gives text for one that is empty, and cannot merge it."""
        return self._values[self._i] if self._values else b""


class PackedWriter(base.PostingsWriter):  # type: ignore[misc]
    """Writes one posting list after the other."""

    def __init__(self, file: Any) -> None:
        self._file = file
        self._terminfo: Any = None
        self._begin()

    def _begin(self) -> None:
        self._ids = array("I")
        self._weights = array("f")
        self._values: list[bytes] = []
        self._lengths: list[int] = []

    def start_postings(self, format_: object, terminfo: Any) -> None:
        """Begin the list of one term."""
        del format_  # the values come encoded
        self._terminfo = terminfo
        self._begin()

    def add_posting(self, id_: int, weight: float, vbytes: bytes, length: int | None = None) -> None:
        """Add a document; they come in ascending order."""
        self._ids.append(id_)
        self._weights.append(weight)
        self._values.append(vbytes)
        if length:
            self._lengths.append(length)

    def finish_postings(self) -> Any:
        """Write the list, and return what is known of its term."""
        info, self._terminfo = self._terminfo, None
        info.add_block(self)
        start = self._file.tell()
        content = packed(self._ids, self._weights, self._values)
        self._file.write(content)
        info.set_extent(start, len(content))
        return info

    def written(self) -> bool:
        """Tell whether a part of the list is on the disk already: it is written at one go."""
        return False

    # What Whoosh asks about the list

    def __len__(self) -> int:
        return len(self._ids)

    def min_id(self) -> int:
        return self._ids[0]

    def max_id(self) -> int:
        return self._ids[-1]

    def min_length(self) -> int | None:
        return min(self._lengths, default=None)

    def max_length(self) -> int:
        return max(self._lengths, default=0)

    def max_weight(self) -> float:
        return max(self._weights, default=0.0)


def packed(numbers: Sequence[int], weights: Sequence[float], values: Sequence[bytes]) -> bytes:
    """Return a posting list as bytes: a byte that tells if the rest is compressed, and four parts.

    The parts: how many; differences of the numbers; weights, none where all are 1; lengths of the values and
    the values, none where all are empty. Each array has its type before it.
    """
    steps = _array(list(map(sub, numbers, (0, *numbers[:-1]))))
    parts = [len(numbers).to_bytes(4, "little"), steps]
    if all(weight == 1.0 for weight in weights):
        parts.append(b"-")
    elif all(weight.is_integer() for weight in weights):
        parts.append(_array([int(weight) for weight in weights]))
    else:
        parts.append(b"f" + array("f", weights).tobytes())
    parts.append(_array([len(value) for value in values]) + b"".join(values) if any(values) else b"-")
    content = b"".join(parts)
    small = zlib.compress(content, 6) if len(content) > _SMALL else content
    return b"z" + small if len(small) < len(content) else b"." + content


def unpacked(content: bytes) -> tuple[list[int], Sequence[float], list[bytes]]:
    """Return numbers, weights and values of a posting list. Raises UnusableIndexError for what is none."""
    try:
        rest = zlib.decompress(content[1:]) if content[:1] == b"z" else content[1:]
        count, at = int.from_bytes(rest[:4], "little"), 4
        steps, at = _read(rest, at, count)
        weights: Sequence[float] = [1.0] * count
        if rest[at : at + 1] == b"-":
            at += 1
        else:
            weights, at = _read(rest, at, count)
        values: list[bytes] = []
        if rest[at : at + 1] != b"-":
            lengths, at = _read(rest, at, count)
            ends = [at, *accumulate(lengths, initial=at)][1:]
            values = [rest[start:end] for start, end in pairwise(ends)]
    except (TypeError, ValueError, IndexError, zlib.error, EOFError) as error:
        raise UnusableIndexError(f"A posting list of the index is damaged: {error}.") from error
    return list(accumulate(steps)), weights, values


def _array(numbers: Sequence[int]) -> bytes:
    most = max(numbers)
    code = _CODES[0] if most < _MAX[0] else _CODES[1] if most < _MAX[1] else _CODES[2]
    return code.encode() + array(code, numbers).tobytes()


def _read(content: bytes, at: int, count: int) -> tuple[array[Any], int]:
    found: array[Any] = array(content[at : at + 1].decode("ascii"))
    end = at + 1 + count * found.itemsize
    found.frombytes(content[at + 1 : end])
    if len(found) != count:
        raise ValueError("it is cut short")
    return found, end
