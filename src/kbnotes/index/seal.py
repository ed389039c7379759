"""What the files of an index were when it was written, so that a damaged one is told from a whole one.

Whoosh has no checksums: a flipped bit comes out as a wrong answer as often as an exception.
"""

from __future__ import annotations

import os
import re
import time
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from kbnotes.index import place

# Two writes so close to each other can leave one change time: the kernel's clock ticks every 1 to 10 ms.
TICK_NS = 20_000_000
_TABLE = re.compile(r"_.*\.toc")  # of all such files, Whoosh opens the one with the highest number


class Mark(NamedTuple):
    """What is known of a file. Nobody can set a change time, so equal stamps mean an unchanged file."""

    size: int
    mtime_ns: int
    ctime_ns: int
    inode: int
    crc: int


_summed: dict[str, tuple[tuple[int, int, int, int], int]] = {}  # path -> what it was when read, and its sum
_MOST_SUMMED = 100  # an index has some ten files, and new ones after each change

Seal = Mapping[str, Mark]  # file name -> what it was


def seal(directory: Path, known: Seal) -> Seal:
    """Return the marks of all files in `directory`; those that are as `known` are not read again."""
    marks: dict[str, Mark] = {}
    for path in place.listed(directory):
        stamp = stamp_of(path.lstat())
        before = known.get(path.name)
        crc = before.crc if before and before[:4] == stamp else zlib.crc32(place.read(path))
        marks[path.name] = Mark(*stamp, crc)
    return marks


def mark(path: Path) -> Mark:
    """Return the mark of one file. Raises OSError."""
    return Mark(*stamp_of(path.lstat()), zlib.crc32(place.read(path)))


def is_whole(directory: Path, marks: Seal, *, written_ns: int) -> bool:
    """Tell whether the files in `directory` are those of the seal that was written at `written_ns`.

    A file is read only if its stamp proves nothing: it is another one, or taken within a tick of the seal.
    Files of a writer at work may stand beside them, but no other table of contents.
    """
    try:
        names = set(os.listdir(directory))  # noqa: PTH208 (this is a part of every search)
        tables = {name for name in names if _TABLE.fullmatch(name)}
        return tables <= marks.keys() <= names and all(
            is_same(f"{directory}/{name}", mark, written_ns=written_ns) for name, mark in marks.items()
        )
    except OSError:
        return False


def is_same(path: str | Path, mark: Mark, *, written_ns: int) -> bool:
    """Tell whether a file is the one of a mark that was written down at `written_ns`. Raises OSError."""
    info = os.lstat(path)
    if not place.is_own_file(info) or info.st_size != mark.size:
        return False
    stamp = stamp_of(info)
    if mark[:4] == stamp and mark.ctime_ns + TICK_NS < written_ns:
        return True
    return _sum_of(str(path), stamp) == mark.crc


def _sum_of(path: str, stamp: tuple[int, int, int, int]) -> int:
    """Return the check sum of a file; one that this process read under the same stamp is not read again."""
    before, known = _summed.get(path, (None, 0))
    if before == stamp:
        return known
    is_settled = stamp[2] + TICK_NS < time.time_ns()  # no later write can have this change time
    found = zlib.crc32(place.read(path))
    if is_settled:
        if len(_summed) >= _MOST_SUMMED:
            _summed.clear()
        _summed[path] = stamp, found
    return found


def stamp_of(info: os.stat_result) -> tuple[int, int, int, int]:
    """Return what tells one state of a file from another: nobody can set its change time."""
    return info.st_size, info.st_mtime_ns, info.st_ctime_ns, info.st_ino
