"""The one place where an index is written: by Whoosh, in our codec."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any, NamedTuple

import whoosh
from whoosh.filedb.filestore import RamStorage
from whoosh.index import FileIndex

from kbnotes.index.language import Language
from kbnotes.index.schema import make_schema, to_fields
from kbnotes.index.segment.codec import info_of, opener
from kbnotes.index.segment.segment import Open, SegmentInfo
from kbnotes.index.segment.writer import PackedSegmentWriter
from kbnotes.model import Document


class Written(NamedTuple):
    """What an index is after a commit."""

    generation: int
    segments: tuple[SegmentInfo, ...]


def version() -> str:
    """Return the version of Whoosh: an index that another one wrote is not added to."""
    return str(whoosh.versionstring())


def create(storage: Any) -> None:
    """Make an empty index."""
    FileIndex.create(storage, make_schema())


def write(storage: Any, documents: Iterable[Document], removed: Iterable[int], language: Language) -> Written:
    """Take the documents with the numbers `removed` out, and put `documents` in.

    Not by Whoosh's `update_document`, which leaves ghosts if a name comes twice.
    """
    index = FileIndex(storage, schema=make_schema())
    writer = PackedSegmentWriter(index)
    try:
        for number in removed:
            writer.delete_document(number)
        for document in documents:
            writer.add(to_fields(document, language))
    except BaseException:
        with suppress(Exception):  # on a full disk it cannot even end, and the first reason counts
            writer.cancel()
        raise
    writer.commit()
    table = index._read_toc()
    return Written(table.generation, tuple(map(info_of, table.segments)))


class MemoryIndex:
    """An index that is never on the disk."""

    def __init__(self) -> None:
        self.storage = RamStorage()
        create(self.storage)

    @property
    def open(self) -> Open:
        """What opens its files."""
        found: Callable[[str], Any] = opener(self.storage)
        return found
