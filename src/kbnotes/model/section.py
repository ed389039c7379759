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
class Split:
    """A Markdown file as sections, and what is doubtful about them."""

    sections: tuple[Section, ...]
    warnings: tuple[str, ...]
