"""Postings on their way into a segment: in arrays, some 15 bytes each, where Whoosh's pool has tuples."""

from __future__ import annotations

from array import array
from collections.abc import Iterator

Posting = tuple[str, bytes, int, float, bytes]  # field, term, document, weight, value


class Buffer:
    """The postings of one term so far."""

    __slots__ = ("content", "lengths", "numbers", "weights")

    def __init__(self) -> None:
        self.numbers = array("I")
        self.weights = array("f")
        self.lengths = array("I")  # of the values
        self.content = bytearray()  # the values, one behind the other

    def add(self, number: int, weight: float, value: bytes) -> None:
        """Add a posting; those of one term come by ascending documents."""
        self.numbers.append(number)
        self.weights.append(weight)
        self.lengths.append(len(value))
        self.content += value


class PackedPool:
    """The postings of a segment that is being written; what Whoosh's writer asks of a pool."""

    def __init__(self) -> None:
        self._fields: dict[str, dict[bytes, Buffer]] = {}

    def add(self, item: Posting) -> None:
        """Add a posting."""
        name, term, number, weight, value = item
        self.buffer(name, term).add(number, weight, value)

    def buffer(self, name: str, term: bytes) -> Buffer:
        """Return what holds the postings of a term."""
        terms = self._fields.get(name)
        if terms is None:
            terms = self._fields[name] = {}
        found = terms.get(term)
        if found is None:
            found = terms[term] = Buffer()
        return found

    def iter_postings(self) -> Iterator[tuple[str, bytes, Buffer]]:
        """Yield all terms with their postings, by field and term."""
        for name, terms in sorted(self._fields.items()):
            for term in sorted(terms):
                yield name, term, terms[term]

    def cleanup(self) -> None:
        """Let go of everything."""
        self._fields.clear()
