"""A Markdown file, cut into sections."""

from __future__ import annotations

from typing import Literal

from kbnotes.record import record

Kind = Literal["front matter", "heading", "note", "prose"]
By = Literal["list", "heading", "file"]  # what begins an entry: a number, a heading, nothing


@record
class Section:
    """A slice of a Markdown file. `marker + body + tail` of all sections, in order, is the file."""

    kind: Kind
    number: int | None
    marker: str  # for a note, what stands before its text: "18. "; a numbered heading stands in its text
    body: str  # ends before the blank lines that separate it from the next section
    tail: str  # those blank lines
    first_line: int  # 1-based, inclusive
    last_line: int  # 1-based, inclusive; without the tail
    path: tuple[str, ...] = ()  # the headings above as they are written, outermost first


@record
class NextNote:
    """Where and how a new note goes into a numbered file."""

    at: int  # the place of the section before which it goes
    number: int
    marker: str  # "" where the file's headings are underlined, so that there is no marker
    gap: str  # the blank lines between it and its neighbour, each a "\n"


@record
class LinkedFile:
    """A file that is kept in step with its entries."""

    file: str  # as their sources call it: relative to the base when inside it, else absolute
    encoding: str | None = None  # where it is not UTF-8, or UTF-16 with a mark
    by: By | None = None  # what begins an entry, where the file's numbers do not say it


@record
class Split:
    """A Markdown file as sections, and what is doubtful about them."""

    sections: tuple[Section, ...]
    warnings: tuple[str, ...]


@record
class Piece:
    """A part of a Markdown file that becomes an entry. `lead + body + tail` of all pieces is the file."""

    lead: str  # what stands before it and belongs to no entry: front matter, higher headings, blank lines
    body: str
    tail: str  # the blank lines behind it
    first_line: int  # 1-based, inclusive; of the body
    last_line: int  # 1-based, inclusive
    path: tuple[str, ...]  # the headings above as they are written, outermost first
    is_cut: bool  # it begins with a heading at which the file was cut
