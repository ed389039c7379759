"""Where a term stands in a document: ascending places, mostly a byte each."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from itertools import accumulate


def pack(positions: Iterable[int]) -> bytes:
    """Return ascending positions as differences in base 128, low digits first; the last has no high bit."""
    packed = bytearray()
    last = 0
    for position in positions:
        step, last = position - last, position
        while step > 127:
            packed.append(step & 127 | 128)
            step >>= 7
        packed.append(step)
    return bytes(packed)


def unpack(packed: bytes) -> list[int]:
    """Return the positions that `pack` was given."""
    if packed.isascii():  # nearly always: no step of 128 or more
        return list(accumulate(packed))
    found: list[int] = []
    last = step = shift = 0
    for byte in packed:
        step |= (byte & 127) << shift
        if byte > 127:
            shift += 7
        else:
            last += step
            found.append(last)
            step = shift = 0
    return found


@lru_cache(maxsize=4_096)  # most words stand once in an entry, so few values come again and again
def places(packed: bytes) -> frozenset[int]:
    """Return the positions that `pack` was given as a set."""
    return frozenset(unpack(packed))
