"""A Markdown file with its blocks, and what the rules have found in it so far."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

from markdown_it.token import Token

from kbnotes.markdown.parser import block_tokens

_ITEM = re.compile(r"([ \t]{0,3})(\d{1,9})([.)])(?:[ \t]{1,4}(?![ \t])|[ \t]|(?=[\r\n]|\Z))")
UNSEEN = "\u00a0\u200b-\u200f\u2060\ufeff"  # for a pattern: what other programs leave before a number
_NOT_TEXT = ("fence", "code_block", "blockquote_open")
_NOT_HTML = re.compile(r"\s*<(?:!--|pre|script|style|textarea)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Mark:
    """A line at which something begins."""

    line: int  # 0-based
    number: int | None = None  # of a note
    marker: str = ""  # what stands before the note's text
    level: int = 0  # of a heading
    heading: str = ""  # as it is written
    end: int = 0  # of a heading, the line behind it

    @property
    def style(self) -> tuple[int, str]:
        """How the marker is indented, and what closes its number: notes of one list have one style."""
        bare = self.marker.strip()
        return len(self.marker.expandtabs(4)) - len(self.marker.expandtabs(4).lstrip()), bare[-1:]


@dataclass
class Page:
    """A file to split; the rules change `notes` and add to `warnings`."""

    lines: list[str]  # with their ends
    tokens: list[Token]
    headings: list[Mark]  # of the top level
    notes: list[Mark]  # what begins a note, by line
    skipped: int  # lines of front matter
    lists: list[tuple[int, int]] = field(default_factory=list)  # top-level ordered lists, [start, end)
    warnings: list[tuple[int, str]] = field(default_factory=list)  # with the 0-based line

    def warn(self, line: int, said: str) -> None:
        self.warnings.append((line, f"line {line + 1}: {said}"))

    def zone(self, line: int) -> int:
        """Return which stretch between two top-level headings a line lies in."""
        return bisect_right(self._heading_lines, line)

    def zones(self) -> Iterator[list[Mark]]:
        """Yield the notes of each stretch between two headings that has any."""
        found: dict[int, list[Mark]] = defaultdict(list)
        for mark in self.notes:
            found[self.zone(mark.line)].append(mark)
        yield from found.values()

    @cached_property
    def _heading_lines(self) -> list[int]:
        return [mark.line for mark in self.headings]

    def is_loose(self, line: int) -> bool:
        """Tell whether a blank line stands above."""
        return line == 0 or not self.lines[line - 1].strip()

    def is_text(self, line: int) -> bool:
        """Tell whether a line may hold a number that CommonMark did not see: no code, quote or inner list."""
        return line >= self.skipped and line not in self._closed

    @cached_property
    def _closed(self) -> set[int]:
        closed: set[int] = set()
        for token in self.tokens:
            if not token.map:
                continue
            start, end = token.map
            is_closed = token.type in _NOT_TEXT or (
                token.type == "html_block" and _NOT_HTML.match(token.content)
            )
            if is_closed:
                closed.update(range(start, end))
            elif token.type == "list_item_open":
                closed.add(start)
        return closed


def read_page(lines: list[str], source: str, *, skipped: int) -> Page:
    """Return a file as CommonMark has it; `source` is `lines`, the `skipped` ones of front matter blanked."""
    tokens = block_tokens(source)
    page = Page(lines=lines, tokens=tokens, headings=[], notes=[], skipped=skipped)
    for at, token in enumerate(tokens):
        if token.level or not token.map:
            continue
        start, end = token.map
        if token.type == "heading_open":
            heading = "\n".join(line.rstrip("\r\n") for line in lines[start:end]).strip()
            page.headings.append(Mark(start, level=int(token.tag[1:]), heading=heading, end=end))
        elif token.type == "ordered_list_open":
            page.lists.append((start, end))
            page.notes += _items(tokens, at, lines)
    return page


def _items(tokens: list[Token], at: int, lines: list[str]) -> Iterator[Mark]:
    """Yield the items of the list that opens at `at`."""
    for place in range(at + 1, len(tokens)):
        token = tokens[place]
        if token.level == 0:
            break
        if token.type == "list_item_open" and token.level == 1 and token.map:
            line = token.map[0]
            found = _ITEM.match(lines[line])
            yield Mark(line, number=int(token.info), marker=found.group() if found else "")


def longest_run(numbers: Iterable[int]) -> int:
    """Return the length of the longest stretch in which each number is one more than the one before."""
    best = length = 0
    before: int | None = None
    for number in numbers:
        length = length + 1 if before is not None and number == before + 1 else 1
        best = max(best, length)
        before = number
    return best
