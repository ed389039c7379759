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
    """Write each field's column of `count` bytes, behind the sum of its lengths; and close the file."""
    whole = {name: bytes(column.ljust(count, b"\0")) for name, column in columns.items()}
    head = json.dumps([[name, total(column), count - column.count(0)] for name, column in whole.items()])
    file.write(len(head).to_bytes(4, "little") + head.encode() + b"".join(whole.values()))
    file.close()


def total(column: bytes | bytearray) -> int:
    """Return the sum of the lengths in a column."""
    return sum(LENGTHS[byte] * column.count(byte) for byte in set(column))


class Lengths:
    """Each field's column, read when it is asked for. Raises ValueError where the file is damaged."""

    def __init__(self, file: Any, length: int, count: int) -> None:
        self._file = file
        self._count = count
        size = int.from_bytes(file.get(0, 4), "little")
        fields = json.loads(file.get(4, size))
        if length != 4 + size + len(fields) * count:
            raise ValueError("lengths are cut short")
        self._at = {name: 4 + size + at * count for at, (name, _, _) in enumerate(fields)}
        self._sums = {name: (int(summed), int(having)) for name, summed, having in fields}

    def column(self, name: str) -> bytes:
        """Return the byte of `LENGTHS` for the field in each document."""
        at = self._at.get(name)
        found: bytes = bytes(self._count) if at is None else self._file.get(at, self._count)
        if len(found) != self._count:
            raise ValueError("lengths are cut short")
        return found

    def sums(self, name: str) -> tuple[int, int]:
        """Return the sum of a field's lengths, and how many documents have the field."""
        return self._sums.get(name, (0, 0))
