"""Numbered Markdown -> sections, on markdown-it's block tokens and their line maps.

A note begins at an item of an ordered list that stands at the top level, and runs to the next such item, the
next top-level heading or the end: not to the end of the list item, because for CommonMark a paragraph after
a blank line stands outside the list, and for the person who wrote it it belongs to the note.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from markdown_it.token import Token

from kbnotes.markdown.lines import lines_of
from kbnotes.markdown.parser import block_tokens
from kbnotes.model import Kind, Section, Split

JUMP = 100  # numbers further apart than this are more likely a year at the start of a line

_MARKER = re.compile(r"[ \t]{0,3}\d{1,9}[.)](?:[ \t]{1,4}(?![ \t])|[ \t]|(?=[\r\n]|\Z))")
_FRONT_MATTER_KEY = re.compile(r"[\"']?\w[\w -]*[\"']?[ \t]*:(?:[ \t\r\n]|\Z)")
_FRONT_MATTER_MORE = re.compile(
    r"[ \t\]}]|-[ \t]"
)  # a value that goes on: indented, a list, a closing bracket
_FRONT_MATTER_LINES = 500


@dataclass(frozen=True, slots=True)
class _Mark:
    """A line at which something begins."""

    line: int  # 0-based
    number: int | None = None  # of a note
    level: int = 0  # of a heading
    heading: str = ""
    end: int = 0  # of a heading, the line behind it


def split(text: str) -> Split:
    """Return `text` as sections that give it back, byte for byte, when put together.

    Warnings name the line of what is doubtful: a number far from the last, a number that stands twice under
    one heading, a code fence that is never closed.
    """
    lines = lines_of(text)
    skipped = front_matter_lines(lines)
    source = "".join("\n" * skipped + "".join(lines[skipped:])) if skipped else text
    tokens = block_tokens(source)
    marks = list(_marks(tokens, lines))
    sections = tuple(_sections(lines, marks, skipped))
    return Split(sections=sections, warnings=tuple(_warnings(tokens, marks, lines)))


def front_matter_lines(lines: list[str]) -> int:
    """Return how many lines at the top are front matter: `---`, `key: value` lines, `---`.

    Front matter is no entry, so a doubt keeps the text: with one line at the margin that YAML would not have,
    as between two horizontal rules, and it is none.
    """
    if not lines or lines[0].rstrip() != "---":
        return 0
    for at, line in enumerate(lines[1:_FRONT_MATTER_LINES], 1):
        if line.rstrip() in ("---", "..."):
            return at + 1 if _is_front_matter(lines[1:at]) else 0
    return 0


def _is_front_matter(inside: list[str]) -> bool:
    text = [line for line in inside if line.strip()]
    told = [line for line in text if not line.startswith("#")]  # a remark, or a heading between two rules
    if not told:
        return not text
    values = (_FRONT_MATTER_KEY.match(line) or _FRONT_MATTER_MORE.match(line) for line in told)
    return bool(_FRONT_MATTER_KEY.match(told[0])) and all(values)


def _marks(tokens: list[Token], lines: list[str]) -> Iterator[_Mark]:
    """Yield the notes and headings of the top level, in order; a heading as it is written, `## ML`."""
    for at, token in enumerate(tokens):
        if token.type == "heading_open" and token.level == 0 and token.map:
            start, end = token.map
            heading = "\n".join(line.rstrip("\r\n") for line in lines[start:end]).strip()
            yield _Mark(start, level=int(token.tag[1:]), heading=heading, end=end)
        elif token.type == "ordered_list_open" and token.level == 0:
            yield from _items(tokens, at)


def _items(tokens: list[Token], at: int) -> Iterator[_Mark]:
    """Yield the items of the list that opens at `at`; one whose items all say the same is counted."""
    items: list[Token] = []
    for place in range(at + 1, len(tokens)):
        token = tokens[place]
        if token.level == 0:
            break
        if token.type == "list_item_open" and token.level == 1:
            items.append(token)
    counted = len(items) > 1 and len({token.info for token in items}) == 1
    for place, token in enumerate(items):
        if token.map:
            yield _Mark(token.map[0], number=int(token.info) + (place if counted else 0))


def _sections(lines: list[str], marks: list[_Mark], skipped: int) -> Iterator[Section]:
    if skipped:
        yield _section("front matter", lines, 0, skipped, ())
    headings: list[_Mark] = []
    ends = [mark.line for mark in marks[1:]] + [len(lines)]  # one more than marks where there are none
    first = marks[0].line if marks else len(lines)
    if first > skipped:
        yield _section("prose", lines, skipped, first, ())
    for mark, below, end in zip(marks, [*marks[1:], None], ends, strict=False):
        if mark.number is None:
            headings = [outer for outer in headings if outer.level < mark.level] + [mark]
        path = tuple(outer.heading for outer in headings)
        if mark.number is not None:
            yield _section("note", lines, mark.line, end, path, number=mark.number)
        else:
            kind = _kind_of_heading(lines, mark, end, below)
            yield _section(kind, lines, mark.line, end, path[:-1])


def _kind_of_heading(lines: list[str], mark: _Mark, end: int, below: _Mark | None) -> Kind:
    """A heading is told by the notes below it; with text of its own, or with nothing below, it is prose."""
    if any(line.strip() for line in lines[mark.end : end]):
        return "prose"
    carried = below and (below.number is not None or below.level > mark.level)
    return "heading" if carried else "prose"


def _section(
    kind: Kind, lines: list[str], start: int, end: int, path: tuple[str, ...], *, number: int | None = None
) -> Section:
    """Cut lines [start, end) into marker, body and the blank lines behind it."""
    marker = ""
    last = end
    while last > start and not lines[last - 1].strip():
        last -= 1
    body = "".join(lines[start:last])
    if number is not None and (found := _MARKER.match(body)):
        marker, body = found.group(), body[found.end() :]
    return Section(
        kind=kind,
        number=number,
        marker=marker,
        body=body,
        tail="".join(lines[last:end]),
        first_line=start + 1,
        last_line=max(last, start + 1),
        path=path,
    )


def _warnings(tokens: list[Token], marks: list[_Mark], lines: list[str]) -> Iterator[str]:
    seen: set[int] = set()
    previous: int | None = None
    for mark in marks:
        if mark.number is None:
            seen, previous = set(), None
            continue
        if previous is not None and abs(mark.number - previous) > JUMP:
            yield f"line {mark.line + 1}: number {mark.number} follows {previous}; kept as a note"
        elif mark.number in seen:
            yield f"line {mark.line + 1}: number {mark.number} stands twice; both are kept"
        seen.add(mark.number)
        previous = mark.number
    for token in tokens:
        if token.type == "fence" and token.map and not _is_closed(token, lines):
            yield f"line {token.map[0] + 1}: this code fence is never closed; it runs to line {token.map[1]}"


def _is_closed(token: Token, lines: list[str]) -> bool:
    """A fence is closed if its last line is made of its marker only (CommonMark 4.5)."""
    start, end = token.map or (0, 0)
    last = lines[end - 1].strip().lstrip("> \t") if end - start > 1 else ""
    return len(last) >= len(token.markup) and not last.strip(token.markup[0])
