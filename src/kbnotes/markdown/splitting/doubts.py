"""What is doubtful about the notes of a file, whatever rule found them."""

from __future__ import annotations

from collections.abc import Iterator

from markdown_it.token import Token

from kbnotes.markdown.splitting.lists import JUMP
from kbnotes.markdown.splitting.page import Mark, Page


def doubts(page: Page, marks: list[Mark]) -> Iterator[tuple[int, str]]:
    """Yield a warning, with its 0-based line, for numbers far apart or standing twice, and open fences."""
    seen: set[int] = set()
    previous: int | None = None
    for mark in marks:
        if mark.number is None:
            seen, previous = set(), None
            continue
        if previous is not None and abs(mark.number - previous) > JUMP:
            yield mark.line, f"line {mark.line + 1}: number {mark.number} follows {previous}; kept as a note"
        elif mark.number in seen:
            yield mark.line, f"line {mark.line + 1}: number {mark.number} stands twice; both are kept"
        seen.add(mark.number)
        previous = mark.number
    for token in page.tokens:
        if token.type == "fence" and token.map and not _is_closed(token, page.lines):
            start, end = token.map
            yield start, f"line {start + 1}: this code fence is never closed; it runs to line {end}"


def _is_closed(token: Token, lines: list[str]) -> bool:
    """A fence is closed if its last line is made of its marker only (CommonMark 4.5)."""
    start, end = token.map or (0, 0)
    last = lines[end - 1].strip().lstrip("> \t") if end - start > 1 else ""
    return len(last) >= len(token.markup) and not last.strip(token.markup[0])
