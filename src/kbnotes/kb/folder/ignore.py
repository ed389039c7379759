"""`.gitignore`: which paths its patterns leave out. The rules are those of gitignore(5)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from kbnotes.record import record

_NEVER = "(?!)"
_CLASSES = {
    "alpha": "a-zA-Z", "digit": "0-9", "alnum": "a-zA-Z0-9", "upper": "A-Z", "lower": "a-z",
    "space": r"\s", "blank": " \\t", "xdigit": "0-9a-fA-F", "punct": r"!-/:-@\[-`{-~",
}  # fmt: skip


@record
class Pattern:
    """One line of a `.gitignore`."""

    path: re.Pattern[str]  # of paths relative to the folder of the file
    folders_only: bool
    keeps: bool  # `!`: what it finds is not left out


@record
class Ignore:
    """The patterns that hold in one folder: its own behind those of the folders above."""

    rules: tuple[tuple[str, Pattern], ...] = ()  # the folder of each file, "" or "a/b/", and its pattern

    def below(self, folder: str, text: str) -> Ignore:
        """Return the rules within `folder`, whose `.gitignore` holds `text`."""
        return Ignore((*self.rules, *((folder, pattern) for pattern in patterns_in(text))))

    def leaves_out(self, path: str, *, is_folder: bool) -> bool:
        """Tell whether `path` is left out: the last pattern that finds it decides.

        The folders above it are taken to be looked at already: below one that is left out, all is.
        """
        for folder, pattern in reversed(self.rules):
            if pattern.folders_only and not is_folder:
                continue
            if pattern.path.fullmatch(path.removeprefix(folder)):
                return not pattern.keeps
        return False


def patterns_in(text: str) -> Sequence[Pattern]:
    """Return the patterns of a `.gitignore`, in order."""
    lines = (line.removesuffix("\r") for line in text.removeprefix("\ufeff").split("\n"))
    found = (_pattern(_without_blanks(line)) for line in lines if not line.startswith("#"))
    return [pattern for pattern in found if pattern]


def _without_blanks(line: str) -> str:
    """Take off blanks at the end; the first of them may be escaped."""
    kept = line.rstrip(" ")
    escapes = len(kept) - len(kept.rstrip("\\"))
    return line[: len(kept) + 1] if escapes % 2 and len(kept) < len(line) else kept


def _pattern(line: str) -> Pattern | None:
    keeps = line.startswith("!")
    glob = line[keeps:]
    folders_only = glob.endswith("/")
    glob = glob.removesuffix("/")
    if not glob and not folders_only:
        return None
    is_anchored = "/" in glob
    source = _translated(glob.removeprefix("/"), is_path=is_anchored)
    return Pattern(
        path=re.compile(source if is_anchored else f"(?:.*/)?{source}", re.DOTALL),
        folders_only=folders_only,
        keeps=keeps,
    )


def _translated(glob: str, *, is_path: bool) -> str:
    """Return a glob as a regular expression; one that git would not understand finds nothing."""
    parts: list[str] = []
    at = 0
    while at < len(glob):
        char = glob[at]
        if char == "*":
            end = at + len(glob[at:]) - len(glob[at:].lstrip("*"))
            piece, at = _stars(glob, at, end, is_path=is_path)
        elif char == "?":
            piece, at = "[^/]", at + 1
        elif char == "[":
            piece, at = _bracket(glob, at)
        elif char == "\\":
            piece, at = (re.escape(glob[at + 1]), at + 2) if at + 1 < len(glob) else (_NEVER, at + 1)
        else:
            piece, at = re.escape(char), at + 1
        parts.append(piece)
    return "".join(parts)


def _stars(glob: str, at: int, end: int, *, is_path: bool) -> tuple[str, int]:
    """Return what the stars [at, end) stand for, and where to go on; `**` may cross slashes."""
    starts = at == 0 or glob[at - 1] == "/"
    if is_path and end - at >= 2 and starts:
        if end == len(glob):
            return ".+" if at else ".*", end
        if glob[end] == "/":
            return "(?:.*/)?", end + 1
    return "[^/]*", end


def _bracket(glob: str, at: int) -> tuple[str, int]:
    """Return the class of characters that begins at `at`, and where to go on."""
    place = at + 1
    negated = glob[place : place + 1] in ("!", "^")
    place += negated
    inside: list[str] = []
    first = True
    while place < len(glob) and (first or glob[place] != "]"):
        first = False
        if glob.startswith("[:", place) and (stop := glob.find(":]", place + 2)) > 0:
            name = glob[place + 2 : stop]
            if name not in _CLASSES:
                return _NEVER, len(glob)
            inside.append(_CLASSES[name])
            place = stop + 2
            continue
        low, place = _member(glob, place)
        high = low
        if glob[place : place + 1] == "-" and glob[place + 1 : place + 2] not in ("", "]"):
            high, place = _member(glob, place + 1)
        if low <= high:
            inside.append(re.escape(low) if low == high else f"{re.escape(low)}-{re.escape(high)}")
    if place >= len(glob):
        return _NEVER, len(glob)
    members = "".join(inside)
    if not members:
        return ("[^/]" if negated else _NEVER), place + 1
    return (f"[^/{members}]" if negated else f"(?!/)[{members}]"), place + 1


def _member(glob: str, at: int) -> tuple[str, int]:
    """Return one character of a class and where to go on."""
    if glob[at] == "\\" and at + 1 < len(glob):
        return glob[at + 1], at + 2
    return glob[at], at + 1
