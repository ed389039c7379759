"""The index's directory. Opening an index unpickles it, so one that is not surely ours is not opened."""

from __future__ import annotations

import os
import stat
from collections.abc import Container, Iterator
from contextlib import suppress
from pathlib import Path

from kbnotes.errors import UnusableIndexError

OURS_ABOVE = 2  # directories above an index's home that kb makes: `kb/index/`
_SAFE = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)
_READ = os.O_RDONLY | _SAFE | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
_NEW = os.O_RDWR | os.O_CREAT | os.O_EXCL | _SAFE | getattr(os, "O_BINARY", 0)


def make_private(directory: Path) -> None:
    """Make `directory`, for this user only; throw away what stands there and is not ours.

    Raises UnusableIndexError where that cannot be done, or where others could put something in its place.
    """
    try:
        for above in reversed(directory.parents[:OURS_ABOVE]):
            _make(above)
        if not is_sheltered(directory):
            raise UnusableIndexError(f"Others could replace the index directory {directory}.")
        if not is_private(directory):
            remove(directory)
            directory.mkdir(mode=0o700)
            directory.chmod(0o700)
    except OSError as error:
        raise UnusableIndexError(
            f"The index directory {directory} cannot be made: {error.strerror}."
        ) from error


def _make(directory: Path) -> None:
    if not directory.exists():
        directory.parent.mkdir(parents=True, exist_ok=True)
        directory.mkdir(mode=0o700, exist_ok=True)
        directory.chmod(0o700)  # a strict umask takes even the owner's bits away


def is_private(directory: Path) -> bool:
    """Tell whether `directory` is a real directory of this user that nobody else may enter."""
    try:
        info = directory.lstat()
    except OSError:
        return False
    return stat.S_ISDIR(info.st_mode) and _mine(info) and not info.st_mode & 0o077


def is_sheltered(directory: Path) -> bool:
    """Tell whether nobody else can put another directory in the place of `directory`.

    Those that kb makes above it have to be this user's. In one that everybody writes to, the sticky bit has
    to keep them from renaming what is not theirs.
    """
    ours = directory.parents[:OURS_ABOVE]
    try:
        return all(_mine(path.lstat()) and _mine(path.stat()) for path in ours) and not any(
            _open_to_all(path.stat()) for path in directory.parents[: OURS_ABOVE + 1]
        )
    except OSError:
        return False


def _mine(info: os.stat_result) -> bool:
    return not hasattr(os, "geteuid") or info.st_uid == os.geteuid()


def _open_to_all(info: os.stat_result) -> bool:
    return os.name != "nt" and bool(info.st_mode & 0o002) and not info.st_mode & stat.S_ISVTX


def read(path: str | Path) -> bytes:
    """Return the content of a file of this user. Raises OSError for a link, a pipe and the like."""
    with os.fdopen(open_own(path), "rb") as file:
        return file.read()


def open_own(path: str | Path) -> int:
    """Return a handle to read a file of this user. Raises OSError for a link, a pipe and the like."""
    handle = os.open(path, _READ)
    if not is_own_file(os.fstat(handle)):
        os.close(handle)
        raise PermissionError(f"{path} is not a file of the index")
    return handle


def is_own_file(info: os.stat_result) -> bool:
    """Tell whether a file is a regular one of this user, under one name."""
    return stat.S_ISREG(info.st_mode) and _mine(info) and info.st_nlink == 1


def create(path: Path) -> int:
    """Return a handle of a new file for this user only. Raises FileExistsError rather than overwrite."""
    handle = os.open(path, _NEW, 0o600)
    if hasattr(os, "fchmod"):
        os.fchmod(handle, 0o600)
    return handle


def has_room(directory: Path, wanted: int) -> bool:
    """Tell whether `wanted` bytes are free where `directory` is."""
    if not hasattr(os, "statvfs"):
        return True
    found = os.statvfs(directory)
    return found.f_bavail * found.f_frsize >= wanted


def listed(directory: Path) -> Iterator[Path]:
    """Yield what stands in `directory`; nothing where it cannot be read."""
    with suppress(OSError):
        yield from sorted(directory.iterdir())


def sweep(directory: Path, *, keep: Container[str]) -> None:
    """Remove what stands in `directory` but the names to `keep`. What cannot be removed stays."""
    for path in listed(directory):
        if path.name not in keep:
            with suppress(OSError):
                remove(path)


def remove(path: Path) -> None:
    """Remove a directory, a file or a symlink (not what it points to), if it is there."""
    if path.is_dir() and not path.is_symlink():
        from shutil import rmtree

        rmtree(path)
    else:
        path.unlink(missing_ok=True)
