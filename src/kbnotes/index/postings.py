"""Whoosh's postings, read whole: the documents of a term with how often, and where, it stands in each.

Whoosh hands out one posting at a time, at three method calls each. Those that `packing` wrote are had at one
go; any others are taken the public way.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from whoosh.reading import TermNotFound
from whoosh.util.numeric import byte_to_length, length_to_byte

from kbnotes.index.packing import PackedMatcher
from kbnotes.index.places import Carried, unpack

Lengths = bytes | bytearray  # of the field in each document, as Whoosh's one-byte logarithm


class Postings(NamedTuple):
    """The documents of one term, ascending, with its weight (how often) and packed positions in each."""

    numbers: Sequence[int]
    weights: Sequence[float]
    values: Sequence[bytes]

    def positions(self, number: int) -> list[int]:
        """Return where the term stands in a document, ascending; [] where it does not."""
        at = bisect_left(self.numbers, number)
        return unpack(self.values[at]) if at < len(self.numbers) and self.numbers[at] == number else []


NOTHING = Postings((), (), ())


class Terms:
    """The terms of an index with their postings, each read once."""

    def __init__(self, reader: Any) -> None:
        self._reader = reader
        self._leaves: list[tuple[Any, int]] = list(reader.leaf_readers())
        self._found: dict[tuple[str, str], Postings] = {}
        self._letters: dict[tuple[str, str], list[str]] = {}
        self._lengths: dict[str, tuple[Lengths, float]] = {}
        self._sets: dict[tuple[str, str], frozenset[int]] = {}
        self.count: int = reader.doc_count()
        self._has_removed: bool = reader.has_deletions()

    def find(self, field: str, term: str) -> Postings:
        """Return the postings of a term; NOTHING where it has none."""
        key = field, term
        if key not in self._found:
            self._found[key] = self._read(field, term)
        return self._found[key]

    def documents(self, field: str, term: str) -> frozenset[int]:
        """Return the documents of a term as a set."""
        key = field, term
        if key not in self._sets:
            self._sets[key] = frozenset(self.find(field, term).numbers)
        return self._sets[key]

    def has(self, field: str, term: str) -> bool:
        """Tell whether any document has the term; one that was removed counts until its segment is merged."""
        return (field, encoded(term)) in self._reader

    def frequency(self, field: str, term: str) -> int:
        """Return in how many documents a term is, where it can without reading its postings."""
        found = self._found.get((field, term))
        if found is None and self._has_removed:  # which Whoosh counts until their segment is merged
            found = self.find(field, term)
        return len(found.numbers) if found else int(self._reader.doc_frequency(field, encoded(term)))

    def beginning(self, field: str, prefix: str) -> Iterator[str]:
        """Yield the terms of a field that begin with `prefix`, in order; those of one letter are kept."""
        if len(prefix) != 1:
            return self._terms_from(field, prefix)
        key = field, prefix
        if key not in self._letters:
            self._letters[key] = list(self._terms_from(field, prefix))
        return iter(self._letters[key])

    def _terms_from(self, field: str, prefix: str) -> Iterator[str]:
        return (term.decode("utf-8") for term in self._reader.expand_prefix(field, encoded(prefix)))

    def every(self) -> frozenset[int]:
        """Return all documents."""
        return self.documents("facts", Carried.EVERY)

    def lengths(self, field: str) -> tuple[Lengths, float]:
        """Return the length of the field in each document, and the average of those that have it."""
        if field not in self._lengths:
            lengths = self._read_lengths(field)
            total = sum(map(byte_to_length, lengths))
            self._lengths[field] = lengths, total / max(1, len(lengths) - lengths.count(0))
        return self._lengths[field]

    def _read_lengths(self, field: str) -> Lengths:
        lengths = bytearray()
        for leaf, _ in self._leaves:
            count = leaf.doc_count_all()
            own = _length_bytes(leaf, field)
            every = bytearray(
                own if own is not None and len(own) == count else _slow_lengths(leaf, field, count)
            )
            for number in leaf.deleted_docs_set if leaf.has_deletions() else ():
                every[number] = 0  # what was removed makes no average
            lengths += every
        return lengths

    def _read(self, field: str, term: str) -> Postings:
        found: list[Postings] = []
        for leaf, offset in self._leaves:
            if (field, encoded(term)) not in leaf:
                continue
            try:
                found.append(_of_leaf(leaf.postings(field, encoded(term)), leaf, offset))
            except TermNotFound:
                continue
        if not found:
            return NOTHING
        if len(found) == 1:
            return found[0]
        joined: tuple[list[Any], list[Any], list[Any]] = ([], [], [])
        for part in found:
            for whole, own in zip(joined, part, strict=True):
                whole.extend(own)
        return Postings(*joined)


def encoded(term: str) -> bytes:
    """Return a term as it stands in the index; a byte of argv that was not UTF-8 stands in no entry."""
    return term.encode("utf-8", "surrogatepass")


def _of_leaf(matcher: Any, leaf: Any, offset: int) -> Postings:
    """Return the postings of one segment, without the documents that were removed."""
    deleted = leaf.deleted_docs_set if leaf.has_deletions() else frozenset()
    inner = getattr(matcher, "child", matcher)
    numbers, weights, values = inner.whole() if isinstance(inner, PackedMatcher) else one_by_one(matcher)
    if deleted:
        kept = [at for at, number in enumerate(numbers) if number not in deleted]
        numbers = [numbers[at] for at in kept]
        weights = [weights[at] for at in kept]
        values = [values[at] for at in kept] if values else values
    if offset:
        numbers = [number + offset for number in numbers]
    return Postings(numbers, weights, values)


def one_by_one(matcher: Any) -> tuple[list[int], list[float], list[bytes]]:
    """Return the same of any matcher, by what is public."""
    numbers: list[int] = []
    weights: list[float] = []
    values: list[bytes] = []
    while matcher.is_active():
        numbers.append(matcher.id())
        weights.append(matcher.weight())
        if value := matcher.value():
            values.append(value)
        matcher.next()
    return numbers, weights, values


def _length_bytes(leaf: Any, field: str) -> bytes | None:
    """Return a field's column of lengths as it stands on the disk; None where that cannot be done."""
    try:
        return _whole_column(leaf._perdoc, field)
    except (AttributeError, TypeError, KeyError):
        return None


def _whole_column(documents: Any, field: str) -> bytes | None:
    name = f"_{field}_len"
    if not documents.has_column(name):
        return None
    file, start, length = documents._get_column_file(name)
    try:
        found: bytes = file.get(start, length)
    finally:
        file.close()
    return found.ljust(documents.doc_count_all(), b"\0")  # trailing zeros are not written


def _slow_lengths(leaf: Any, field: str, count: int) -> bytes:
    return bytes(length_to_byte(leaf.doc_field_length(number, field) or 0) for number in range(count))
