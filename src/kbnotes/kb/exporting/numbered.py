"""Entries -> one numbered Markdown file: the file they came from, byte for byte, where that is what they are.

What is put together is split again. An entry that would not come back as the one note it is gets its lines
indented by the width of its marker, as CommonMark has the lines of a list item.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from kbnotes import codec
from kbnotes.markdown import dedent, split
from kbnotes.model import Entry, Source

ROUNDS = 20  # of mending; each splits the whole text
_DIGITS = re.compile("[0-9]+")
_HEADING = re.compile(r" {0,3}#{1,6}(?:[ \t]|$)")


@dataclass(slots=True)
class Piece:
    """An entry on its way into the file."""

    entry: Entry
    before: str  # what stands before its marker: headings, and what keeps it from the piece above
    marker: str
    body: str
    tail: str
    level: int = 0  # of mending: 1 its lines are indented, 2 nothing more can be done

    @property
    def text(self) -> str:
        """The piece as it stands in the file."""
        return self.before + self.marker + self.body + self.tail


def numbered(entries: Sequence[Entry]) -> tuple[str, tuple[str, ...]]:
    """Return the text of the file, with its line ends, and warnings of what does not come back as it is."""
    sourced = [entry for entry in entries if entry.source]
    pieces = list(_sourced(sourced))
    style = _Style(sourced)
    number = max((entry.source.number or 0 for entry in sourced if entry.source), default=0)
    loose = [entry for entry in entries if not entry.source]
    pieces += [_loose(entry, number + at, style) for at, entry in enumerate(loose, 1)]
    warnings: tuple[str, ...] = ()
    if not _is_as_imported(pieces):
        _part(pieces, style)
        warnings = tuple(_mend(pieces, style, number + len(loose)))
    newlines = {entry.source.newline for entry in sourced if entry.source}
    text = "".join(piece.text for piece in pieces)
    return text.replace("\n", newlines.pop() if len(newlines) == 1 else "\n"), warnings


class _Style:
    """How notes are written in the files that the entries came from."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        sources = [entry.source for entry in entries if entry.source and entry.source.number is not None]
        markers = [source.list_marker for source in sources if _DIGITS.search(source.list_marker)]
        self._marker = markers[-1] if markers else "1. "
        tails = Counter(source.tail for source in sources[:-1])  # behind the last one the file ends
        self.gap = "" if tails and not tails.most_common(1)[0][0].strip(" \t") else "\n"

    def marker(self, number: int) -> str:
        """Return the marker of a note."""
        return _DIGITS.sub(str(number), self._marker, count=1)


def _sourced(entries: Iterable[Entry]) -> Iterator[Piece]:
    """Yield the entries that came from files: one file after the other, each in its own order."""
    files: dict[str, list[tuple[Source, Entry]]] = {}
    for entry in entries:
        if entry.source:
            files.setdefault(entry.source.file, []).append((entry.source, entry))
    for file in files.values():
        above: tuple[str, ...] = ()
        for source, entry in sorted(file, key=_place):
            lead = _missing_headings(source, above) + source.lead
            above = source.section
            yield Piece(entry, lead, source.list_marker, entry.body, source.tail)


def _place(each: tuple[Source, Entry]) -> tuple[int, int, int]:
    source, entry = each
    return source.first_line, source.number or 0, entry.id


def _missing_headings(source: Source, above: tuple[str, ...]) -> str:
    """Return the headings that the entry stands under and that neither stand already nor come with it."""
    same = 0
    while source.section[same : same + 1] and source.section[same : same + 1] == above[same : same + 1]:
        same += 1
    come = source.lead.replace("\r", "\n")
    return "".join(f"{heading}\n\n" for heading in source.section[same:] if heading not in come)


def _loose(entry: Entry, number: int, style: _Style) -> Piece:
    return Piece(entry, "", style.marker(number), entry.body, "")


