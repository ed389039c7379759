"""Writing a file so that a crash leaves the old version or the new one, never a mixture and never none.

The order (temp file, fsync, link or rename, fsync of the directory) is the one that SQLite and git rely on;
the man page of fsync(2) says why the directory needs its own.
"""

from __future__ import annotations

import errno
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kbnotes.errors import StorageError

_SENTENCES = {
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "the disk quota is used up",
    errno.EROFS: "the file system is read-only",
    errno.EACCES: "permission is denied",
    errno.EPERM: "the operation is not permitted",
    errno.EIO: "the disk reports an error",
    errno.ENAMETOOLONG: "the name is too long",
    errno.ENOTDIR: "a part of the path is no directory",
}
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)


@contextmanager
def writing(what: Path) -> Iterator[None]:
    """Turn an OSError into a StorageError that names the file and the reason."""
    try:
        yield
    except OSError as error:
        reason = _SENTENCES.get(error.errno or 0) or (error.strerror or str(error)).lower()
        raise StorageError(
            f"Cannot write {what}: {reason}.", hint="nothing that was there before has changed"
        ) from error


def create(path: Path, content: bytes, *, sync_directory: bool = True) -> None:
    """Write a new file; it is on the disk when this returns. Raises FileExistsError rather than overwrite."""
    temp = _write_temp(path, content)
    try:
        os.link(temp, path, follow_symlinks=False)
    finally:
        temp.unlink(missing_ok=True)
    if sync_directory:
        sync(path.parent)


def replace(path: Path, content: bytes) -> None:
    """Put `content` in the place of the file at `path`; it is on the disk when this returns."""
    temp = _write_temp(path, content)
    try:
        temp.replace(path)
    except BaseException:
        temp.unlink(missing_ok=True)
        raise
    sync(path.parent)


def move(path: Path, target: Path) -> None:
    """Rename within one file system; raises FileExistsError rather than overwrite."""
    os.link(path, target, follow_symlinks=False)
    sync(target.parent)
    path.unlink()
    sync(path.parent)


def sync(directory: Path) -> None:
    """Make the names in `directory` durable."""
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _write_temp(path: Path, content: bytes) -> Path:
    """Write `content` beside `path`, on the disk, under a name that no scan takes for an entry."""
    temp = path.with_name(f".{path.name[:100]}.{secrets.token_hex(4)}.tmp")
    handle = os.open(temp, _NEW, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        temp.unlink(missing_ok=True)
        raise
    return temp
