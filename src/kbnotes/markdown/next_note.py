"""How a numbered file would go on: the number, the marker and the blank lines of its next note."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from kbnotes.markdown.splitting.headings import prefix_of
from kbnotes.markdown.splitting.numbers import read_number, write_number
from kbnotes.model import NextNote, Section

_DIGITS = re.compile(r"[0-9０-９]+|[零〇一二三四五六七八九十百]+")

_ORDINAL = re.compile(r"^(?:st|nd|rd|th)\b")
_BOLD = re.compile(r"(\*{2,3}|__)(\d{1,9}[.)、:])(?!\d)")


def next_note(sections: Sequence[Section]) -> NextNote:
    """Return where and how a new note goes into a file: behind the last, or above the first if they go down.

    A file without notes gets its first one at the end.
    """
    places = [at for at, section in enumerate(sections) if section.kind == "note"]
    if not places:
        return NextNote(at=len(sections), number=1, marker="1. ", gap="\n")
    notes = [sections[at] for at in places]
    numbers = [section.number or 0 for section in notes]
    gap = notes[-2].tail.replace("\r\n", "\n").replace("\r", "\n") if len(notes) > 1 else "\n"
    if len(notes) > 1 and all(one == other + 1 for one, other in pairwise(numbers)):
        return NextNote(
            at=places[0], number=numbers[0] + 1, marker=_marker(notes[:2], numbers[0] + 1), gap=gap
        )
    number = numbers[-1] + 1
    return NextNote(at=places[-1] + 1, number=number, marker=_marker(notes[-2:], number), gap=gap)


def _marker(notes: list[Section], number: int) -> str:
    """Return the marker for a number in the style of a note, the nearest of two; "" if there is no way."""
    note = notes[-1]
    marker = note.marker or prefix_of(note.body) or _bold_prefix(note.body)
    places = list(_DIGITS.finditer(marker))
    if not places:
        return ""
    found = places[-1]
    if read_number(found.group()) != note.number and len({each.marker for each in notes}) == 1:
        return marker  # each note says 1
    behind = _ORDINAL.sub(_ordinal_of(number), marker[found.end() :])
    written = marker[: found.start()] + write_number(number, like=found.group()) + behind
    is_tight = all(each.marker[-1:] in ("", ".", ")") and each.body.strip() for each in notes)
    return written + " " if written[-1] in ".)" and not is_tight else written


def _ordinal_of(number: int) -> str:
    """Return what makes a number an ordinal in English: the `th` of 4th."""
    teens = number % 100 in range(11, 14)
    return "th" if teens else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")


def _bold_prefix(body: str) -> str:
    """Return `**12.** ` for a note whose first line is a bold title with its number, `**12. Title**`."""
    found = _BOLD.match(body)
    return f"{found[1]}{found[2]}{found[1]} " if found else ""
