"""What a question about the base is answered with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from kbnotes.model.entry import Content, Entry, Summary
from kbnotes.record import field, record

Mode = Literal["words", "meaning", "both"]
Order = Literal["score", "updated", "created", "id", "title"]


@record
class Asked:
    """How a search is to be answered, beside what is searched for."""

    limit: int = 10
    offset: int = 0  # hits passed over before the first that is shown
    order: Order = "score"  # times and score: highest first; ids and titles: upwards
    mode: Mode = "both"  # what ranks: the words, their meaning (needs kbnotes[semantic]), or both
    strict: bool = False  # only entries that hold all words: never other spellings, nor fewer words
    facets: bool = False  # count the tags of all hits
    explain: bool = False  # say how the query was read and where each score came from


@record
class Part:
    """A part of a hit's score: what it is for, in words, and how much it is."""

    reason: str
    score: float


@record
class Hit:
    """An entry that was found."""

    summary: Summary
    score: float  # comparable within one query only
    snippet: str
    marks: tuple[tuple[int, int], ...]  # [start, end) of the found words within the snippet
    missing: tuple[str, ...] = ()  # words of the query that it does not hold, as typed
    parts: tuple[Part, ...] = ()  # of the score, largest first, if that was asked for; they add up to it


@record
class TagCount:
    """A tag and how many entries a filter by it finds, those with a tag that implies it included."""

    tag: str
    entries: int
    implies: tuple[str, ...] = ()  # the tags right above it, most used first


@record
class Nearest:
    """What comes nearest to a query that found nothing."""

    spelling: str | None = None  # the query with words of the base's own vocabulary
    tags: tuple[TagCount, ...] = ()
    titles: tuple[Summary, ...] = ()


@record
class Results:
    """Hits, best first: those that hold all words of the query, then those that hold some."""

    query: str
    total: int  # hits in the base, of which `hits` holds some
    hits: tuple[Hit, ...]
    offset: int = 0  # how many come before the first of `hits`
    complete: int = 0  # how many of `total` hold all words
    corrected: str | None = None  # the query with its spelling mended, where that is what was asked
    relaxed: str = ""  # a sentence saying which words were let go; "" where any hit holds all
    tried: tuple[str, ...] = ()  # in sentences, what was tried before nothing was found
    nearest: Nearest | None = None  # where nothing was found
    facets: tuple[TagCount, ...] = ()  # tags of all hits, most used first, if that was asked for
    reading: tuple[str, ...] = ()  # how the query was read, a line each, if that was asked for
    notes: tuple[str, ...] = ()


@record
class Listing:
    """Entries in the order asked for."""

    total: int
    entries: tuple[Summary, ...]


@record
class Related:
    """An entry that is like another, and why."""

    summary: Summary
    score: float  # comparable within one question only
    reasons: tuple[str, ...]  # "tag chiplets", "link spectrum.ieee.org", "words interposer, pitch"


@record
class Shown:
    """An entry with all that `kb show` tells."""

    summary: Summary
    entry: Entry
    content: Content
    related: tuple[Related, ...] = ()  # the nearest first
    targets: Mapping[str, int] = field(default_factory=dict)  # url of a wiki link -> id of the entry it means
