"""Entries -> one numbered Markdown file: the file they came from, byte for byte, where that is what they are.

What is put together is split again. An entry that would not come back as the one note it is gets its lines
indented by the width of its marker, as CommonMark has the lines of a list item.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count, pairwise
from pathlib import PurePosixPath

from kbnotes import codec
from kbnotes.markdown import dedent, split
from kbnotes.model import Entry, Source

ROUNDS = 50  # of mending; each splits the whole text
_LEADING = re.compile(r"\A[ \t]*")
_DIGITS = re.compile("[0-9]+")


@dataclass(slots=True)
class Piece:
    """An entry on its way into the file."""

    entry: Entry
    before: str  # what stands before its marker: headings, and what keeps it from the piece above
    marker: str
    body: str
    tail: str
    opens: str = ""  # the name of the file that begins with it, if another file and no heading is above
    is_mended: bool = False

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
        last = markers[-1].lstrip() if markers else "1. "
        self._marker = last if last.endswith((" ", "\t")) else f"{last} "
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
    for place, (file, group) in enumerate(files.items()):
        above: tuple[str, ...] = ()
        opens = PurePosixPath(file).stem if place else ""
        for source, entry in sorted(group, key=_place):
            lead = _missing_headings(source, above) + source.lead
            above = (*source.section, *_own_heading(entry))
            opens = "" if lead.lstrip("\n").startswith("#") else opens
            yield Piece(entry, lead, _marker(source, entry.body), entry.body, source.tail, opens=opens)
            opens = ""


def _marker(source: Source, body: str) -> str:
    """Return the marker of a note; with a space that it did not need while there was no text behind it."""
    marker = source.list_marker
    return f"{marker} " if marker and body.strip() and marker[-1] not in " \t" and body[0] > " " else marker


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


def _own_heading(entry: Entry) -> tuple[str, ...]:
    """Return the heading with which text without a number begins: the entries below it are below this one."""
    return () if entry.list_marker else split(entry.body + "\n1. next\n").sections[-1].path


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
    numbers = count(number + 1)
    for place, piece in enumerate(pieces):
        if not piece.marker and not _stands_without_number(piece, is_first=not place):
            _number(piece, style.marker(next(numbers)))
    for piece, below in zip(pieces, [*pieces[1:], None], strict=True):
        behind = piece.tail + (below.before if below and not below.before.strip() else "")
        if not _is_untouched(piece) and piece.marker and not _stands_alone(piece, behind):
            _indent(piece)
    for _ in range(ROUNDS):
        culprit = _culprit(pieces)
        if culprit is None:
            return
        if culprit.opens:
            culprit.before = f"\n# {culprit.opens}\n\n" + culprit.before.lstrip("\n")
            culprit.opens = ""
        elif not culprit.marker:
            _number(culprit, style.marker(next(numbers)))
        elif not culprit.is_mended:
            _indent(culprit)
        else:
            break
    yield from _complaints(pieces)


def _number(piece: Piece, marker: str) -> None:
    """Give a number to text that has none: behind a note it would become a part of it."""
    piece.marker = marker
    if not _stands_alone(piece, piece.tail):
        _indent(piece)


def _stands_without_number(piece: Piece, *, is_first: bool) -> bool:
    """Tell whether a text without a number stays by itself: the first one does, or one below its heading."""
    found = split(f"{piece.body}\n1. next\n").sections
    return len(found) == 2 and found[0].kind == "prose" and (is_first or bool(found[1].path))


def _is_untouched(piece: Piece) -> bool:
    source = piece.entry.source
    return source is not None and codec.digest(piece.body) == source.digest


def _stands_alone(piece: Piece, behind: str) -> bool:
    """Tell whether a piece is one note and ends before the next, whatever else stands around it."""
    end = piece.body if piece.body.endswith("\n") else piece.body + "\n"
    found = split(f"{piece.marker}{end}{behind}{_next_marker(piece.marker)}next\n").sections
    return len(found) == 2 and _is_same(piece, (found[0].marker, found[0].body))


def _next_marker(marker: str) -> str:
    return _DIGITS.sub(lambda digits: str((int(digits.group()) + 1) % 10**9), marker, count=1)


def _indent(piece: Piece) -> None:
    """Indent all lines but the first by the width of the marker, which `dedent` takes off again.

    A tab at the beginning of a line becomes the spaces that it stands for, or it would end elsewhere.
    """
    piece.is_mended = True
    first, *rest = piece.body.split("\n")
    marker = split(piece.marker + first + "\n").sections[0].marker
    space = " " * len(marker.expandtabs(4))
    lines = (_LEADING.sub(lambda found: space + found.group().expandtabs(4), line) for line in rest)
    body = "\n".join([first, *(line if line.strip() else "" for line in lines)])
    if _is_indented(marker, (piece.marker + body)[len(marker) :], piece.body):
        piece.body = body


def _is_indented(marker: str, body: str, plain: str) -> bool:
    """Tell whether a body is a plain one, indented; what only looks like blank lines aside."""
    return _lines(dedent(body, marker)) == _lines(plain)


def _lines(body: str) -> list[str]:
    lines = (
        _LEADING.sub(lambda found: found.group().expandtabs(4), line) for line in body.strip().split("\n")
    )
    return [line if line.strip() else "" for line in lines]


def _culprit(pieces: Sequence[Piece]) -> Piece | None:
    """Return the piece that keeps the first wrong one from being a section of the whole; None if all are."""
    for place, (piece, section) in enumerate(_with_sections(pieces)):
        if section and _is_same(piece, section):
            continue
        below = pieces[place + 1] if place + 1 < len(pieces) else None
        if section and section[0] == piece.marker and section[1].startswith(_trimmed(piece.body)) and below:
            # It runs on into the next one. Text without a marker can do nothing else behind a note.
            return below if below.opens or not below.marker or piece.is_mended else piece
        above = pieces[place - 1] if place else piece
        return piece if section or piece.opens or not piece.marker or above.is_mended else above
    return None


def _complaints(pieces: Sequence[Piece]) -> Iterator[str]:
    for piece, section in _with_sections(pieces):
        if not section or not _is_same(piece, section):
            yield f"entry {piece.entry.id} would not come back from the file as it is"


def _with_sections(pieces: Sequence[Piece]) -> Iterator[tuple[Piece, tuple[str, str] | None]]:
    """Yield each piece with marker and body of the section that begins where it does, if one does."""
    starts: dict[int, tuple[str, str]] = {}
    at = 0
    for each in split("".join(piece.text for piece in pieces)).sections:
        if each.kind in ("note", "prose"):
            starts[at] = (each.marker, each.body)
        at += len(each.marker) + len(each.body) + len(each.tail)
    at = 0
    for piece in pieces:
        yield piece, starts.get(at + len(piece.before))
        at += len(piece.text)


def _is_same(piece: Piece, section: tuple[str, str]) -> bool:
    """Tell whether a section is a piece; spaces at the beginning of a body may have gone to the marker."""
    marker, body = section
    if marker.rstrip() != piece.marker.rstrip():
        return False
    if piece.body != piece.entry.body:  # it was indented
        return _is_indented(marker, body, piece.entry.body)
    return (marker + body).rstrip("\n") == piece.marker + _trimmed(piece.body + piece.tail).rstrip("\n")


def _trimmed(body: str) -> str:
    """Return a body as a section has it: without the blank lines behind it."""
    lines = body.split("\n")
    end = len(lines) - 1 if lines[-1] == "" else len(lines)
    while end and not lines[end - 1].strip():
        end -= 1
    return "\n".join(lines[:end]) + ("\n" if end < len(lines) else "") if end else ""
