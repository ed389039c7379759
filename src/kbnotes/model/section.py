"""A Markdown file, cut into sections."""

from __future__ import annotations

from typing import Literal

from kbnotes.record import record

Kind = Literal["front matter", "heading", "note", "prose"]


@record
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
