"""What a question about the base is answered with."""

from __future__ import annotations

from dataclasses import dataclass

from kbnotes.model.entry import Content, Entry, Summary


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """An entry that was found."""

    summary: Summary
    score: float  # comparable within one query only
    snippet: str
    marks: tuple[tuple[int, int], ...]  # [start, end) of the found words within the snippet


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """Hits, best first."""

    query: str
    total: int  # hits in the base, of which `hits` holds the first
    hits: tuple[Hit, ...]
    corrected: str | None = None  # the query with its spelling mended, where that is what was asked
    relaxed: str = ""  # a sentence saying which words were let go; "" where all were found
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """Entries in the order asked for."""

    total: int
    entries: tuple[Summary, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TagCount:
    """A tag and how many entries a filter by it finds, those with a tag that implies it included."""

    tag: str
    entries: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """An entry with all that `kb show` tells."""

    summary: Summary
    entry: Entry
    content: Content
