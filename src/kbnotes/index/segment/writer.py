"""Whoosh's writer of segments, with the way of a document into it cut short."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from whoosh.writing import SegmentWriter

from kbnotes.index.segment.codec import PackedCodec
from kbnotes.index.segment.pool import PackedPool


class PackedSegmentWriter(SegmentWriter):  # type: ignore[misc]
    """Plans, merges and commits as Whoosh does; takes documents with the fields of `to_fields`."""

    def __init__(self, index: Any) -> None:
        super().__init__(index, compound=False, codec=PackedCodec())
        self.pool = PackedPool()

    def add(self, fields: Mapping[str, Any]) -> None:
        """Add a document."""
        number, documents, buffer = self.docnum, self.perdocwriter, self.pool.buffer
        documents.start_doc(number)
        for name, value in fields.items():
            field = self.schema[name]
            length = 0
            if field.indexed:
                for term, count, weight, own in field.index(value):
                    length += count
                    buffer(name, term).add(number, weight, own)
            documents.add_field(name, field, value if field.stored else None, length if field.scorable else 0)
        documents.finish_doc()
        self._added = True
        self.docnum += 1
