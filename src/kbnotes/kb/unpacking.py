"""Reading an archive of a base, which may be damaged, or made by somebody who means harm."""

from __future__ import annotations

import gzip
import json
import os
import tarfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import IO, cast

from kbnotes.errors import InputError, KbError
from kbnotes.kb.archive import CHUNK, FORMAT, MANIFEST, Hashing
from kbnotes.model import Manifest, SavedFile

_LONGEST_READ = 1024 * 1024  # what tarfile asks for at once in an archive of kb's is far shorter
_HEX = frozenset("0123456789abcdef")
_UNPACKED = 16  # a manifest is mostly hashes, which cannot be packed 16:1


def read(archive: IO[bytes], *, name: str, into: Callable[[SavedFile], IO[bytes]] | None = None) -> Manifest:
    """Check an archive from its first byte to its last, and write each file where `into` opens it.

    Raises InputError, naming the archive as `name`, for one that is not to the byte what its manifest says,
    UnpackError where a file cannot be written; what was written by then is to be thrown away.
    """
    size = os.fstat(archive.fileno()).st_size
    archive.seek(0)
    try:
        with gzip.GzipFile(fileobj=archive, mode="rb") as packed:
            forward = _Forward(packed)
            tar = tarfile.TarFile(
                fileobj=cast(IO[bytes], forward), mode="r", encoding="utf-8", errors="surrogateescape"
            )
            manifest = _read_manifest(tar, size)
            for each in manifest.files:
                _copy(tar, _checked(tar.next(), each), each, into)
            _check_end(forward)
    except (KbError, UnpackError):
        raise
    except Exception as error:  # tarfile, gzip, zlib and json raise some fifteen classes at damaged bytes
        if isinstance(error, OSError) and error.errno:
            raise
        said = str(error) if isinstance(error, _DamageError) else "it is damaged, cut short, or none of kb's"
        raise InputError(
            f"{name} cannot be used as a backup: {said}.", hint="nothing was written; use another backup"
        ) from error
    return manifest


class UnpackError(Exception):
    """Carries, as its cause, an OSError of a file that is written past those of the archive that is read."""


class _DamageError(Exception):
    """Says what is wrong with an archive."""


class _Forward:
    """A stream that goes forward only, but for the last byte, which tarfile likes to read twice.

    A gzip file that is asked to go back begins again at its beginning.
    """

    def __init__(self, raw: gzip.GzipFile) -> None:
        self._raw = raw
        self._at = 0
        self._last = b""
        self._again = b""

    def tell(self) -> int:
        return self._at - len(self._again)

    def seek(self, place: int, whence: int = 0) -> int:
        self._again = b""
        if whence == 0 and place == self._at - 1:
            self._again = self._last
        elif whence or place < self._at:
            raise _DamageError("its parts are out of order")
        while self._at < place and self.read(min(place - self._at, CHUNK)):
            pass
        return self.tell()

    def read(self, size: int) -> bytes:
        if not 0 <= size <= _LONGEST_READ:
            raise _DamageError("it holds what no backup of kb holds")
        again, self._again = self._again[:size], b""
        chunk = self._raw.read(size - len(again))
        self._at += len(chunk)
        self._last = chunk[-1:] or self._last
        return again + chunk


def _read_manifest(tar: tarfile.TarFile, archive_size: int) -> Manifest:
    member = tar.next()
    if member is None or member.name != MANIFEST or not _is_plain(member):
        raise _DamageError("kb did not make it")
    if member.size > _UNPACKED * archive_size:
        raise _DamageError("its manifest is larger than any of kb's")
    file = cast(IO[bytes], tar.extractfile(member))
    raw = json.loads(b"".join(iter(lambda: file.read(CHUNK), b"")))
    if raw["kb backup"] != FORMAT:
        raise _DamageError("a newer kb made it")
    manifest = Manifest(
        files=tuple(_saved(*each) for each in raw["files"]), directories=tuple(raw["directories"])
    )
    _check_paths(manifest)
    return manifest


def _saved(path: str, size: int, mode: int, mtime_ns: int, sha256: str) -> SavedFile:
    numbers = all(type(each) is int for each in (size, mode, mtime_ns))
    if not numbers or size < 0 or not 0 <= mode <= 0o777 or len(sha256) != 64 or not _HEX.issuperset(sha256):
        raise _DamageError("its manifest is not what kb writes")
    return SavedFile(path=path, size=size, mode=mode, mtime_ns=mtime_ns, sha256=sha256)


def _check_paths(manifest: Manifest) -> None:
    """See that nothing would be written outside of the base, or twice. Raises _DamageError."""
    known = {""}
    for directory in manifest.directories:
        _check_path(directory, known)
        known.add(directory)
    taken: set[str] = set()
    for each in manifest.files:
        _check_path(each.path, known)
        if each.path in taken or each.path in known or each.path == MANIFEST:
            raise _DamageError("it names a file twice")
        taken.add(each.path)


def _check_path(path: object, known: set[str]) -> None:
    parts = path.split("/") if isinstance(path, str) else [""]
    if (
        any(part in ("", ".", "..") or "\0" in part for part in parts)
        or (os.name == "nt" and any(c in part for c in "\\:" for part in parts))
        or path in known
        or "/".join(parts[:-1]) not in known
    ):
        raise _DamageError("it names a file outside of the base, or one twice")


def _is_plain(member: tarfile.TarInfo) -> bool:
    return member.type in (tarfile.REGTYPE, tarfile.AREGTYPE) and member.sparse is None


def _checked(member: tarfile.TarInfo | None, wanted: SavedFile) -> tarfile.TarInfo:
    if member is None:
        raise _DamageError(f"{wanted.path} is missing in it")
    if not _is_plain(member) or member.name != wanted.path or member.size != wanted.size:
        raise _DamageError(f"{member.name} in it is not what its manifest says")
    return member


def _copy(
    tar: tarfile.TarFile,
    member: tarfile.TarInfo,
    wanted: SavedFile,
    into: Callable[[SavedFile], IO[bytes]] | None,
) -> None:
    reader = Hashing(cast(IO[bytes], tar.extractfile(member)))
    target: IO[bytes] | None = None
    try:
        with _written():
            target = into(wanted) if into else None
        while chunk := reader.read(CHUNK):
            if target:
                with _written():
                    target.write(chunk)
    finally:
        if target:
            with _written():
                target.close()
    if reader.sum.hexdigest() != wanted.sha256:
        raise _DamageError(f"{wanted.path} in it is not what its manifest says")


@contextmanager
def _written() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise UnpackError from error


def _check_end(forward: _Forward) -> None:
    """Read the rest, which also has gzip check its own sum: it may hold nothing but zeros."""
    rest = 0
    while chunk := forward.read(CHUNK):
        rest += len(chunk)
        if chunk.strip(b"\0") or rest > _LONGEST_READ:
            raise _DamageError("there is more in it than its manifest says")
