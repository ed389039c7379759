"""What a backup holds, and what became of the files that it should hold."""

from __future__ import annotations

from kbnotes.record import record


@record
class SavedFile:
    """A file of a base, as the manifest of an archive has it."""

    path: str  # relative to the base, with "/"; bytes that are not UTF-8 are lone surrogates
    size: int  # bytes
    mode: int  # the nine permission bits
    mtime_ns: int
    sha256: str


@record
class Manifest:
    """All that an archive holds, in its order."""

    files: tuple[SavedFile, ...]
    directories: tuple[str, ...]  # those above come before those within

    @property
    def size(self) -> int:
        """The bytes of all files."""
        return sum(each.size for each in self.files)


@record
class Backup:
    """An archive whose every hash was compared."""

    archive: str  # absolute
    files: int
    size: int  # bytes of the files in it
    left_out: tuple[tuple[str, str], ...] = ()  # path and reason, for what an archive never holds
    unread: tuple[tuple[str, str], ...] = ()  # path and reason, for what it should hold and does not
