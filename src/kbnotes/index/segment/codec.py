"""The codec: what Whoosh asks of one, over our dictionaries, posting lists and texts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from whoosh.codec import base
from whoosh.codec.whoosh3 import W3Codec
from whoosh.matching import ListMatcher
from whoosh.reading import TermInfo, TermNotFound

from kbnotes.index.segment.dictionary import DictionaryWriter, Extent
from kbnotes.index.segment.lengths import LENGTHS, to_byte, write_lengths
from kbnotes.index.segment.lists import PostingList, packed
from kbnotes.index.segment.pool import Buffer
from kbnotes.index.segment.segment import DICTIONARY, LENGTHS_FILE, LISTS, Open, Segment, SegmentInfo
from kbnotes.index.segment.texts import TextsWriter

STORED = ("card", "content")  # the fields that are stored, each in a file of its own


class PackedCodec(W3Codec):  # type: ignore[misc]
    """Whoosh's codec with other dictionaries, posting lists and stored fields; lengths are Whoosh's own."""

    length_stats = False  # of single terms: our scorer has no use for them

    def per_document_writer(self, storage: Any, segment: Any) -> Any:
        """Return what writes lengths and stored fields."""
        return PackedDocumentWriter(storage, segment)

    def per_document_reader(self, storage: Any, segment: Any) -> Any:
        """Return what reads them."""
        return PackedDocuments(_opened(storage, segment))

    def field_writer(self, storage: Any, segment: Any) -> Any:
        """Return what writes dictionary and posting lists."""
        return PackedFieldWriter(storage, segment)

    def terms_reader(self, storage: Any, segment: Any) -> Any:
        """Return what reads them."""
        return PackedTerms(_opened(storage, segment))


def info_of(segment: Any) -> SegmentInfo:
    """Return what Whoosh knows of a segment."""
    return SegmentInfo(
        segment.make_filename(""), segment.doc_count_all(), tuple(sorted(segment.deleted_docs()))
    )


def _opened(storage: Any, segment: Any) -> Segment:
    return Segment(info_of(segment), opener(storage))


def opener(storage: Any) -> Open:
    """Return what opens the files of a Whoosh storage."""
    return lambda name: (storage.open_file(name), storage.file_length(name))


class PackedDocumentWriter(base.PerDocumentWriter):  # type: ignore[misc]
    """Writes lengths and stored fields of each document."""

    def __init__(self, storage: Any, segment: Any) -> None:
        self._texts = {name: TextsWriter(segment.create_file(storage, f".{name}")) for name in STORED}
        self._lengths_file = segment.create_file(storage, LENGTHS_FILE)
        self._lengths: dict[str, bytearray] = {}
        self._stored: dict[str, str] = {}
        self._count = 0
        self.is_closed = False

    def start_doc(self, docnum: int) -> None:
        """Begin the next document."""
        self._stored = {}
        self._count = docnum + 1

    def add_field(self, fieldname: str, fieldobj: object, value: str | None, length: int | None) -> None:
        """Add what is stored of a field, and its length."""
        del fieldobj
        if value is not None:
            self._stored[fieldname] = value
        if length:
            column = self._lengths.setdefault(fieldname, bytearray()).ljust(self._count, b"\0")
            column[-1] = to_byte(length)
            self._lengths[fieldname] = column

    def finish_doc(self) -> None:
        """End the document."""
        for name, writer in self._texts.items():
            writer.add(self._stored.get(name, "").encode("utf-8", "surrogatepass"))

    def cancel_doc(self) -> None:
        """Take the document back."""
        self._count -= 1
        for name, column in self._lengths.items():
            self._lengths[name] = column[: self._count]

    def close(self) -> None:
        """Write what is left."""
        for writer in self._texts.values():
            writer.close()
        write_lengths(self._lengths_file, self._lengths, self._count)
        self.is_closed = True


class PackedDocuments(base.PerDocumentReader):  # type: ignore[misc]
    """Reads lengths and stored fields."""

    def __init__(self, segment: Segment) -> None:
        self._segment = segment

    def close(self) -> None:
        """Close the files."""
        self._segment.close()

    def doc_count(self) -> int:
        return self._segment.count - len(self._segment.removed)

    def doc_count_all(self) -> int:
        return self._segment.count

    def has_deletions(self) -> bool:
        return bool(self._segment.removed)

    def is_deleted(self, docnum: int) -> bool:
        return docnum in self._segment.removed

    def deleted_docs(self) -> frozenset[int]:
        return self._segment.removed

    def stored_fields(self, docnum: int) -> dict[str, str]:
        """Return all that was stored of a document."""
        return {name: self._segment.stored(docnum, name) for name in STORED}

    def doc_field_length(self, docnum: int, fieldname: str, default: int = 0) -> int:
        """Return the length of a field, within four percent."""
        return LENGTHS[self._segment.lengths.column(fieldname)[docnum]] or default

    def field_length(self, fieldname: str) -> int:
        return self._segment.lengths.sums(fieldname)[0]

    def min_field_length(self, fieldname: str) -> int:
        return LENGTHS[min(self._segment.lengths.column(fieldname), default=0)]

    def max_field_length(self, fieldname: str) -> int:
        return LENGTHS[max(self._segment.lengths.column(fieldname), default=0)]


class PackedFieldWriter(base.FieldWriter):  # type: ignore[misc]
    """Writes the postings of a segment."""

    def __init__(self, storage: Any, segment: Any) -> None:
        self._dictionary = DictionaryWriter(segment.create_file(storage, DICTIONARY))
        self._file = segment.create_file(storage, LISTS)
        self._at = 0
        self.is_closed = False

    def add_postings(
        self, schema: object, lengths: object, items: Iterable[tuple[str, bytes, Buffer]]
    ) -> None:
        """Write all postings, which a PackedPool gives in the order of their fields and terms."""
        del schema, lengths
        last = ""
        for name, term, found in items:
            if name != last:
                self._dictionary.start_field(name)
                last = name
            content = packed(found.numbers, found.weights, found.lengths, found.content)
            self._file.write(content)
            self._dictionary.add(term, Extent(len(found.numbers), self._at, len(content)))
            self._at += len(content)

    def close(self) -> None:
        """Write the dictionary."""
        self._dictionary.close()
        self._file.close()
        self.is_closed = True


class PackedTerms(base.TermsReader):  # type: ignore[misc]
    """Reads the postings of a segment."""

    def __init__(self, segment: Segment) -> None:
        self._segment = segment

    # What Whoosh asks, when it merges and when it is asked by its own means

    def __contains__(self, term: tuple[str, bytes]) -> bool:
        return self._segment.extent(*term) is not None

    def terms(self) -> Iterator[tuple[str, bytes]]:
        return ((name, term) for (name, term), _ in self.items())

    def terms_from(self, fieldname: str, prefix: bytes) -> Iterator[tuple[str, bytes]]:
        return (key for key, _ in self.items_from(fieldname, prefix))

    def items(self) -> Iterator[tuple[tuple[str, bytes], TermInfo]]:
        return (item for name in self._segment.dictionary.names for item in self._items(name, b""))

    def items_from(self, fieldname: str, prefix: bytes) -> Iterator[tuple[tuple[str, bytes], TermInfo]]:
        names = self._segment.dictionary.names
        after = names[names.index(fieldname) + 1 :] if fieldname in names else []
        yield from self._items(fieldname, prefix)
        for name in after:
            yield from self._items(name, b"")

    def _items(self, name: str, prefix: bytes) -> Iterator[tuple[tuple[str, bytes], TermInfo]]:
        return (
            ((name, term), TermInfo(df=extent.documents))
            for term, extent in self._segment.dictionary.items_from(name, prefix)
        )

    def term_info(self, fieldname: str, text: bytes) -> TermInfo:
        """Return the statistics of a term. Raises TermNotFound."""
        numbers, weights, _ = self._postings(fieldname, text)
        return TermInfo(
            weight=sum(weights),
            df=len(numbers),
            maxweight=max(weights),
            minid=numbers[0],
            maxid=numbers[-1],
        )

    def _postings(self, fieldname: str, text: bytes) -> PostingList:
        extent = self._segment.extent(fieldname, text)
        if extent is None:
            raise TermNotFound(f"No term {fieldname}:{text!r}")
        return self._segment.postings(extent)

    def frequency(self, fieldname: str, text: bytes) -> float:
        return float(self.term_info(fieldname, text).weight())

    def doc_frequency(self, fieldname: str, text: bytes) -> int:
        found = self._segment.extent(fieldname, text)
        return found.documents if found else 0

    def matcher(self, fieldname: str, text: bytes, format_: Any, scorer: Any = None) -> Any:
        """Return the posting list of a term as Whoosh reads one. Raises TermNotFound."""
        found = self._postings(fieldname, text)
        info = self.term_info(fieldname, text)
        return PackedMatcher(*found, format_, scorer=scorer, term=(fieldname, text), terminfo=info)

    def indexed_field_names(self) -> list[str]:
        return self._segment.dictionary.names

    def close(self) -> None:
        """Close the files."""
        self._segment.close()


class PackedMatcher(ListMatcher):  # type: ignore[misc]
    """A posting list, read one posting after the other."""

    def value(self) -> bytes:
        """Return the value at hand; Whoosh's own gives text for one that is empty, and cannot merge it."""
        return self._values[self._i] if self._values else b""
