"""Entry files that cannot be read as entries, as documents of plain text: found, but never changed."""

from __future__ import annotations

import codecs
from datetime import UTC, datetime
from pathlib import Path

from kbnotes.model import Content, Document, Entry, Stamp
from kbnotes.store import files
from kbnotes.store.names import id_in

MAX_BYTES = 4_000_000  # of a file; one that is larger is found by its name only
_UNKNOWN = datetime(1970, 1, 1, tzinfo=UTC)
_CONTROLS = dict.fromkeys([*range(9), *range(11, 32), 127], " ")


def plain_document(path: Path, stamp: Stamp, broken: str) -> Document:
    """Return what a search finds of the file at `path`: its words and its name."""
    text, time = _text(path, stamp), _time(stamp)
    entry = Entry(id=id_in(path.name) or 0, title=path.name, tags=(), created=time, updated=time, body="")
    content = Content(title=path.name, text=text, terms=(), links=())
    return Document(name=path.name, stamp=stamp, entry=entry, content=content, broken=broken)


def _text(path: Path, stamp: Stamp) -> str:
    """Return what can be made out of a file; bytes that are no text come out as blanks or U+FFFD."""
    if stamp.size > MAX_BYTES:
        return ""
    try:
        content = files.read(path)[:MAX_BYTES]
    except OSError:
        return ""
    wide = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    return content.decode("utf-16" if wide else "utf-8", "replace").translate(_CONTROLS)


def _time(stamp: Stamp) -> datetime:
    try:
        return datetime.fromtimestamp(stamp.mtime_ns // 10**9, UTC)
    except (OverflowError, ValueError, OSError):
        return _UNKNOWN
