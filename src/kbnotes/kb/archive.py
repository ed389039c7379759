"""The archive of a base: a .tar.gz whose first member is a manifest with the hash of every other one.

The members follow in the manifest's order, so that reading one is a single pass in which nothing can be
missing, added or doubled. The same base makes the same bytes.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import re
import stat
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import IO, cast

from kbnotes.errors import ConflictError
from kbnotes.model import Manifest, SavedFile
from kbnotes.store import files

MANIFEST = "kb-backup.json"

FORMAT = 1
CHUNK = 64 * 1024
_READ = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
_TEMP = re.compile(r"\..*\.[0-9a-f]{8}\.tmp", re.DOTALL)  # as store/files.py names them


@dataclass(slots=True)
class Found:
    """What stands in a base: what is to be saved, and what is not, with the reason."""

    files: list[SavedFile] = field(default_factory=list)
    directories: list[str] = field(default_factory=list)
    left_out: list[tuple[str, str]] = field(default_factory=list)
    unread: list[tuple[str, str]] = field(default_factory=list)


def look(base: Path, *, passed_over: frozenset[tuple[int, int]] = frozenset()) -> Found:
    """Return all files of a base with their hashes; `passed_over` are files by device and inode."""
    found = Found()
    _look_in(base, "", found, passed_over)
    return found


def write(target: IO[bytes], base: Path, manifest: Manifest) -> None:
    """Write the archive. Raises ConflictError if a file is no longer what the manifest says, or OSError."""
    raw = _manifest_bytes(manifest)
    with (
        gzip.GzipFile(filename="", mode="wb", fileobj=target, mtime=0, compresslevel=6) as packed,
        tarfile.open(
            fileobj=packed, mode="w", format=tarfile.PAX_FORMAT, encoding="utf-8", errors="surrogateescape"
        ) as tar,
    ):
        tar.addfile(_info(MANIFEST, size=len(raw)), BytesIO(raw))
        for each in manifest.files:
            info = _info(each.path, size=each.size, mode=each.mode, mtime=max(each.mtime_ns // 10**9, 0))
            with _changing(each.path), _opened(base / each.path) as file:
                reader = Hashing(file)
                tar.addfile(info, cast(IO[bytes], reader))
                if reader.sum.hexdigest() != each.sha256 or file.read(1):
                    raise OSError("changed")


class Hashing:
    """A file that is read, and hashed on the way."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.sum = hashlib.sha256()

    def read(self, size: int) -> bytes:
        """Return up to `size` bytes."""
        chunk = self._file.read(size)
        self.sum.update(chunk)
        return chunk


def _look_in(directory: Path, prefix: str, found: Found, passed_over: frozenset[tuple[int, int]]) -> None:
    try:
        with os.scandir(directory) as listed:
            items = sorted(listed, key=lambda item: os.fsencode(item.name))
    except OSError as error:
        found.unread.append((prefix.rstrip("/") or str(directory), files.reason(error)))
        return
    for item in items:
        path = prefix + item.name
        if item.is_dir(follow_symlinks=False):
            found.directories.append(path)
            _look_in(Path(item.path), f"{path}/", found, passed_over)
            continue
        try:
            status = item.stat(follow_symlinks=False)
            if reason := _unwanted(path, item.name, status, passed_over):
                found.left_out.append((path, reason))
            else:
                found.files.append(_hashed(Path(item.path), path))
        except FileNotFoundError:  # an editor's temp file that is gone by now
            continue
        except OSError as error:
            found.unread.append((path, files.reason(error)))


def _unwanted(path: str, name: str, status: os.stat_result, passed_over: frozenset[tuple[int, int]]) -> str:
    """Return why a file is left out, or ""."""
    if (status.st_dev, status.st_ino) in passed_over:
        return "the archive itself"
    if stat.S_ISLNK(status.st_mode):
        return "a symbolic link"
    if not stat.S_ISREG(status.st_mode):
        return "no regular file"
    if _TEMP.fullmatch(name):
        return "left over from an interrupted write"
    return "the manifest of a backup that was unpacked here" if path == MANIFEST else ""


def _hashed(path: Path, name: str) -> SavedFile:
    with _opened(path) as file:
        status = os.fstat(file.fileno())
        digest = hashlib.sha256()
        while chunk := file.read(CHUNK):
            digest.update(chunk)
        return SavedFile(
            path=name,
            size=file.tell(),
            mode=stat.S_IMODE(status.st_mode) & 0o777,
            mtime_ns=status.st_mtime_ns,
            sha256=digest.hexdigest(),
        )


def _opened(path: Path) -> IO[bytes]:
    """Open a regular file. Raises OSError for anything else."""
    handle = os.open(path, _READ)
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise OSError("not a regular file")
    return os.fdopen(handle, "rb")


@contextmanager
def _changing(path: str) -> Iterator[None]:
    """Tell a file that changes while it is read from a disk that does not take the archive."""
    try:
        yield
    except OSError as error:
        if error.errno and not isinstance(error, FileNotFoundError):
            raise
        raise ConflictError(
            f"{path} changed while it was backed up, so there is no new backup.", hint="try again"
        ) from error


def _info(name: str, *, size: int, mode: int = 0o600, mtime: int = 0) -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.size, info.mode, info.mtime = size, mode, mtime
    return info


def _manifest_bytes(manifest: Manifest) -> bytes:
    raw = {
        "kb backup": FORMAT,
        "directories": manifest.directories,
        "files": [[each.path, each.size, each.mode, each.mtime_ns, each.sha256] for each in manifest.files],
    }
    return json.dumps(raw, indent=0).encode("ascii")
