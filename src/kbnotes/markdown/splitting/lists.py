"""Rules for ordered lists: which of their items are notes, and what their numbers mean."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from dataclasses import replace

from kbnotes.markdown.splitting.page import Mark, Page

JUMP = 100  # numbers further apart than this are more likely a year at the start of a line
_LONGEST_LINK = 1000  # a longer line is no line of a table of contents
SMALL = 10  # a list within a note is rarely longer: one that is has begun anew

_CONTENTS_LINE = re.compile(
    r"\s*(?:\d{1,9}[.)]|[-*+])[ \t]+(?:\*\*|__|[*_`])?"
    r"(?:\[(?:(?!\]\()[^\r\n])*\]\(<?#[^\s<>]*>?(?:[ \t]+[\"'][^\"'\r\n]*[\"'])?\)"
    r"|<a [^<>]*href=[\"']?#[^<>]*>[^<>]*</a>)"
    r"(?:\*\*|__|[*_`])?(?:[ \t]*(?:<br[ \t]*/?>|\\))?\s*\Z"
)


def drop_contents(page: Page) -> None:
    """A list whose every item is nothing but a link to `#…` is a table of contents.

    With only blank lines between, the list of the notes themselves is the same one for CommonMark.
    """
    begun = {mark.line for mark in page.notes if mark.number in (0, 1)}
    dropped: set[int] = set()
    for start, end in page.lists:
        other = (
            at for at in range(start, end) if page.lines[at].strip() and not is_link_only(page.lines[at])
        )
        stop = next(other, end)
        if stop > start and (stop == end or stop in begun):
            dropped.update(range(start, stop))
            page.warn(start, "a table of contents; its lines are no notes")
    page.notes = [mark for mark in page.notes if mark.line not in dropped]


def is_link_only(line: str) -> bool:
    """Tell whether an item is nothing but a link to `#…`, as in a table of contents."""
    return len(line) <= _LONGEST_LINK and _CONTENTS_LINE.match(line) is not None


def count_ones(page: Page) -> None:
    """A list whose items all have one number is counted; so are lists of `1.` between two headings."""
    counted: dict[int, Mark] = {}
    for marks in _by_list(page):
        if len(marks) > 1 and len({mark.number for mark in marks}) == 1:
            first = marks[0]
            page.warn(first.line, f"every item says {first.number}; they are numbered by their order")
            counted |= {mark.line: replace(mark, number=_plus(first, at)) for at, mark in enumerate(marks)}
    for marks in page.zones():
        lists = [mark for mark in marks if mark.number == 1]
        if len(lists) == len(marks) > 1 and not any(mark.line in counted for mark in marks):
            page.warn(marks[0].line, "every list says 1; the notes are numbered by their order")
            counted |= {mark.line: replace(mark, number=_plus(marks[0], at)) for at, mark in enumerate(marks)}
    page.notes = [counted.get(mark.line, mark) for mark in page.notes]


def _plus(first: Mark, at: int) -> int:
    return (first.number or 0) + at


def _by_list(page: Page) -> list[list[Mark]]:
    starts = [start for start, _ in page.lists]
    found: dict[int, list[Mark]] = defaultdict(list)
    for mark in page.notes:
        found[bisect_right(starts, mark.line)].append(mark)
    return list(found.values())


def keep_inner_lists(page: Page) -> None:
    """Items between note n and a later n+1 that begin again, or jump, belong to note n."""
    inner: set[int] = set()
    for marks in page.zones():
        inner |= _Zone(page, marks).inner()
    page.notes = [mark for mark in page.notes if mark.line not in inner]


class _Zone:
    """The items between two headings, read in order."""

    def __init__(self, page: Page, marks: list[Mark]) -> None:
        self._page = page
        self._marks = marks
        self._places: dict[tuple[int, tuple[int, str]], list[int]] = defaultdict(list)
        for at, mark in enumerate(marks):
            self._places[mark.number or 0, mark.style].append(at)
        self._longest: dict[tuple[int, str], int] = {}  # of the inner lists so far, by their style
        self._notes = 0  # so far

    def inner(self) -> set[int]:
        """Return the lines of the items that belong to the note above them."""
        found: set[int] = set()
        note: Mark | None = None
        at = 0
        while at < len(self._marks):
            mark = self._marks[at]
            end = self._end_of_inner(note, at) if note and _is_doubtful(note, mark) else at
            if end > at and note:
                self._page.warn(mark.line, f"the list that begins here belongs to note {note.number}")
                found.update(each.line for each in self._marks[at:end])
                self._longest[mark.style] = max(end - at, self._longest.get(mark.style, 0))
                at = end
            else:
                note = mark
                self._notes += 1
                at += 1
        return found

    def _end_of_inner(self, note: Mark, at: int) -> int:
        """Return where the items that may belong to `note` end; `at` itself if they belong to no note."""
        following = self._places[(note.number or 0) + 1, note.style]
        places = following[bisect_right(following, at) :][:3]
        sure = [place for place in places if not self._is_next_of_inner(place, note, at)]
        for place in sure or places:
            if sure or not self._goes_on(place, note):
                return place
        if self._marks[at].style[0] > note.style[0]:  # indented: it is seen to be inside
            return next(
                (
                    place
                    for place in range(at, len(self._marks))
                    if self._marks[place].style[0] <= note.style[0]
                ),
                len(self._marks),
            )
        return len(self._marks) if self._is_last_inner(at) else at

    def _is_last_inner(self, at: int) -> bool:
        """Tell whether a list with no note below is within the last note, as others are in those above."""
        length, longest = len(self._marks) - at, self._longest.get(self._marks[at].style, 0)
        return longest > 0 and length <= max(longest, SMALL // 2) and length < self._notes

    def _is_next_of_inner(self, place: int, note: Mark, at: int) -> bool:
        """Tell whether the item at `place` may as well be the next one of a list that began at `at`."""
        before = self._marks[place - 1]
        return place > at and before.number == note.number and before.style == note.style

    def _goes_on(self, place: int, note: Mark) -> bool:
        """Tell whether an item that may be n+1 of either list is the inner one's.

        By the blank lines above it and the one before it the reader of the file sees which is meant.
        """
        before = self._marks[place - 1]
        if self._page.is_loose(before.line) != self._page.is_loose(self._marks[place].line):
            return False
        return (note.number or 0) >= SMALL or not self._page.is_loose(before.line)


def _is_doubtful(note: Mark, mark: Mark) -> bool:
    number, last = mark.number or 0, note.number or 0
    return number != last + 1 and (number in (0, 1) or abs(number - last) > JUMP)
