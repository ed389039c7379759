"""What the index was made from: a small JSON file beside it, read before anything of Whoosh's is opened."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from kbnotes.index.schema import STAMP
from kbnotes.model import Stamp

FILE = "state.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """The files an index was made from, and what is needed of other files to answer without opening them."""

    files: Mapping[str, Stamp] = field(default_factory=dict)
    topics: Stamp | None = None
    implied: Mapping[str, frozenset[str]] = field(default_factory=dict)  # tag -> the tags that imply it
    broken: Mapping[str, str] = field(default_factory=dict)  # file -> what is wrong with it
    generation: int = -1  # of the Whoosh index that goes with this


def load(directory: Path) -> State | None:
    """Return the state of the index in `directory`, or None for a missing, damaged or older one."""
    try:
        raw = json.loads((directory / FILE).read_text("utf-8"))
        if raw["stamp"] != STAMP:
            return None
        return State(
            files={name: _stamp(values) for name, values in raw["files"].items()},
            topics=_stamp(raw["topics"]) if raw["topics"] else None,
            implied={tag: frozenset(below) for tag, below in raw["implied"].items()},
            broken=dict(raw["broken"]),
            generation=int(raw["generation"]),
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def save(directory: Path, state: State) -> None:
    """Write the state. Not synced: a state that is lost costs a rebuild."""
    raw = {
        "stamp": STAMP,
        "files": {name: _values(stamp) for name, stamp in state.files.items()},
        "topics": _values(state.topics) if state.topics else None,
        "implied": {tag: sorted(below) for tag, below in state.implied.items()},
        "broken": dict(state.broken),
        "generation": state.generation,
    }
    temp = directory / f"{FILE}.tmp"
    temp.write_text(json.dumps(raw), "utf-8")
    temp.replace(directory / FILE)


def _values(stamp: Stamp) -> list[int]:
    return [stamp.mtime_ns, stamp.size, stamp.inode]


def _stamp(values: list[int]) -> Stamp:
    mtime_ns, size, inode = values
    return Stamp(mtime_ns=mtime_ns, size=size, inode=inode)
