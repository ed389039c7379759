"""A saved search stands for its text, as a group that is never let go."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from kbnotes.model import AllOf, AnyOf, Node, Not, Phrase, Query, Tagged, Word
from kbnotes.query import MAX_DEPTH, MAX_TERMS, parse

A, B, C = Word("a"), Word("b"), Word("c")
HW = AllOf((Tagged("hardware"), Not(Tagged("ml"))))
SAVED = {
    "hw": "tag:hardware -tag:ml",
    "One": "a",
    "either": "a OR b",
    "phrase": '"a b"',
    "no-b": "-b",
    "nested_1": "@hw c",
    "open": '(a b "c',
    "empty": "()",
}


def read(text: str, saved: dict[str, str] = SAVED) -> Query:
    return parse(text, now=datetime(2026, 11, 27, tzinfo=UTC), saved=saved)


READ: dict[str, tuple[Node, ...]] = {
    "@hw": (HW,),
    "a @HW b": (A, HW, B),
    "-@hw": (Not(HW),),
    "NOT @hw": (Not(HW),),
    "@hw OR c": (AnyOf((HW, C)),),
    "c AND @either": (AllOf((C, AnyOf((A, B)))),),
    "@one": (AllOf((A,)),),
    "-@one": (Not(A),),
    "@phrase": (Phrase("a b"),),
    "@no-b": (Not(B),),
    "a @no-b": (A, Not(B)),
    "@nested_1": (AllOf((HW, C)),),
    "@open a": (AllOf((A, B, C)), A),
    "@empty a -@empty": (A,),
    "@hw @hw": (HW, HW),
    "@hw x@hw @hw,": (HW, Word("x@hw"), Word("@hw,")),
}


@pytest.mark.parametrize("text", READ)
def test_a_saved_search_is_read_in_its_place(text: str) -> None:
    query = read(text)
    assert (query.root.parts, query.notes) == (READ[text], ())


def test_an_unknown_name_is_a_word_and_that_is_said_to_those_who_save_searches() -> None:
    assert read("@dataclass", {}).notes == ()
    query = read("@dataclass a -@b")
    assert query.root.parts == (Word("@dataclass"), A, Not(Word("@b"), literal="-@b"))
    assert query.notes == tuple(
        f"There is no saved search {name}; it was read as text." for name in ("@dataclass", "@b")
    )


def test_a_circle_of_saved_searches_ends_and_is_named() -> None:
    query = read("@a", {"a": "x @b", "b": "y @a"})
    assert query.root.parts == (AllOf((Word("x"), Word("y"))),)
    assert query.notes == ("“@a” names itself.",)


def test_a_saved_search_uses_up_the_words_of_the_query() -> None:
    query = read("c @many c", {"many": "a " * MAX_TERMS})
    assert query.root.parts == (C, AllOf((A,) * (MAX_TERMS - 1)))
    assert query.notes == (f"Only the first {MAX_TERMS} words of the query were read.",)


def test_saved_searches_within_one_another_have_an_end() -> None:
    chain = {f"s{n}": f"@s{n + 1}" for n in range(2 * MAX_DEPTH)}
    assert read("@s0", chain).notes == (
        f"Saved searches deeper than {MAX_DEPTH} within one another were ignored.",
    )


def test_saved_searches_that_fan_out_have_an_end() -> None:
    fan = {f"s{n}": f"@s{n + 1} " * 400 for n in range(MAX_DEPTH - 1)} | {f"s{MAX_DEPTH - 1}": "*"}
    query = read("@s0 a", fan)
    assert query.root.parts == (A,)
    assert query.notes == ("Only the first 8,000 characters of saved searches were read.",)
