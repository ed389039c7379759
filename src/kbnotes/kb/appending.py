"""A new note at the end of a numbered file, in the file's own style."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from kbnotes.errors import InputError
from kbnotes.kb.making import Made
from kbnotes.markdown import newline_of, next_note
from kbnotes.model import Entry, NextNote


def appended(read: Callable[[str], Made], text: str, body: str, *, title: str) -> tuple[str, Entry]:
    """Return a file's text with a note more, and the entry which that note makes.

    Where `body` would not be one note as it stands, its lines are indented. Raises InputError where it would
    not be one note in any way.
    """
    before = read(text)
    note = next_note(before.sections)
    if not note.marker:
        raise InputError(
            "A note cannot be added to a file whose numbered headings are underlined.",
            hint="add it in the file, then `kb sync-file`",
        )
    for each in _ways(note, body, title):
        new = _inserted(before, note, each, newline_of(text) or "\n")
        if entry := _new_one(before, read(new), note):
            return new, entry
    raise InputError(
        "The text would not be one note in the file.", hint="take the numbers off the start of its lines"
    )


def _ways(note: NextNote, body: str, title: str) -> Iterator[str]:
    """Yield a note as it may stand in the file: the text as it is, and with its lines indented."""
    if note.marker.startswith("#"):
        yield f"{note.marker}{title}\n\n{body}" if title else f"{note.marker}{body}"
        return
    yield note.marker + body
    first, *rest = body.split("\n")
    indent = " " * len(note.marker)
    yield "\n".join([note.marker + first, *(indent + line if line else line for line in rest)])


def _inserted(reading: Made, note: NextNote, new: str, newline: str) -> str:
    pieces = [section.marker + section.body + section.tail for section in reading.sections]
    above, below = "".join(pieces[: note.at]), "".join(pieces[note.at :])
    new, gap = (text.replace("\n", newline) for text in (new, note.gap))
    if not above:
        return new + gap + below if below else new
    last = reading.sections[note.at - 1]
    is_open = not above.endswith(("\n", "\r"))
    bare = above.removesuffix(last.tail) if last.tail else above
    if is_open and not last.tail:
        return bare + newline + gap + new.removesuffix(newline) + below
    return bare + gap + new + last.tail + below


def _new_one(before: Made, after: Made, note: NextNote) -> Entry | None:
    """Return the entry of the new note, if all other notes are as they were."""
    old, new = list(before.by_section.values()), list(after.by_section.values())
    if len(new) != len(old) + 1:
        return None
    at = sum(place < note.at for place in before.by_section)
    entry = new.pop(at)
    is_right = entry.source is not None and entry.source.number == note.number
    return entry if is_right and list(map(_said, old)) == list(map(_said, new)) else None


def _said(entry: Entry) -> tuple[int | None, str]:
    return entry.source.number if entry.source else None, entry.body.rstrip("\n")
