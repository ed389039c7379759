"""What the index was made from: a small JSON file beside it, read before anything of the index is opened.

The stamps of the files stand in a file of their own, which is read only when all files are looked at.
"""

from __future__ import annotations

import json
import os
import zlib
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path

from kbnotes.errors import UnusableIndexError
from kbnotes.index import place
from kbnotes.index.seal import Mark, Seal, mark
from kbnotes.index.segment.segment import SegmentInfo
from kbnotes.index.stored import STAMP
from kbnotes.model import Row, Stamp, StampTable
from kbnotes.record import field, record

FILE = "state.json"
_STAMPS = "stamps-"  # and the check sum of the file's content
_TEMP = f"{FILE}.tmp"


@record
class State:
    """The files an index was made from, and what is needed of other files to answer without opening them."""

    files: Mapping[str, Row] = field(default_factory=dict)
    topics: Stamp | None = None
    implied: Mapping[str, frozenset[str]] = field(default_factory=dict)  # tag -> the tags that imply it
    broken: Mapping[str, str] = field(default_factory=dict)  # file -> what is wrong with it
    folder_ns: int = -1  # when the directory of entries last changed, at a look at all files; -1: unknown
    swept_ns: int = 0  # when they were
    generation: int = -1  # of the Whoosh index that goes with this
    directory: str = ""  # the name of its directory
    segments: tuple[SegmentInfo, ...] = ()
    writer: str = ""  # Whoosh's version
    seal: Seal = field(default_factory=dict)  # its files
    written_ns: int = 0  # when this was written, by the clock of the file system
    stamps: str = ""  # the name of the file with `files`: see `stamps_name`
    stamps_mark: Mark | None = None  # of that file


class Stamps(Mapping[str, Stamp]):
    """The stamps of the files, read when asked for. Raises UnusableIndexError where they are damaged."""

    def __init__(self, path: Path, count: int) -> None:
        self._path = path
        self._count = count

    def __eq__(self, other: object) -> bool:
        return self._read == other

    __hash__ = None  # type: ignore[assignment]

    def rows(self) -> dict[str, Row]:
        """Return all of them, for those who look at each."""
        return self._read.rows()

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[str]:
        return iter(self._read)

    def __getitem__(self, name: str) -> Stamp:
        return self._read[name]

    @cached_property
    def _read(self) -> StampTable:
        try:
            content = zlib.decompress(place.read(self._path))
            if self._path.name != _name_of(content):
                raise UnusableIndexError("The stamps of the files are damaged.")
            return _unpacked(content, self._count)
        except (OSError, ValueError, zlib.error) as error:
            raise UnusableIndexError(f"The stamps of the files cannot be read: {error}.") from error


def load(home: Path) -> State | None:
    """Return the state of the index in `home`, or None for a missing, damaged or older one."""
    try:
        content = place.read(home / FILE)
        crc, _, text = content.partition(b"\n")
        if crc != b"%08x" % zlib.crc32(text):
            return None
        raw = json.loads(text)
        if raw["stamp"] != STAMP or "/" in raw["directory"] + raw["stamps"]:
            return None
        return State(
            files=Stamps(home / raw["stamps"], int(raw["count"])),
            topics=_stamp(raw["topics"]) if raw["topics"] else None,
            implied={tag: frozenset(below) for tag, below in raw["implied"].items()},
            broken=dict(raw["broken"]),
            folder_ns=int(raw["folder"]),
            swept_ns=int(raw["swept"]),
            generation=int(raw["generation"]),
            directory=str(raw["directory"]),
            segments=tuple(SegmentInfo(name, count, tuple(out)) for name, count, out in raw["segments"]),
            writer=str(raw["writer"]),
            seal={name: Mark(*values) for name, values in raw["seal"].items()},
            written_ns=(home / FILE).lstat().st_mtime_ns,
            stamps=str(raw["stamps"]),
            stamps_mark=Mark(*raw["stamps mark"]),
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError, MemoryError):
        return None


def save(home: Path, state: State) -> None:
    """Write the state. Not synced: a state that is lost costs a rebuild."""
    name, its_mark = state.stamps, state.stamps_mark
    is_kept = isinstance(state.files, Stamps) and its_mark and (home / name).exists()
    if not is_kept:  # else `load` has looked at the file
        stamps = _packed(state.files)
        name = _name_of(stamps)
        _write(home / f"{name}.tmp", zlib.compress(stamps, 1), final=home / name)
        its_mark = mark(home / name)
    raw = {
        "stamp": STAMP,
        "stamps": name,
        "stamps mark": its_mark,
        "count": len(state.files),
        "topics": _values(state.topics) if state.topics else None,
        "implied": {tag: sorted(below) for tag, below in state.implied.items()},
        "broken": dict(state.broken),
        "folder": state.folder_ns,
        "swept": state.swept_ns,
        "generation": state.generation,
        "directory": state.directory,
        "segments": state.segments,
        "writer": state.writer,
        "seal": state.seal,
    }
    text = json.dumps(raw).encode()
    _write(home / _TEMP, b"%08x\n%b" % (zlib.crc32(text), text), final=home / FILE)


def _write(temp: Path, content: bytes, *, final: Path) -> None:
    place.remove(temp)
    with os.fdopen(place.create(temp), "wb") as file:
        file.write(content)
    temp.replace(final)


def rows_of(state: State) -> dict[str, Row]:
    """Return the stamps of the files that a state was made from."""
    return state.files.rows() if isinstance(state.files, Stamps) else dict(state.files)


def stamps_name(files: Mapping[str, Row]) -> str:
    """Return the name of the file with these stamps: equal names mean equal stamps of the same files."""
    return _name_of(_packed(files))


def _name_of(content: bytes) -> str:
    return f"{_STAMPS}{zlib.crc32(content):08x}{zlib.adler32(content):08x}"


_UNKNOWN = 2**64 - 1  # a time that no file has


def _packed(files: Mapping[str, Row]) -> bytes:
    """Return times, sizes and inodes, eight bytes each, and behind them the names, each ended by NUL.

    All by the order of the names: a file that came later is not the last.
    """
    names: Sequence[str]
    if isinstance(files, StampTable):
        names = files.names
        columns: Iterable[Sequence[int]] = (files.mtimes, files.sizes, files.inodes)
    else:
        names = sorted(files)
        columns = zip(*map(files.__getitem__, names), strict=True)
    return b"".join(map(_column, columns)) + os.fsencode("\0".join((*names, "")))


def _column(values: Sequence[int]) -> bytes:
    try:
        return array("Q", values).tobytes()
    except OverflowError:  # -1: unknown
        return array("Q", (value % 2**64 for value in values)).tobytes()


def _unpacked(content: bytes, count: int) -> StampTable:
    numbers = array("Q")
    numbers.frombytes(content[: 24 * count])
    names = os.fsdecode(content[24 * count :]).split("\0")[:-1]
    if len(names) != count:
        raise ValueError("the stamps of the files are cut short")
    times, sizes, inodes = (numbers[at * count : (at + 1) * count] for at in range(3))
    known = times if _UNKNOWN not in times else [-1 if time == _UNKNOWN else time for time in times]
    return StampTable(names, known, sizes, inodes)


def _values(stamp: Stamp) -> list[int]:
    return list(stamp)


def _stamp(values: list[int]) -> Stamp:
    mtime_ns, size, inode = values
    return Stamp(mtime_ns, size, inode)
