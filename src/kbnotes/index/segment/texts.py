"""What is stored of the documents: values in blocks that are compressed together."""

from __future__ import annotations

import zlib
from bisect import bisect_right
from collections.abc import Iterator
from typing import Any

from kbnotes.index.segment.lists import Values, numbers_from_bytes, numbers_to_bytes, packed_array, read_array

BLOCK = 16 * 1024  # bytes of values at which a block is closed: ten of a page take a millisecond to read
_END = 16  # bytes of the file's end: where the directory begins, and its length


class TextsWriter:
    """Writes one value a document, in the order of their numbers."""

    def __init__(self, file: Any) -> None:
        self._file = file
        self._values: list[bytes] = []
        self._size = self._at = self._count = 0
        self._offsets: list[int] = []
        self._firsts: list[int] = []

    def add(self, value: bytes) -> None:
        """Add the value of the next document."""
        self._values.append(value)
        self._size += len(value)
        if self._size >= BLOCK:
            self._flush()

    def _flush(self) -> None:
        if not self._values:
            return
        sizes = packed_array([len(value) for value in self._values])
        block = zlib.compress(sizes + b"".join(self._values), 6)
        self._offsets.append(self._at)
        self._firsts.append(self._count)
        self._file.write(block)
        self._at += len(block)
        self._count += len(self._values)
        self._values, self._size = [], 0

    def close(self) -> None:
        """Write what is left, and the directory."""
        self._flush()
        directory = numbers_to_bytes([*self._offsets, self._at, *self._firsts, self._count])
        self._file.write(directory)
        self._file.write(self._at.to_bytes(8, "little") + len(directory).to_bytes(8, "little"))
        self._file.close()


class Texts:
    """The values of a segment's documents. A damaged file raises whatever it raises."""

    def __init__(self, file: Any, length: int) -> None:
        self._file = file
        end = file.get(length - _END, _END)
        at, size = int.from_bytes(end[:8], "little"), int.from_bytes(end[8:], "little")
        numbers = numbers_from_bytes(file.get(at, size))
        half = len(numbers) // 2
        self._offsets, self._firsts = numbers[:half], numbers[half:]
        self._kept: dict[int, Values] = {}

    def __getitem__(self, number: int) -> bytes:
        """Return the value of a document. Raises IndexError for one that is not there."""
        place = bisect_right(self._firsts, number) - 1
        if not 0 <= place < len(self._firsts) - 1:
            raise IndexError(number)
        if place not in self._kept:
            self._kept[place] = self._block(place)
        return self._kept[place][number - self._firsts[place]]

    def __iter__(self) -> Iterator[bytes]:
        """Yield the values of all documents."""
        for place in range(len(self._firsts) - 1):
            yield from self._kept.get(place) or self._block(place)

    def _block(self, place: int) -> Values:
        start, end = self._offsets[place : place + 2]
        content = zlib.decompress(self._file.get(start, end - start))
        sizes, at = read_array(content, 0, self._firsts[place + 1] - self._firsts[place])
        return Values(len(sizes), lambda: (content[at:], sizes))

    def close(self) -> None:
        """Close the file."""
        self._file.close()
