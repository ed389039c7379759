"""searches.yaml: what is written into it comes back, and what a person wrote there stays."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kbnotes.codec import decode_searches, edit_searches, search_name
from kbnotes.errors import FormatError

BY_HAND = """\
# what I look up every week
hw: "tag:hardware -tag:ml"

# long ones
Papers: >
  title:survey OR
  title:review
# the end
"""


def _edited(text: str, search: str, query: str | None) -> str:
    return edit_searches(text, name="searches.yaml", search=search, query=query)


def _read(text: str) -> dict[str, str]:
    return decode_searches(text, name="searches.yaml")


def test_a_name_is_read_in_one_spelling() -> None:
    assert [search_name(text) for text in ("hw", "@HW", " To_read-2 ")] == ["hw", "hw", "to_read-2"]
    assert [search_name(text) for text in ("", "@", "two words", "a:b", "é", "x" * 61)] == [None] * 6


@given(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=60).map(lambda text: " ".join(text.split()))
)
def test_any_query_comes_back(query: str) -> None:
    for before in ("", BY_HAND, "other: x"):
        assert _read(_edited(before, "new", query))["new"] == query


def test_a_file_by_hand_is_forgiven_its_capitals_and_its_lines() -> None:
    assert _read(BY_HAND) == {"hw": "tag:hardware -tag:ml", "papers": "title:survey OR title:review"}
    assert _read('"@hw": kv cache\n') == {"hw": "kv cache"}
    assert _read("") == {}


def test_a_change_leaves_the_other_lines_and_all_comments_alone() -> None:
    assert _edited(BY_HAND, "kv", "KV cache") == f"{BY_HAND}kv: KV cache\n"
    assert _edited(BY_HAND, "hw", "chip") == BY_HAND.replace('hw: "tag:hardware -tag:ml"', "hw: chip")
    long = BY_HAND[BY_HAND.index("Papers") : BY_HAND.index("# the end")]
    assert _edited(BY_HAND, "papers", None) == BY_HAND.replace(long, "")
    assert _edited(BY_HAND, "missing", None) == BY_HAND


def test_what_cannot_be_changed_in_place_is_written_anew() -> None:
    for text in ("--- # mine\nhw: chip\n...\n", "hw: chip\n...\n"):
        assert _read(_edited(text, "kv", "KV cache")) == {"hw": "chip", "kv": "KV cache"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("hw: [a, b]\n", "line 1: a query is text"),
        ("a: x\nA: y\n", "line 2: the name 'a' stands twice"),
        ("two words: x\n", "line 1: a name is letters"),
        ('hw: "a" OR b\n', "line 1"),
        ("- hw\n", "line 1"),
    ],
)
def test_what_cannot_be_read_is_named_with_its_line(text: str, said: str) -> None:
    for read in (lambda: _read(text), lambda: _edited(text, "kv", "x")):
        with pytest.raises(FormatError, match=r"searches\.yaml") as raised:
            read()
        assert said in raised.value.message
