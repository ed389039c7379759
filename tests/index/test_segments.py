"""What a segment of the index keeps comes back as it was put in."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from kbnotes.index.segment.dictionary import Dictionary, DictionaryWriter, Extent
from kbnotes.index.segment.lengths import LENGTHS, to_byte
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


def test_lengths_are_exact_where_entries_are_short_and_near_where_they_are_long() -> None:
    assert len(set(LENGTHS)) == 256
    assert [LENGTHS[to_byte(length)] for length in range(60)] == list(range(60))
    for length in range(60, 90_000, 17):
        assert length <= LENGTHS[to_byte(length)] <= length * 1.04 + 1
    assert to_byte(10**9) == 255
