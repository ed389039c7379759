"""How words are kept in Whoosh's postings: field types that take words already counted.

Whoosh's own position format is a pickle a posting; this one is a byte for most positions, and needs no
pickle."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from whoosh.analysis import IDAnalyzer
from whoosh.fields import FieldType
from whoosh.formats import Existence, Positions

from kbnotes.index.segment.positions import pack, unpack
from kbnotes.index.stored import EVERY

Posting = tuple[bytes, int, float, bytes]  # term, how often, weight, value


class PackedPositions(Positions):  # type: ignore[misc]
    """Positions as `pack` writes them."""

    def encode(self, poslist: Iterable[int]) -> bytes:
        return pack(poslist)

    def decode_positions(self, valuestring: bytes) -> list[int]:
        return unpack(valuestring)

    def decode_frequency(self, valuestring: bytes) -> int:
        return len(unpack(valuestring))


class Placed(FieldType):  # type: ignore[misc]
    """Words with their positions: the value is {term: its positions, ascending}, and how much each counts."""

    indexed = True

    def __init__(self) -> None:
        super().__init__(PackedPositions(), IDAnalyzer(), scorable=True)

    def index(self, value: tuple[Mapping[str, list[int]], float], **_: Any) -> Iterator[Posting]:
        """Yield a posting a term."""
        terms, weight = value
        for term, positions in terms.items():
            count = len(positions)
            yield term.encode("utf-8"), count, count * weight, pack(positions)


class Counted(FieldType):  # type: ignore[misc]
    """Words with how often they occur: the value is {term: count}."""

    indexed = True

    def __init__(self) -> None:
        super().__init__(Existence(), IDAnalyzer(), scorable=True)

    def index(self, value: Mapping[str, int], **_: Any) -> Iterator[Posting]:
        """Yield a posting a term."""
        for term, count in value.items():
            yield term.encode("utf-8"), count, float(count), b""


class Carried(FieldType):  # type: ignore[misc]
    """A few bytes an entry, all in the postings of the one term EVERY, so that they are read at one go."""

    indexed = True

    def __init__(self) -> None:
        super().__init__(PackedPositions(), IDAnalyzer())

    def index(self, value: bytes, **_: Any) -> Iterator[Posting]:
        """Yield the one posting."""
        yield EVERY.encode(), 1, 1.0, value
