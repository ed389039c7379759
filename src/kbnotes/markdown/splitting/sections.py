"""Cutting a file where its notes and headings begin.

A note begins at its mark and runs to the next one, the next heading above it in rank or the end: not to the
end of the list item, because for CommonMark a paragraph after a blank line stands outside the list, and for
the person who wrote it it belongs to the note.
"""

from __future__ import annotations

from collections.abc import Iterator

from kbnotes.markdown.splitting.page import Mark
from kbnotes.model import Kind, Section


def sections(lines: list[str], marks: list[Mark], skipped: int) -> Iterator[Section]:
    """Yield the sections that `marks`, by line, begin, behind `skipped` lines of front matter."""
    if skipped:
        yield _section("front matter", lines, 0, skipped, ())
    headings: list[Mark] = []
    ends = [mark.line for mark in marks[1:]] + [len(lines)]  # one more than marks where there are none
    first = marks[0].line if marks else len(lines)
    if first > skipped:
        yield _section("prose", lines, skipped, first, ())
    for mark, below, end in zip(marks, [*marks[1:], None], ends, strict=False):
        if mark.level:
            headings = [outer for outer in headings if outer.level < mark.level]
        if mark.number is None:
            headings.append(mark)
        path = tuple(outer.heading for outer in headings)
        if mark.number is not None:
            yield _section("note", lines, mark.line, end, path, note=mark)
        else:
            kind = _kind_of_heading(lines, mark, end, below)
            yield _section(kind, lines, mark.line, end, path[:-1])


def _kind_of_heading(lines: list[str], mark: Mark, end: int, below: Mark | None) -> Kind:
    """A heading is told by the notes below it; with text of its own, or with nothing below, it is prose."""
    if any(line.strip() for line in lines[mark.end : end]):
        return "prose"
    carried = below and (below.number is not None or below.level > mark.level)
    return "heading" if carried else "prose"


def _section(
    kind: Kind, lines: list[str], start: int, end: int, path: tuple[str, ...], *, note: Mark | None = None
) -> Section:
    """Cut lines [start, end) into marker, body and the blank lines behind it."""
    last = end
    while last > start and not lines[last - 1].strip():
        last -= 1
    body = "".join(lines[start:last])
    marker = note.marker if note else ""
    return Section(
        kind=kind,
        number=note.number if note else None,
        marker=marker,
        body=body.removeprefix(marker),
        tail="".join(lines[last:end]),
        first_line=start + 1,
        last_line=max(last, start + 1),
        path=path,
    )
