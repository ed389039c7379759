"""Posting lists come back as they were packed, and what is none is told."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kbnotes.errors import UnusableIndexError
from kbnotes.index.segment.lists import packed, unpacked
from kbnotes.index.segment.positions import pack, unpack
from kbnotes.kb import KnowledgeBase

_NUMBERS = st.lists(st.integers(0, 2**32 - 1), min_size=1, max_size=200, unique=True).map(sorted)


@given(numbers=_NUMBERS, data=st.data())
def test_a_posting_list_comes_back(numbers: list[int], data: st.DataObject) -> None:
    size = len(numbers)
    some = st.sampled_from([1.0, 2.0, 300.0, 0.25])
    weights = data.draw(st.just([1.0] * size) | st.lists(some, min_size=size, max_size=size))
    values = data.draw(st.just([b""] * size) | st.lists(st.binary(max_size=9), min_size=size, max_size=size))
    got_numbers, got_weights, got_values = unpacked(
        packed(numbers, weights, [len(value) for value in values], b"".join(values)), size
    )
    assert (list(got_numbers), list(got_weights)) == (numbers, weights)
    assert list(got_values) == (values if any(values) else [])


def test_an_index_grows_entry_by_entry_without_being_made_anew(base: KnowledgeBase) -> None:
    """Whoosh merges small segments as it goes: every posting list is read and written again."""
    directories = set()
    for number in range(12):
        base.add(f"note {number} of zebras and `code`, see [it](https://example.org/{number})\n", tags=["t"])
        directories |= {path.name for path in (base.base.parent / "cache").rglob("whoosh-*")}
        assert base.search("zebra").total == number + 1
    assert len(directories) == 1


@given(st.lists(st.integers(0, 10**7), unique=True).map(sorted))
def test_positions_come_back(positions: list[int]) -> None:
    assert unpack(pack(positions)) == positions


@pytest.mark.parametrize(
    "content", [b"", b"z", b"zgarbage", b".B", b".?x", b".B\5\5\5", b".B\5\5\5\5\5?", b".I\5"]
)
def test_what_is_no_posting_list_is_told(content: bytes) -> None:
    with pytest.raises(UnusableIndexError):
        unpacked(content, 5)


def test_values_of_a_long_list_that_are_damaged_are_told_when_they_are_asked_for() -> None:
    whole = packed(range(500), [1.0] * 500, [1] * 500, b"x" * 500)
    assert list(unpacked(whole, 500).values) == [b"x"] * 500
    found = unpacked(whole[:-3], 500)
    assert list(found.numbers) == list(range(500))
    with pytest.raises(UnusableIndexError):
        found.values[0]


def test_a_part_of_the_index_whose_entries_all_went_moves_no_other(
    base: KnowledgeBase,
) -> None:
    for number in range(3):
        base.add(f"a zebra stands by the river {number}")
    base.remove(["1", "2"])
    base.add("a zebra stands by the lake")
    assert {hit.summary.id for hit in base.search('"zebra stands by"').hits} == {3, 4}
    assert [summary.id for summary in base.select(["3", "4"])] == [3, 4]


def test_what_was_written_again_counts_once(base: KnowledgeBase) -> None:
    """What was removed and added again must not count twice until Whoosh merges."""
    for number in range(8):
        base.add(f"note {number} of zebras\n\n" + "grass and water " * number)
    longest = base.add("a zebra\n\n" + "much ado " * 200).id
    before = base.search("zebra grass note")
    for _ in range(3):
        base.edit(str(longest), body="a zebra\n\n" + "much more ado " * 200)
        base.edit(str(longest), body="a zebra\n\n" + "much ado " * 200)
    after = base.search("zebra grass note")
    assert [(hit.summary.id, hit.score) for hit in after.hits] == [
        (hit.summary.id, hit.score) for hit in before.hits
    ]


def test_equal_hits_go_by_id_whatever_was_changed_when(base: KnowledgeBase) -> None:
    for _ in range(6):
        base.add("a zebra")
    base.edit("2", body="a lion")
    base.edit("2", body="a zebra")
    assert [hit.summary.id for hit in base.search("zebra").hits] == [1, 2, 3, 4, 5, 6]
