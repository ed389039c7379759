"""Earlier versions of entries: `history/0018/0003-20261123T180000Z-8ac3e734972ab931.yaml`.

The name says which version of the entry it is, when another took its place, and what it holds, so that damage
shows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from kbnotes import codec
from kbnotes.model import Version
from kbnotes.store import files
from kbnotes.store.names import listed, names_in

_NAME = re.compile(r"(\d{4,9})-(\d{8}T\d{6}Z)-([0-9a-f]{16})(?:-([a-z]+))?\.yaml")
_ID = re.compile("[0-9]{1,18}")
_TIME = "%Y%m%dT%H%M%SZ"
_DIGITS = 16


class History:
    """The versions of all entries of one base. Change it only while holding the writer's lock."""

    def __init__(self, base: Path) -> None:
        self.directory = base / "history"

    def ids(self) -> set[int]:
        """Return the ids of which there are versions."""
        return {int(name) for name in names_in(self.directory) if _ID.fullmatch(name)}

    def versions(self, entry_id: int) -> tuple[Version, ...]:
        """Return the versions of an entry, the first one first."""
        found = (_version(entry_id, path) for path in listed(self._place(entry_id)))
        return tuple(sorted((each for each in found if each), key=lambda version: version.number))

    def all(self) -> Iterator[Version]:
        """Yield the versions of every entry, by id."""
        for entry_id in sorted(self.ids()):
            yield from self.versions(entry_id)

    def content(self, entry_id: int, digest: str) -> bytes | None:
        """Return the content with a digest, checked against it, if a version has it."""
        for version in self.versions(entry_id):
            if digest.startswith(version.digest):
                try:
                    content = files.read(Path(version.path))
                except OSError:
                    continue
                if codec.digest(content) == digest:
                    return content
        return None

    def keep(self, entry_id: int, path: Path, digest: str, *, label: str = "") -> Path:
        """Give the file at `path` a second name here, so that it outlives its replacement.

        A crash may have left such a name for this very file; it is used again, or dropped if the file was
        changed in its place since. Raises OSError.
        """
        newest = max(self.versions(entry_id), key=lambda version: version.number, default=None)
        if newest and files.is_same(path, Path(newest.path)):
            if digest.startswith(newest.digest):
                files.sync(Path(newest.path).parent)
                return Path(newest.path)
            Path(newest.path).unlink()
        target = self._next(entry_id, digest, label=label)
        files.link(path, target)
        return target

    def move(self, entry_id: int, path: Path, digest: str) -> Path:
        """Move the file at `path` here. Raises OSError."""
        target = self.keep(entry_id, path, digest)
        files.remove(path)
        return target

    def add(self, entry_id: int, content: bytes, *, label: str) -> Path:
        """Write a version that never was the entry's content, or is so no longer. Raises OSError."""
        target = self._next(entry_id, codec.digest(content), label=label)
        files.create(target, content)
        return target

    def _next(self, entry_id: int, digest: str, *, label: str = "") -> Path:
        place = self._place(entry_id)
        for directory in (self.directory, place):
            files.make_directory(directory)
        number = max((version.number for version in self.versions(entry_id)), default=0) + 1
        time = datetime.now(UTC).strftime(_TIME)
        ending = f"-{label}.yaml" if label else ".yaml"
        return place / f"{number:04d}-{time}-{digest[:_DIGITS]}{ending}"

    def _place(self, entry_id: int) -> Path:
        return self.directory / f"{entry_id:04d}"


def _version(entry_id: int, path: Path) -> Version | None:
    found = _NAME.fullmatch(path.name)
    if not found:
        return None
    number, time, digest, label = found.groups()
    try:
        when = datetime.strptime(time, _TIME).replace(tzinfo=UTC)
    except ValueError:
        return None
    return Version(
        number=int(number), id=entry_id, time=when, digest=digest, path=str(path), label=label or ""
    )
