"""How long the fields of each document are, in a byte: exact up to 63 words, then within four percent."""

from __future__ import annotations

import json
from bisect import bisect_left
from typing import Any

_EXACT, _STEP = 64, 1.0388  # the last of 256 lengths is 95,000 words


def _table() -> list[int]:
    found = list(range(_EXACT))
    value = float(_EXACT)
    while len(found) < 256:
        found.append(round(value))
        value *= _STEP
    return found


LENGTHS = _table()  # byte -> length


def to_byte(length: int) -> int:
    """Return the byte of the least length in the table that is no shorter; the longest where none is."""
    return min(bisect_left(LENGTHS, length), 255)


def write_lengths(file: Any, columns: dict[str, bytearray], count: int) -> None:
    """Write each field's column of `count` bytes, and close the file."""
    file.write(json.dumps(list(columns)).encode() + b"\n")
    for column in columns.values():
        file.write(bytes(column.ljust(count, b"\0")))
    file.close()


def read_lengths(file: Any, length: int, count: int) -> dict[str, bytes]:
    """Return each field's column, and close the file. Raises ValueError for one that is damaged."""
    try:
        head, _, rest = file.get(0, length).partition(b"\n")
    finally:
        file.close()
    names = json.loads(head)
    if len(rest) != len(names) * count:
        raise ValueError("lengths are cut short")
    return {name: rest[at * count : (at + 1) * count] for at, name in enumerate(names)}
