"""Sets of documents as bits do what sets of numbers do."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from kbnotes.index.documents import Documents, intersection, union

_SETS = st.frozensets(st.integers(0, 3_000)) | st.integers(0, 900).map(
    lambda step: frozenset(range(0, 3_000, step + 1))
)


@given(_SETS, _SETS)
def test_they_are_joined_and_compared_as_sets(one: frozenset[int], two: frozenset[int]) -> None:
    a, b = Documents.of(one), Documents.of(two)
    assert (list(a), len(a), bool(a)) == (sorted(one), len(one), bool(one))
    for made, wanted in ((a & b, one & two), (a | b, one | two), (a - b, one - two)):
        assert list(made) == sorted(wanted)
        assert made == Documents.of(wanted)
    assert (a <= b, a == b) == (one <= two, one == two)
    assert [number for number in range(3_001) if number in a] == sorted(one)


@given(_SETS)
def test_flags_are_one_for_each_member(numbers: frozenset[int]) -> None:
    flags = Documents.of(numbers).flags(3_001)
    assert len(flags) == 3_001
    assert {number for number, flag in enumerate(flags) if flag} == numbers


@given(st.lists(_SETS, max_size=4))
def test_several_are_joined_at_once(sets: list[frozenset[int]]) -> None:
    made = [Documents.of(each) for each in sets]
    assert list(union(made)) == sorted(frozenset().union(*sets))
    assert list(intersection(made)) == (sorted(frozenset.intersection(*sets)) if sets else [])


def test_all_below_a_number() -> None:
    assert list(Documents.up_to(3)) == [0, 1, 2]
    assert not Documents.up_to(0)
