"""How a numbered file would go on: the number, the marker and the blank lines of its next note."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from kbnotes.markdown.splitting.headings import prefix_of
from kbnotes.markdown.splitting.numbers import read_number, write_number
from kbnotes.model import NextNote, Section

_DIGITS = re.compile(r"[0-9０-９]+|[零〇一二三四五六七八九十百]+")


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
    marker = note.marker or prefix_of(note.body)
    found = _DIGITS.search(marker)
    if not found:
        return ""
    if read_number(found.group()) != note.number and len({each.marker for each in notes}) == 1:
        return marker  # each note says 1
    written = marker[: found.start()] + write_number(number, like=found.group()) + marker[found.end() :]
    return written + " " if written[-1] in ".)" else written
