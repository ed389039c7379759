"""The rule for numbers that CommonMark takes for running text.

Only `1.` may interrupt a paragraph, a marker needs a space behind it (CommonMark 5.2, 5.3), and what stands
in an HTML block is HTML. A person who writes `2.` right below a line, or `44.Sometimes`, means a note.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict

from kbnotes.markdown.splitting.page import UNSEEN, Mark, Page

_NUMBER = re.compile(
    rf"([{UNSEEN}]{{0,3}}[ \t]{{0,3}})([0-9０-９]{{1,9}})(?:[.)](?![\d.)])|[、．])"
    r"(?:[ \t]{1,4}(?![ \t])|[ \t]|)"
)

_MOST_BEFORE = 1000  # notes that may be missing before the first that CommonMark sees


def find_swallowed(page: Page) -> None:
    """A line that begins with exactly the next number that is missing is that note."""
    if not page.notes:
        return
    hidden = _hidden(page)
    sure = {number: [mark for mark in marks if not _is_comma(mark)] for number, marks in hidden.items()}
    found = _before_the_first(page, hidden)
    ends = [*(mark.line for mark in page.notes[1:]), len(page.lines)]
    following = [*page.notes[1:], None]
    for mark, end, after in zip(page.notes, ends, following, strict=True):
        limit = after.number if after and after.number is not None else None
        number, line = mark.number or 0, mark.line
        is_open = limit is None or limit <= number
        last = number + len(page.lines) if limit is None or is_open else limit
        lines = sure if is_open else hidden
        while number + 1 < last and (next_ := _first(lines, number + 1, line, end)):
            found.append(next_)
            number, line = number + 1, next_.line
    for mark in found:
        page.warn(mark.line, f"{mark.marker.strip()} stands in running text; taken for a note")
    page.notes = sorted([*page.notes, *found], key=lambda mark: mark.line)


def _hidden(page: Page) -> dict[int, list[Mark]]:
    """Return by number the lines that begin with one and are no items."""
    found: dict[int, list[Mark]] = defaultdict(list)
    items = {mark.line for mark in page.notes}
    for at, line in enumerate(page.lines):
        match = _NUMBER.match(line)
        if match and at not in items and page.is_text(at):
            found[int(match[2])].append(Mark(at, number=int(match[2]), marker=match.group()))
    return found


def _is_comma(mark: Mark) -> bool:
    """Tell whether a marker is none of Markdown's: it is sure only between the numbers around it."""
    return mark.marker.strip().endswith(("、", "．"))


def _first(hidden: dict[int, list[Mark]], number: int, start: int, end: int) -> Mark | None:
    """Return the first line with a number between two lines."""
    marks = hidden.get(number, [])
    at = bisect_left(marks, start + 1, key=lambda mark: mark.line)
    return marks[at] if at < len(marks) and marks[at].line < end else None


def _before_the_first(page: Page, hidden: dict[int, list[Mark]]) -> list[Mark]:
    """Return the notes 1 to k-1 where the first that CommonMark sees is k; all of them, or none."""
    first = page.notes[0]
    if not 1 < (first.number or 0) <= _MOST_BEFORE:
        return []
    found: list[Mark] = []
    line = -1
    for number in range(1, first.number or 0):
        mark = _first(hidden, number, line, first.line)
        if mark is None:
            return []
        found.append(mark)
        line = mark.line
    return found
