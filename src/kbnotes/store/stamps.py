"""What a stat says of every entry file: a search in a small base waits for this, and for little else."""

from __future__ import annotations

import os
import stat
from array import array
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kbnotes.model import StampTable
from kbnotes.store.names import is_entry

# By its name in an open directory a file costs a fifth less than by its path (1,800 files, 2026-11-27).
BY_HANDLE = os.stat in os.supports_dir_fd and os.listdir in os.supports_fd
_DIRECTORY = (
    os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)
)


def stamps_in(directory: Path) -> StampTable:
    """Return the stamp of every entry file by its name, sorted. Opens no file, follows no symlink.

    Raises OSError if the directory cannot be read.
    """
    names: list[str] = []
    mtimes, sizes, inodes = array("Q"), array("Q"), array("Q")
    with _opened(directory) as (handle, before):
        for name in sorted(os.listdir(directory if handle is None else handle)):  # noqa: PTH208
            if not is_entry(name):
                continue
            try:
                info = os.stat(before + name, dir_fd=handle, follow_symlinks=False)
            except FileNotFoundError:
                continue
            if stat.S_ISREG(info.st_mode):
                names.append(name)
                mtimes.append(info.st_mtime_ns)
                sizes.append(info.st_size)
                inodes.append(info.st_ino)
    return StampTable(names, mtimes, sizes, inodes)


@contextmanager
def _opened(directory: Path) -> Iterator[tuple[int | None, str]]:
    """Open a directory and yield its handle, and what stands before the names of its files to reach them."""
    if not BY_HANDLE:
        yield None, f"{directory}/"
        return
    handle = os.open(directory, _DIRECTORY)
    try:
        yield handle, ""
    finally:
        os.close(handle)
