"""Entries: as stored, as found on disk, as told to the index, as listed."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from kbnotes.record import record


@record
class Source:
    """The file, number and lines an entry came from."""

    file: str  # relative to the base when inside it, else absolute
    number: int | None  # as typed in the file; None for text without a number
    first_line: int  # 1-based, inclusive
    last_line: int  # 1-based, inclusive
    digest: str  # digest() of the body as imported: tells an edited entry from an untouched one
    marker: str | None = None  # what stood before the body: "18) ", ""; None for the plain `N. `
    section: tuple[str, ...] = ()  # the headings above as they are written (`## ML`), outermost first
    newline: str = "\n"  # the file's line ending, where the body's own is "\n" all the same
    lead: str = ""  # what stood before the marker and belongs to no entry: headings, front matter
    tail: str = "\n"  # the blank lines behind the body. `lead + marker + body + tail` of all are the file
    extra: str = ""  # YAML source of the keys in it that kb does not know, kept as it was

    @property
    def list_marker(self) -> str:
        """The marker that stood before the body in its file; "" for text without one."""
        if self.marker is not None:
            return self.marker
        return f"{self.number}. " if self.number is not None else ""


@record
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


@record
class StoredEntry:
    """An entry together with the file it was read from."""

    entry: Entry
    path: str  # absolute
    digest: str  # digest() of the file's bytes, for a replace that must not overwrite a change

    @property
    def summary(self) -> Summary:
        """What a list shows of it."""
        entry = self.entry
        return Summary(
            id=entry.id,
            title=entry.title,
            tags=entry.tags,
            path=self.path,
            created=entry.created,
            updated=entry.updated,
        )


class Stamp(NamedTuple):
    """What a file's name and stat say: equal stamps mean an unchanged file."""

    mtime_ns: int
    size: int
    inode: int


@record
class Link:
    """A link of a body, in the order of the text."""

    text: str
    url: str


@record
class Content:
    """What a body says, without its Markdown."""

    title: str  # by the rule of titles; "" for a body without any text
    text: str  # plain text; paragraphs divided by "\n"
    terms: tuple[str, ...]  # emphasised, at most six words each, in the order of the text
    links: tuple[Link, ...]  # the url of a wiki link is `[[Note]]`
    heading: str = ""  # the first of level 1, else one that opens the text
    hashtags: tuple[str, ...] = ()  # `#tags` in the text, without the sign


@record
class Topic:
    """A row of the vocabulary that proposes tags."""

    name: str
    keywords: tuple[str, ...] = ()
    implies: tuple[str, ...] = ()


@record
class Document:
    """What the index is told about one entry file.

    Of one that cannot be read as an entry, the title is its name, the id that in its name or 0, and the text
    whatever can be made out.
    """

    name: str  # of the file, without its directory
    stamp: Stamp
    entry: Entry
    content: Content
    broken: str = ""  # what is wrong with the file; "" for an entry
    besides: str = ""  # what the front matter of its file says: found, not shown


@record
class Summary:
    """What a list shows of an entry, without opening its file."""

    id: int
    title: str
    tags: tuple[str, ...]
    path: str  # absolute
    created: datetime
    updated: datetime
    broken: str = ""  # what is wrong with the file if it cannot be read as an entry; only a search finds it