def _is_as_imported(pieces: Sequence[Piece]) -> bool:
    """Tell whether all pieces are of one file and nobody changed them: together they are its own text."""
    sources = [piece.entry.source for piece in pieces]
    if len({source.file if source else None for source in sources}) != 1:
        return False
    return all(
        source and piece.before == source.lead and codec.digest(piece.body) == source.digest
        for piece, source in zip(pieces, sources, strict=True)
    )


def _part(pieces: Sequence[Piece], style: _Style) -> None:
    """See that no piece is glued to the one before it."""
    for above, piece in pairwise(pieces):
        end = above.text
        is_new = piece.entry.source is None or (
            above.entry.source is not None and piece.entry.source.file != above.entry.source.file
        )
        piece.before = _between(end, piece.before, gap="\n" if not piece.marker else style.gap, is_new=is_new)


def _between(end: str, before: str, *, gap: str, is_new: bool) -> str:
    if not end.endswith("\n") and end:
        before = "\n" + before
        end += "\n"
    blank = end.endswith("\n\n") or not end
    return gap + before if is_new and not blank else before


# Mending


def _mend(pieces: list[Piece], style: _Style, number: int) -> Iterator[str]:
    """Change pieces that would not come back as they are; yield a warning for each that still would not."""
    for piece in pieces:
        if not _is_untouched(piece) and piece.marker and not _stands_alone(piece):
            _indent(piece)
    for _ in range(ROUNDS):
        wrong = _wrong(pieces)
        if not wrong:
            return
        culprit = wrong[0]
        if not culprit.marker and culprit is not pieces[0]:
            number += 1
            culprit.marker = style.marker(number)
        elif not culprit.level:
            _indent(culprit)
        else:
            break
    for piece in _wrong(pieces):
        yield f"entry {piece.entry.id} would not come back from the file as it is"


def _is_untouched(piece: Piece) -> bool:
    source = piece.entry.source
    return source is not None and codec.digest(piece.body) == source.digest


def _stands_alone(piece: Piece) -> bool:
    """Tell whether a piece is one note and ends before the next, whatever stands around it."""
    end = piece.body if piece.body.endswith("\n") else piece.body + "\n"
    found = split(f"{piece.marker}{end}{_next_marker(piece.marker)}next\n").sections
    return len(found) == 2 and (found[0].marker, found[0].body) == (piece.marker, _trimmed(end))


def _next_marker(marker: str) -> str:
    return _DIGITS.sub(lambda digits: str((int(digits.group()) + 1) % 10**9), marker, count=1)


def _indent(piece: Piece) -> None:
    """Indent all lines but the first by the width of the marker, which `dedent` takes off again."""
    piece.level += 1
    first, *rest = piece.body.split("\n")
    space = " " * len(piece.marker)
    body = "\n".join([first, *(space + line if line else "" for line in rest)])
    if dedent(body, piece.marker) == piece.body:
        piece.body = body


def _wrong(pieces: Sequence[Piece]) -> list[Piece]:
    """Return the pieces that are no section of the whole; with the first, the others' trouble begins."""
    text = "".join(piece.text for piece in pieces)
    starts: dict[int, tuple[str, str]] = {}
    at = 0
    for each in split(text).sections:
        starts[at] = (each.marker, each.body)
        at += len(each.marker) + len(each.body) + len(each.tail)
    found: list[Piece] = []
    at = 0
    for place, piece in enumerate(pieces):
        start = at + len(piece.before)
        at += len(piece.text)
        section = starts.get(start)
        if section and _is_same(piece, section):
            continue
        swallowed = section is None and piece.marker and place and not pieces[place - 1].level
        culprit = pieces[place - 1] if swallowed and not found else piece
        found.append(culprit)
    return found


def _is_same(piece: Piece, section: tuple[str, str]) -> bool:
    marker, body = section
    return marker == piece.marker and body == _trimmed(piece.body + piece.tail)


def _trimmed(body: str) -> str:
    """Return a body as a section has it: without the blank lines behind it."""
    lines = body.split("\n")
    end = len(lines) - 1 if lines[-1] == "" else len(lines)
    while end and not lines[end - 1].strip():
        end -= 1
    return "\n".join(lines[:end]) + ("\n" if end < len(lines) else "") if end else ""
