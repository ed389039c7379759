"""Earlier contents of linked files: `linked/notes.md-8ac3e734/0003-20261127T180000Z-8ac3e734972ab931`.

The files themselves stand anywhere; what a sync replaces in one is kept here, as versions of entries are in
the history. The directory is named by the file and by digits of its whole path, which may be of any length.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from kbnotes import codec
from kbnotes.errors import ConflictError
from kbnotes.store import files
from kbnotes.store.names import listed

_NAME = re.compile(r"(\d{4,9})-(\d{8}T\d{6}Z)-([0-9a-f]{16})")
_NOT_PLAIN = re.compile(r"[^A-Za-z0-9._-]+")
_TIME = "%Y%m%dT%H%M%SZ"
_DIGITS = 16


class LinkedFiles:
    """What linked files held before. Change it only while holding the writer's lock."""

    def __init__(self, base: Path) -> None:
        self.directory = base / "linked"

    def rewrite(self, path: Path, content: bytes, *, expected: bytes) -> Path:
        """Replace what a linked file holds, keep what it held, and return where that is kept.

        Raises ConflictError if it does not hold `expected` any more, StorageError; nothing was written then.
        """
        with files.writing(self.directory):
            kept = self._keep(path, expected)
        with files.writing(path):
            if not files.rewrite(path, content, expected=expected):
                raise ConflictError(
                    f"{path} was changed while kb was at it, so nothing was written.", hint="try again"
                )
        return kept

    def versions(self) -> Iterator[tuple[Path, datetime]]:
        """Yield the kept contents of all files with the time of each, those of one file in their order."""
        for place in listed(self.directory):
            for path in listed(place) if place.is_dir() and not place.is_symlink() else ():
                if found := _NAME.fullmatch(path.name):
                    yield path, datetime.strptime(found[2], _TIME).replace(tzinfo=UTC)

    def _keep(self, path: Path, content: bytes) -> Path:
        place = self.directory / _name_of(path)
        for directory in (self.directory, place):
            files.make_directory(directory)
        found = [match for each in listed(place) if (match := _NAME.fullmatch(each.name))]
        digest = codec.digest(content)[:_DIGITS]
        if found and found[-1][3] == digest:  # a crash came between the keeping and the writing
            return place / found[-1].group()
        number = max((int(match[1]) for match in found), default=0) + 1
        target = place / f"{number:04d}-{datetime.now(UTC).strftime(_TIME)}-{digest}"
        files.create(target, content)
        return target


def version_digest(name: str) -> str | None:
    """Return the digits of its digest that the name of a kept content ends with; None for another name."""
    found = _NAME.fullmatch(name)
    return found[3] if found else None


def _name_of(path: Path) -> str:
    plain = _NOT_PLAIN.sub("-", path.name)[:60]
    return f"{plain}-{codec.digest(str(path))[:8]}"
