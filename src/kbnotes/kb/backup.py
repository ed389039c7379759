"""Backing a base up into one archive, and making a base of an archive again."""

from __future__ import annotations

import os
import secrets
import shlex
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING

from kbnotes.errors import ConflictError, InputError, StorageError
from kbnotes.model import Backup, Manifest, SavedFile
from kbnotes.store import Store, files

if TYPE_CHECKING:
    from kbnotes.kb.archive import Found

_NEW = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)


def back_up(store: Store, archive: Path, *, overwrite: bool = False) -> Backup:
    """Write all files of a base into `archive`, as they are at one moment, and compare every hash.

    The archive gets its name only when all that is done. Raises StorageError, or InputError for a name that
    is taken, where not `overwrite`.
    """
    from kbnotes.kb import archive as room

    _check_free(archive, overwrite=overwrite)
    with _beside(archive) as (temp, file):
        with store.writing():
            store.scan()  # raises if the entries cannot be read: that is no empty base
            found = room.look(store.base, passed_over=_own(archive, file))
            manifest = Manifest(files=tuple(found.files), directories=tuple(found.directories))
            with files.writing(archive):
                room.write(file, store.base, manifest)
        with files.writing(archive):
            file.flush()
            os.fsync(file.fileno())
            _forget(file)
        if _read(file, archive) != manifest:
            raise StorageError(f"{archive} does not hold what was written into it.", hint="try another disk")
        with files.writing(archive):
            _give_name(temp, archive, overwrite=overwrite)
    return _told(archive, manifest, found)


def verify_backup(archive: Path) -> Backup:
    """Compare every hash in an archive. Raises InputError for one that is damaged, or not of kb's."""
    with _open(archive) as file:
        return _told(archive, _read(file, archive))


def restore_backup(archive: Path, directory: Path) -> Backup:
    """Make a base in `directory`, which must be missing or empty, of an archive, once all of it is verified.

    Raises InputError with nothing written where one of the two cannot be used, or StorageError.
    """
    from kbnotes.kb import unpacking

    target = directory.resolve()
    _check_empty(target)
    with _open(archive) as file:
        manifest = _read(file, archive)
        _check_room(target, manifest)
        temp = target.with_name(f".{target.name[:100]}.{secrets.token_hex(4)}.tmp")
        try:
            with files.writing(target):
                target.parent.mkdir(parents=True, exist_ok=True)
                _make_directories(temp, manifest)
            try:
                unpacking.read(file, name=str(archive), into=lambda each: _new_file(temp / each.path, each))
            except unpacking.UnpackError as error:
                with files.writing(target):
                    raise error.__cause__ or error from None
            with files.writing(target):
                _finish(temp, manifest)
                temp.replace(target)
                files.sync(target.parent)
        finally:
            if temp.exists():
                shutil.rmtree(temp, ignore_errors=True)
    return _told(archive, manifest)


# Writing an archive


def _check_free(archive: Path, *, overwrite: bool) -> None:
    if archive.is_dir():
        example = shlex.quote(str(archive / "kb-backup.tar.gz"))
        raise InputError(f"{archive} is a directory.", hint=f"name a file in it: {example}")
    if not os.path.lexists(archive):
        return
    if not overwrite:
        raise InputError(
            f"{archive} is there already.", hint="name another file, or --overwrite to replace it"
        )
    if not stat.S_ISREG(archive.lstat().st_mode):
        raise InputError(f"{archive} is no regular file, so it is not replaced.", hint="name another file")


@contextmanager
def _beside(archive: Path) -> Iterator[tuple[Path, IO[bytes]]]:
    """Open a temp file in the directory of `archive`; one that got no other name is removed at the end."""
    temp = archive.with_name(f".{archive.name[:100]}.{secrets.token_hex(4)}.tmp")
    with files.writing(archive):
        handle = os.open(temp, _NEW, 0o600)
    try:
        with os.fdopen(handle, "w+b") as file:
            _make_private(handle)
            yield temp, file
    finally:
        with suppress(OSError):
            temp.unlink(missing_ok=True)


def _make_private(handle: int) -> None:
    if hasattr(os, "fchmod"):
        os.fchmod(handle, 0o600)


def _own(archive: Path, file: IO[bytes]) -> frozenset[tuple[int, int]]:
    """Return the archive that is being written, and the one that it replaces, by device and inode."""
    found = [os.fstat(file.fileno())]
    with suppress(OSError):
        found.append(archive.lstat())
    return frozenset((each.st_dev, each.st_ino) for each in found)


def _forget(file: IO[bytes]) -> None:
    """Have the system drop its copy of a file in memory: what is read back comes from the disk."""
    if hasattr(os, "posix_fadvise"):
        with suppress(OSError):
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def _give_name(temp: Path, archive: Path, *, overwrite: bool) -> None:
    if overwrite:
        temp.replace(archive)
        files.sync(archive.parent)
        return
    try:
        files.link(temp, archive)
    except FileExistsError:
        raise ConflictError(
            f"{archive} was made by somebody else meanwhile.", hint="name another file"
        ) from None


# Reading one


@contextmanager
def _open(archive: Path) -> Iterator[IO[bytes]]:
    try:
        file = archive.open("rb") if archive.is_file() else None
    except OSError as error:
        raise InputError(f"{archive} cannot be read: {files.reason(error)}.") from error
    if file is None:
        raise InputError(f"There is no file {archive}.")
    with file:
        yield file


def _read(file: IO[bytes], archive: Path) -> Manifest:
    from kbnotes.kb import unpacking

    with files.reading(archive):
        return unpacking.read(file, name=str(archive))


def _told(archive: Path, manifest: Manifest, found: Found | None = None) -> Backup:
    return Backup(
        archive=str(archive),
        files=len(manifest.files),
        size=manifest.size,
        left_out=tuple(found.left_out) if found else (),
        unread=tuple(found.unread) if found else (),
    )


# Making a base of one


def _check_empty(target: Path) -> None:
    try:
        is_empty = next(target.iterdir(), None) is None
    except FileNotFoundError:
        return
    except OSError as error:
        raise InputError(
            f"{target} cannot be used: {files.reason(error)}.", hint="name another directory"
        ) from error
    if not is_empty:
        moved = shlex.join(["mv", str(target), f"{target}.old"])
        raise InputError(
            f"{target} is not empty, and a backup is never mixed with what is there.",
            hint=f"name a new directory behind the file, or move this one away first: {moved}",
        )


def _check_room(target: Path, manifest: Manifest) -> None:
    place = next((each for each in target.parents if each.is_dir()), None)
    with suppress(OSError):
        if place and shutil.disk_usage(place).free < manifest.size:
            raise StorageError(
                f"There is no room for {manifest.size:,} bytes in {place}.", hint="nothing was written"
            )


def _make_directories(temp: Path, manifest: Manifest) -> None:
    for path in (temp, *(temp / each for each in manifest.directories)):
        path.mkdir(mode=0o700)
        path.chmod(0o700)


def _new_file(path: Path, saved: SavedFile) -> IO[bytes]:
    return os.fdopen(os.open(path, _NEW, saved.mode | 0o600), "w+b")


def _finish(temp: Path, manifest: Manifest) -> None:
    """Set modes and times, and have all of it on the disk.

    The files are synced only when all are written: the first one then takes most of the others along.
    """
    for each in manifest.files:
        path = temp / each.path
        path.chmod(each.mode)
        os.utime(path, ns=(each.mtime_ns, each.mtime_ns), follow_symlinks=False)
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
    for directory in reversed(manifest.directories):
        files.sync(temp / directory)
    files.sync(temp)
