"""What the index was made from: a small JSON file beside it, read before anything of Whoosh's is opened."""

from __future__ import annotations

import json
import os
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from kbnotes.index import place
from kbnotes.index.schema import STAMP
from kbnotes.index.seal import Mark, Seal
from kbnotes.model import Stamp

FILE = "state.json"
_TEMP = f"{FILE}.tmp"


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """The files an index was made from, and what is needed of other files to answer without opening them."""

    files: Mapping[str, Stamp] = field(default_factory=dict)
    topics: Stamp | None = None
    implied: Mapping[str, frozenset[str]] = field(default_factory=dict)  # tag -> the tags that imply it
    broken: Mapping[str, str] = field(default_factory=dict)  # file -> what is wrong with it
    generation: int = -1  # of the Whoosh index that goes with this
    directory: str = ""  # the name of its directory
    seal: Seal = field(default_factory=dict)  # its files
    written_ns: int = 0  # when this was written, by the clock of the file system


def load(home: Path) -> State | None:
    """Return the state of the index in `home`, or None for a missing, damaged or older one."""
    try:
        content = place.read(home / FILE)
        crc, _, text = content.partition(b"\n")
        if crc != b"%08x" % zlib.crc32(text):
            return None
        raw = json.loads(text)
        if raw["stamp"] != STAMP or "/" in raw["directory"]:
            return None
        return State(
            files={name: _stamp(values) for name, values in raw["files"].items()},
            topics=_stamp(raw["topics"]) if raw["topics"] else None,
            implied={tag: frozenset(below) for tag, below in raw["implied"].items()},
            broken=dict(raw["broken"]),
            generation=int(raw["generation"]),
            directory=str(raw["directory"]),
            seal={name: Mark(*values) for name, values in raw["seal"].items()},
            written_ns=(home / FILE).lstat().st_mtime_ns,
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError, MemoryError):
        return None


def save(home: Path, state: State) -> None:
    """Write the state. Not synced: a state that is lost costs a rebuild."""
    raw = {
        "stamp": STAMP,
        "files": {name: _values(stamp) for name, stamp in state.files.items()},
        "topics": _values(state.topics) if state.topics else None,
        "implied": {tag: sorted(below) for tag, below in state.implied.items()},
        "broken": dict(state.broken),
        "generation": state.generation,
        "directory": state.directory,
        "seal": state.seal,
    }
    text = json.dumps(raw).encode()
    place.remove(home / _TEMP)
    with os.fdopen(place.create(home / _TEMP), "wb") as file:
        file.write(b"%08x\n%b" % (zlib.crc32(text), text))
    (home / _TEMP).replace(home / FILE)


def _values(stamp: Stamp) -> list[int]:
    return [stamp.mtime_ns, stamp.size, stamp.inode]


def _stamp(values: list[int]) -> Stamp:
    mtime_ns, size, inode = values
    return Stamp(mtime_ns=mtime_ns, size=size, inode=inode)
