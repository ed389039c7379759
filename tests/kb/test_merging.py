"""Three-way merges by lines."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kbnotes.kb.merging import MOST_LINES, merge

BASE = "a\nb\nc\nd\ne\n"


@pytest.mark.parametrize(
    ("one", "other", "merged"),
    [
        ("A\nb\nc\nd\ne\n", "a\nb\nc\nd\nE\n", "A\nb\nc\nd\nE\n"),
        ("a\nB\nc\nd\ne\n", "a\nb\nC\nd\ne\n", "a\nB\nC\nd\ne\n"),
        ("a\nb\nc\nd\ne\nf\n", "0\na\nb\nc\nd\ne\n", "0\na\nb\nc\nd\ne\nf\n"),
        ("b\nc\nd\ne\n", "a\nb\nc\nd\n", "b\nc\nd\n"),
        ("a\nx\nc\nd\ne\n", "a\nx\nc\nd\nE\n", "a\nx\nc\nd\nE\n"),
        ("a\nx\nc\nd\ne\n", "a\ny\nc\nd\ne\n", None),
        ("a\nc\nd\ne\n", "a\nB\nc\nd\ne\n", None),
        ("a\nb\nx\nc\nd\ne\n", "a\nb\ny\nc\nd\ne\n", None),
    ],
)
def test_changes_of_different_lines_are_both_made(one: str, other: str, merged: str | None) -> None:
    assert merge(BASE, one, other) == merged
    assert merge(BASE, other, one) == merged


TEXTS = st.lists(st.sampled_from("abcd"), max_size=8).map("\n".join)


@given(TEXTS, TEXTS)
def test_one_change_alone_and_the_same_change_twice_are_made(base: str, text: str) -> None:
    assert merge(base, text, base) == text
    assert merge(base, base, text) == text
    assert merge(base, text, text) == text


@given(TEXTS, TEXTS, TEXTS)
def test_a_merge_has_no_line_that_neither_has_and_keeps_what_both_have_beyond_the_base(
    base: str, one: str, other: str
) -> None:
    merged = merge(base, one, other)
    if merged is not None:
        lines = set(merged.split("\n"))
        assert lines <= set(one.split("\n")) | set(other.split("\n"))
        assert set(one.split("\n")) & set(other.split("\n")) - set(base.split("\n")) <= lines


def test_very_long_texts_are_left_to_the_person() -> None:
    assert merge("x\n" * (MOST_LINES + 1), "y", "z") is None
