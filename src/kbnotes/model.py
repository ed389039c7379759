"""Frozen values that the rooms hand to each other. No behaviour beyond reading their own fields."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """The file, number and lines an entry came from."""

    file: str  # relative to the base when inside it, else absolute
    number: int | None  # as typed in the file; None for text without a number
    first_line: int  # 1-based, inclusive
    last_line: int  # 1-based, inclusive
    digest: str  # digest() of the body as imported: tells an edited entry from an untouched one
    marker: str = ""  # what stood before the body ("18. "), where it is not the plain `N. `
    section: tuple[str, ...] = ()  # the headings above as they are written (`## ML`), outermost first
    newline: str = "\n"  # the file's line ending, where the body's own is "\n" all the same
    extra: str = ""  # YAML source of the keys in it that kb does not know, kept as it was

    @property
    def list_marker(self) -> str:
        """The list marker that stood before the body in its file; "" for text without a number."""
        return self.marker or (f"{self.number}. " if self.number is not None else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One searchable piece of the notes: one YAML file."""

    id: int
    title: str
    tags: tuple[str, ...]
    created: datetime  # aware, UTC, whole seconds
    updated: datetime  # aware, UTC, whole seconds
    body: str  # raw Markdown, never re-rendered
    source: Source | None = None
    extra: str = ""  # YAML source of the keys that kb does not know, kept as it was

    @property
    def list_marker(self) -> str:
        """The list marker that stood before the body in the file it came from, if any."""
        return self.source.list_marker if self.source else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredEntry:
    """An entry together with the file it was read from."""

    entry: Entry
    path: str  # absolute
    digest: str  # digest() of the file's bytes, for a replace that must not overwrite a change


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """What a file's name and stat say: equal stamps mean an unchanged file."""

    mtime_ns: int
    size: int
    inode: int


Kind = Literal["front matter", "heading", "note", "prose"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A slice of a Markdown file. `marker + body + tail` of all sections, in order, is the file."""

    kind: Kind
    number: int | None
    marker: str  # for a note, what stands before its text: "18. "
    body: str  # ends before the blank lines that separate it from the next section
    tail: str  # those blank lines
    first_line: int  # 1-based, inclusive
    last_line: int  # 1-based, inclusive; without the tail
    path: tuple[str, ...] = ()  # the headings above as they are written, outermost first


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """A Markdown file as sections, and what is doubtful about them."""

    sections: tuple[Section, ...]
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A link of a body, in the order of the text."""

    text: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What a body says, without its Markdown."""

    title: str  # by the rule of titles; "" for a body without any text
    text: str  # plain text; paragraphs divided by "\n"
    terms: tuple[str, ...]  # emphasised, at most six words each, in the order of the text
    links: tuple[Link, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """A row of the vocabulary that proposes tags."""

    name: str
    keywords: tuple[str, ...] = ()
    implies: tuple[str, ...] = ()


# What was typed, read: a tree of the seven forms below.


@dataclass(frozen=True, slots=True)
class Word:
    """Text to find in any spelling and inflection. May hold several tokens, as `KV-cache` does."""

    text: str


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words to find side by side, in this order."""

    text: str


@dataclass(frozen=True, slots=True)
class Prefix:
    """The beginning of a word."""

    text: str


@dataclass(frozen=True, slots=True)
class Tagged:
    """A tag, or anything that implies it."""

    tag: str


@dataclass(frozen=True, slots=True)
class InTitle:
    """A word, phrase or prefix to find in the title only."""

    what: Word | Phrase | Prefix


@dataclass(frozen=True, slots=True)
class Not:
    """Leave out what `what` finds."""

    what: Node
    literal: str = ""  # `-word` as typed, which may have meant the text itself; "" for NOT


@dataclass(frozen=True, slots=True)
class AllOf:
    """Every part must be found."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """One part must be found."""

    parts: tuple[Node, ...]


Node = Word | Phrase | Prefix | Tagged | InTitle | Not | AllOf | AnyOf


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What was asked: the text as typed and how it was read. An empty `AllOf` asks for nothing."""

    text: str
    root: AllOf
    notes: tuple[str, ...] = ()  # what was cut or read differently, in sentences


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """What the index is told about one entry file."""

    name: str  # of the file, without its directory
    stamp: Stamp
    entry: Entry
    content: Content


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What a list shows of an entry, without opening its file."""

    id: int
    title: str
    tags: tuple[str, ...]
    path: str  # absolute
    created: datetime
    updated: datetime


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


Action = Literal["add", "update", "keep", "conflict", "missing", "removed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What an import does, or would do, with one section or entry."""

    action: Action
    id: int
    title: str
    tags: tuple[str, ...]
    number: int | None
    first_line: int
    last_line: int
    note: str = ""  # why, where the action alone does not say


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What an import of one file did, or would do, in the order of the file."""

    file: str
    steps: tuple[Step, ...]
    warnings: tuple[str, ...]

    def ids(self, action: Action) -> tuple[int, ...]:
        """Return the ids of the entries to which `action` happened, in the order of the file."""
        return tuple(step.id for step in self.steps if step.action == action)


@dataclass(frozen=True, slots=True, kw_only=True)
class Retagging:
    """What changing tags does, or would do: each entry with its tags before and after."""

    changes: tuple[tuple[Summary, tuple[str, ...]], ...]
