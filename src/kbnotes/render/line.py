"""Styled text of one line, and how it is wrapped: what a page of hits needs of Rich, without its import."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

Piece = tuple[str, str]  # text and style
_WORD = re.compile(r"\s*\S+\s*")
_ATTRIBUTES = {"bold": "1", "dim": "2", "italic": "3", "underline": "4"}
_COLOURS = {"red": "31", "green": "32", "yellow": "33", "magenta": "35", "cyan": "36"}


class Line:
    """Text in pieces, each in a style of its own."""

    __slots__ = ("pieces",)

    def __init__(self, text: str = "", style: str = "") -> None:
        self.pieces: list[Piece] = [(text, style)] if text else []

    @staticmethod
    def assemble(*parts: Line | str | Piece) -> Line:
        """Return parts one behind the other."""
        line = Line()
        for part in parts:
            if isinstance(part, Line):
                line.pieces += part.pieces
            elif text := part if isinstance(part, str) else part[0]:
                line.pieces.append((text, "" if isinstance(part, str) else part[1]))
        return line

    @property
    def plain(self) -> str:
        """The text."""
        return "".join(text for text, _ in self.pieces)

    @property
    def width(self) -> int:
        """Columns that the text takes."""
        return width_of(self.plain)

    def __bool__(self) -> bool:
        return bool(self.pieces)

    def join(self, lines: Iterable[Line]) -> Line:
        """Return lines with this one between each two."""
        parts = [part for line in lines for part in (self, line)]
        return Line.assemble(*parts[1:])

    def slice(self, start: int, end: int) -> Line:
        """Return the characters [start, end)."""
        line, at = Line(), 0
        for text, style in self.pieces:
            if part := text[max(0, start - at) : max(0, end - at)]:
                line.pieces.append((part, style))
            at += len(text)
        return line

    def stripped(self) -> Line:
        """Return the line without blanks at its end."""
        return self.slice(0, len(self.plain.rstrip()))

    def cut(self, width: int) -> Line:
        """Return the line in at most `width` columns, with an ellipsis where something is missing."""
        if self.width <= width:
            return self
        plain = self.plain
        end = next(at for at in range(len(plain), -1, -1) if width_of(plain[:at]) < width)
        kept = self.slice(0, end)
        return Line.assemble(kept, ("…", kept.pieces[-1][1] if kept.pieces else ""))

    def wrap(self, width: int) -> list[Line]:
        """Return lines of at most `width` columns, broken between words where that can be done."""
        found: list[Line] = []
        plain, start = self.plain, 0
        for paragraph in plain.split("\n"):
            ends = [*_breaks(paragraph, width), len(paragraph)]
            for begin, end in zip([0, *ends], ends, strict=False):
                found.append(self.slice(start + begin, start + end).stripped())
            start += len(paragraph) + 1
        return found

    def rendered(self, *, no_color: bool) -> str:
        """Return the line in ANSI escape sequences."""
        return "".join(_sequence(text, style, no_color=no_color) for text, style in self.pieces)


def width_of(text: str) -> int:
    """Return the columns that a text takes on a terminal."""
    if text.isascii():
        return len(text)
    from rich.cells import cell_len

    return cell_len(text)


def _breaks(text: str, width: int) -> Iterator[int]:
    """Yield where lines of `text` end, before its end."""
    used = 0
    for word in _WORD.finditer(text):
        needed = width_of(word.group().rstrip())
        if used and used + needed > width:
            yield word.start()
            used = 0
        if needed <= width:
            used += width_of(word.group())
            continue
        for at in range(word.start(), word.end()):  # a word longer than a line is broken anywhere
            size = width_of(text[at])
            if used + size > width and not text[at].isspace():
                yield at
                used = 0
            used += size


def _sequence(text: str, style: str, *, no_color: bool) -> str:
    words = style.split()
    codes = [_ATTRIBUTES[word] for word in words if word in _ATTRIBUTES]
    codes += [_COLOURS[word] for word in words if word in _COLOURS and not no_color]
    return f"\x1b[{';'.join(codes)}m{text}\x1b[0m" if codes else text
