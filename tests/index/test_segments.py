"""What a segment of the index keeps comes back as it was put in."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kbnotes.index.segment.dictionary import Dictionary, DictionaryWriter, Extent
from kbnotes.index.segment.lengths import LENGTHS, Lengths, to_byte, write_lengths
from kbnotes.index.segment.texts import BLOCK, Texts, TextsWriter


class _File:
    """A file in memory, as Whoosh's storage gives one to write and to read."""

    def __init__(self) -> None:
        self.content = b""

    def write(self, content: bytes) -> None:
        self.content += content

    def get(self, start: int, length: int) -> bytes:
        return self.content[start : start + length]

    def close(self) -> None:
        pass


_TERMS = st.sets(st.binary(min_size=1, max_size=12).filter(lambda term: b"\0" not in term), max_size=300)


@given(st.dictionaries(st.sampled_from(["exact", "text", "url"]), _TERMS), st.binary(max_size=4), st.data())
def test_a_dictionary_has_its_terms_in_order_and_no_others(
    fields: dict[str, set[bytes]], other: bytes, data: st.DataObject
) -> None:
    file = _File()
    writer = DictionaryWriter(file)
    told: dict[str, dict[bytes, Extent]] = {}
    start = 0
    for name in sorted(fields):
        writer.start_field(name)
        told[name] = {}
        for term in sorted(fields[name]):
            length = data.draw(st.integers(1, 70_000)) if len(fields[name]) < 4 else len(term)
            told[name][term] = Extent(len(term), start, length)
            writer.add(term, told[name][term])
            start += length
    writer.close()
    found = Dictionary(file, len(file.content))
    for name, terms in told.items():
        assert dict(found.items_from(name, b"")) == terms
        assert list(found.items_from(name, other)) == [item for item in terms.items() if item[0] >= other]
        assert all(found.find(name, term) == extent for term, extent in terms.items())
        assert found.find(name, other) == terms.get(other)
        assert list(found.beginning(name, other)) == [term for term in terms if term.startswith(other)]
    assert found.find("nothing", b"x") is None


@given(st.lists(st.binary(max_size=40) | st.integers(BLOCK - 1, BLOCK + 1).map(bytes), max_size=40))
def test_texts_come_back(values: list[bytes]) -> None:
    file = _File()
    writer = TextsWriter(file)
    for value in values:
        writer.add(value)
    writer.close()
    found = Texts(file, len(file.content))
    assert list(found) == values
    assert [found[number] for number in range(len(values))] == values


def test_lengths_come_back_with_their_sums() -> None:
    file = _File()
    write_lengths(file, {"text": bytearray([3, 0, 70]), "title": bytearray([1])}, 3)
    found = Lengths(file, len(file.content), 3)
    assert (found.column("text"), found.sums("text")) == (b"\3\0\x46", (3 + LENGTHS[70], 2))
    assert (found.column("title"), found.sums("title")) == (b"\1\0\0", (1, 1))
    assert (found.column("url"), found.sums("url")) == (b"\0\0\0", (0, 0))
    with pytest.raises(ValueError, match="cut short"):
        Lengths(file, len(file.content) - 1, 3)


def test_lengths_are_exact_where_entries_are_short_and_near_where_they_are_long() -> None:
    assert len(set(LENGTHS)) == 256
    assert [LENGTHS[to_byte(length)] for length in range(60)] == list(range(60))
    for length in range(60, 90_000, 17):
        assert length <= LENGTHS[to_byte(length)] <= length * 1.04 + 1
    assert to_byte(10**9) == 255
