"""Files of an index, read without Whoosh and never mapped into memory.

A mapped file that another process cuts short ends this one with SIGBUS; a file that is read raises.
"""

from __future__ import annotations

import os
from pathlib import Path

from kbnotes.index import place
from kbnotes.index.segment.segment import File, Open


class IndexFile:
    """A file of this user, read at any place."""

    def __init__(self, path: Path) -> None:
        self._handle = place.open_own(path)
        self.length = os.fstat(self._handle).st_size

    def get(self, start: int, length: int) -> bytes:
        """Return `length` bytes from `start` on, fewer at the end."""
        if hasattr(os, "pread"):
            return os.pread(self._handle, length, start)
        os.lseek(self._handle, start, os.SEEK_SET)
        return os.read(self._handle, length)

    def close(self) -> None:
        """Close it; a second time does nothing."""
        handle, self._handle = self._handle, -1
        if handle >= 0:
            os.close(handle)


def in_directory(directory: Path) -> Open:
    """Return what opens the files of a directory."""

    def open_(name: str) -> tuple[File, int]:
        file = IndexFile(directory / name)
        return file, file.length

    return open_
