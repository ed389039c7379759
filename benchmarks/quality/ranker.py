"""Rankers: whatever holds the documents of a collection and answers a query with some of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.quality.collection import Collection


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranker:
    """An engine with the documents of one collection in it."""

    ask: Callable[[str, int], Sequence[str]]  # what was typed, how many -> ids of documents, best first
    index_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """An engine that can be measured."""

    name: str
    make: Callable[[Collection, Path], Ranker]  # the directory is there to write in
    lacks: Callable[[], str]  # what is not installed that it needs, in words; "" if all is there
    keeps: bool = (
        False  # what it writes is good for the next run too, and may be shared with others that say so
    )


def size(directory: Path) -> int:
    """Return the bytes of all files in a directory and those below it."""
    return sum(path.stat().st_size for path in directory.rglob("*") if path.is_file())
