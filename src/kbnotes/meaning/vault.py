"""The file of the vectors, beside the index: a cache, made anew at any doubt. Nothing in it is executed.

First a line with the CRC-32 of all that follows, then a line of JSON with the length of each part, then the
parts.
"""

from __future__ import annotations

import json
import os
import stat
import sys
import zlib
from array import array
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from kbnotes.meaning.vectors import PER_BYTE, Vectors

_HEAD = 4096  # bytes, enough for the second line
_CRC = 9  # bytes of the first line
STAMP = f"kb vectors 2 {sys.byteorder}"  # of the form, and of how vectors are made from texts
_SAFE = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
_READ = os.O_RDONLY | _SAFE | getattr(os, "O_NONBLOCK", 0)
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | _SAFE


def load(path: Path, *, model: str) -> Vectors | None:
    """Return the vectors that were made by this model; None for a missing, damaged, older or foreign file."""
    try:
        content = _read(path)
        rest = memoryview(content)[_CRC:]  # a copy of 7 MB takes as long as their sum
        if content[:_CRC] != b"%08x\n" % zlib.crc32(rest):
            return None
        vectors = _unpack(rest)
        return vectors if vectors.model == model else None
    except (OSError, ValueError, KeyError, TypeError, RecursionError, MemoryError, zlib.error):
        return None


def save(vectors: Vectors, *, path: Path) -> bool:
    """Write the file, for this user only and not synced; tell whether that could be done."""
    rest = _pack(vectors)
    beside = path.with_name(f"{path.name}.tmp")
    try:
        with suppress(FileNotFoundError):
            beside.unlink()
        with os.fdopen(os.open(beside, _NEW, 0o600), "wb") as file:
            file.write(b"%08x\n" % zlib.crc32(rest))
            file.write(rest)
        beside.replace(path)
    except OSError:
        with suppress(OSError):
            beside.unlink()
        return False
    return True


def _read(path: Path) -> bytes:
    with os.fdopen(os.open(path, _READ), "rb") as file:
        info = os.fstat(file.fileno())
        if not stat.S_ISREG(info.st_mode) or (hasattr(os, "geteuid") and info.st_uid != os.geteuid()):
            raise OSError("not a file of ours")
        return file.read()


def _pack(vectors: Vectors) -> bytes:
    parts = (zlib.compress(_joined(vectors.pieces)), vectors.marks.tobytes(), vectors.rows)
    head = {
        "stamp": STAMP,
        "model": vectors.model,
        "of": vectors.of,
        "dims": vectors.dims,
        "parts": [len(part) for part in parts],
    }
    return b"\n".join((json.dumps(head).encode(), b"".join(parts)))


def _unpack(rest: memoryview) -> Vectors:
    line = bytes(rest[:_HEAD]).partition(b"\n")[0]
    head, content = json.loads(line), rest[len(line) + 1 :]
    if head["stamp"] != STAMP or sum(head["parts"]) != len(content):
        raise ValueError("another form")
    parts, at = [], 0
    for length in head["parts"]:
        parts.append(content[at : at + length])
        at += length
    pieces, marks, rows = parts
    vectors = Vectors(
        model=str(head["model"]),
        of=str(head["of"]),
        dims=int(head["dims"]),
        pieces=_parted(zlib.decompress(pieces)),
        marks=array("Q", bytes(marks)),
        rows=bytes(rows),
    )
    if vectors.dims % 8 or len(vectors.rows) * PER_BYTE != len(vectors.marks) * vectors.dims:
        raise ValueError("parts that do not belong together")
    return vectors


def _joined(texts: Sequence[str]) -> bytes:
    """Return the texts, each with a zero byte behind it: no piece has one."""
    return "".join(f"{text}\0" for text in texts).encode("utf-8", "surrogatepass")


def _parted(content: bytes) -> list[str]:
    return content.decode("utf-8", "surrogatepass").split("\0")[:-1]
