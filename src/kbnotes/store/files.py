"""Writing a file so that a crash leaves the old version or the new one, never a mixture and never none.

The order (temp file, fsync, link or rename, fsync of the directory) is the one that SQLite and git rely on;
the man page of fsync(2) says why the directory needs its own.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
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
    errno.ELOOP: "it is a symbolic link, and kb follows none",
}
_SAFE = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | _SAFE
_READ = os.O_RDONLY | _SAFE | getattr(os, "O_NONBLOCK", 0)  # a pipe would wait for a writer


def reason(error: OSError) -> str:
    """Return what an OSError says, in words."""
    return _SENTENCES.get(error.errno or 0) or (error.strerror or str(error)).lower()


@contextmanager
def writing(what: Path) -> Iterator[None]:
    """Turn an OSError into a StorageError that names the file and the reason."""
    try:
        yield
    except OSError as error:
        raise StorageError(
            f"Cannot write {what}: {reason(error)}.", hint="nothing that was there before has changed"
        ) from error


@contextmanager
def reading(what: Path) -> Iterator[None]:
    """Turn an OSError into a StorageError that names the file and the reason."""
    try:
        yield
    except OSError as error:
        raise StorageError(f"Cannot read {what}: {reason(error)}.") from error


def read(path: Path, *, limit: int | None = None) -> bytes:
    """Return the content of a regular file of at most `limit` bytes.

    Raises OSError for anything else, above all for a symlink.
    """
    handle = os.open(path, _READ)
    try:
        found = os.fstat(handle)
        if not stat.S_ISREG(found.st_mode):
            raise OSError(errno.EINVAL, "not a regular file")
        if limit is not None and found.st_size > limit:
            raise OSError(errno.EFBIG, f"larger than {limit // 1024 // 1024} MB")
        with os.fdopen(handle, "rb", closefd=False) as file:
            return file.read()
    finally:
        os.close(handle)


def read_end(path: Path, size: int) -> tuple[bytes, bool]:
    """Return the last `size` bytes of a regular file, and whether they are all of it. Raises OSError."""
    handle = os.open(path, _READ)
    try:
        length = os.fstat(handle).st_size
        os.lseek(handle, max(length - size, 0), os.SEEK_SET)
        with os.fdopen(handle, "rb", closefd=False) as file:
            return file.read(), length <= size
    finally:
        os.close(handle)


def make_directory(path: Path) -> None:
    """Make a directory that only its owner can open, and its name durable; one that is there stays.

    The name is synced either way: a crash may have come between the making and the sync.
    Raises NotADirectoryError for a symlink: nothing is written through it.
    """
    try:
        path.mkdir(mode=0o700)
        path.chmod(0o700)  # a strict umask takes even the owner's bits away
    except FileExistsError:
        if path.is_symlink() or not path.is_dir():
            raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR)) from None
    sync(path.parent)


def create(path: Path, content: bytes, *, sync_directory: bool = True) -> None:
    """Write a new file; it is on the disk when this returns. Raises FileExistsError rather than overwrite."""
    temp = _write_temp(path, content)
    try:
        os.link(temp, path, follow_symlinks=False)
    finally:
        _discard(temp)
    if sync_directory:
        sync(path.parent)


def replace(path: Path, content: bytes) -> None:
    """Put `content` in the place of the file at `path`; it is on the disk when this returns."""
    temp = _write_temp(path, content)
    try:
        temp.replace(path)
    except BaseException:
        _discard(temp)
        raise
    sync(path.parent)


def rewrite(path: Path, content: bytes, *, expected: bytes) -> bool:
    """Replace the content of a file that is not kb's own, if it is `expected` still; tell whether it was.

    Its mode stays, and its owner where that is allowed. Raises OSError.
    """
    found = path.lstat()
    temp = _write_temp(path, content)
    try:
        temp.chmod(stat.S_IMODE(found.st_mode))
        if hasattr(os, "chown"):
            with suppress(OSError):
                os.chown(temp, found.st_uid, found.st_gid)
        if read(path) != expected:
            _discard(temp)
            return False
        temp.replace(path)
    except BaseException:
        _discard(temp)
        raise
    sync(path.parent)
    return True


def move(path: Path, target: Path) -> None:
    """Rename within one file system; raises FileExistsError rather than overwrite.

    The new name is on the disk before the old one goes. A crash between the two leaves one file under both
    names; the next move of it finishes the job.
    """
    try:
        os.link(path, target, follow_symlinks=False)
    except FileExistsError:
        if not is_same(path, target):
            raise
    try:
        sync(target.parent)
        path.unlink()
    except OSError:
        if os.path.lexists(path):
            _discard(target)
        raise
    sync(path.parent)


def link(path: Path, target: Path) -> None:
    """Give a file a second name, which is on the disk when this returns; raises FileExistsError."""
    os.link(path, target, follow_symlinks=False)
    sync(target.parent)


def remove(path: Path) -> None:
    """Take a name away, which is so on the disk when this returns."""
    path.unlink()
    sync(path.parent)


def append_line(path: Path, line: bytes) -> None:
    """Append a line, on the disk when this returns, to a file that is made if it is missing.

    What a crash left of the line before is ended by a line end of its own. Raises OSError; what was written
    of the line by then is taken back, or left torn.
    """
    handle = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT | _SAFE, 0o600)
    try:
        size = os.fstat(handle).st_size
        torn = size > 0 and os.pread(handle, 1, size - 1) != b"\n"
        if not size:
            _own(handle)
        try:
            _write_all(handle, b"\n" + line if torn else line)
            os.fsync(handle)
        except OSError:
            with suppress(OSError):
                os.ftruncate(handle, size)
            raise
    finally:
        os.close(handle)
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
    temp = path.with_name(f".{path.name[:100]}.{os.urandom(4).hex()}.tmp")
    handle = os.open(temp, _NEW, 0o600)
    try:
        try:
            _own(handle)
            _write_all(handle, content)
            os.fsync(handle)
        finally:
            os.close(handle)
    except BaseException:
        _discard(temp)
        raise
    return temp


def _own(handle: int) -> None:
    """Let only the owner read and write a new file, whatever the umask."""
    if hasattr(os, "fchmod"):
        os.fchmod(handle, 0o600)


def _write_all(handle: int, content: bytes) -> None:
    left = memoryview(content)
    while left:
        left = left[os.write(handle, left) :]


def _discard(temp: Path) -> None:
    """Remove a temp file. One that stays is read by nobody, so it is no reason to call a write failed."""
    with suppress(OSError):
        temp.unlink(missing_ok=True)


def is_same(path: Path, other: Path) -> bool:
    """Tell whether two names are of one file. Raises OSError if one is missing."""
    one, two = path.lstat(), other.lstat()
    return (one.st_dev, one.st_ino) == (two.st_dev, two.st_ino)
