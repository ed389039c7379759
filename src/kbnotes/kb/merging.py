"""A three-way merge of two versions of a text, by lines.

As diff3 does it (Khanna, Kunal, Pierce: A Formal Investigation of Diff3, 2007): lines that both versions
share with the base divide the texts; between two such stretches at most one version may differ from the base.
"""

from __future__ import annotations

from collections.abc import Iterator
from difflib import SequenceMatcher

MOST_LINES = 5_000  # of one version; finding what two texts share takes the square of it at worst


def merge(base: str, one: str, other: str) -> str | None:
    """Return both changes of `base` in one text; None where they meet, and a person has to decide."""
    texts = [text.split("\n") for text in (base, one, other)]
    if max(map(len, texts)) > MOST_LINES:
        return None
    merged: list[str] = []
    for common, (first, *changed) in _stretches(*texts):
        mine, theirs = changed
        if mine == first:
            merged += theirs
        elif theirs in (first, mine):
            merged += mine
        elif (lines := _line_by_line(first, mine, theirs)) is not None:
            merged += lines
        else:
            return None
        merged += common
    return "\n".join(merged)


def _line_by_line(base: list[str], one: list[str], other: list[str]) -> list[str] | None:
    """Return a stretch in which the versions changed different lines, and added or removed none."""
    if not len(base) == len(one) == len(other):
        return None
    merged = []
    for first, mine, theirs in zip(base, one, other, strict=True):
        if first not in (mine, theirs) and mine != theirs:
            return None
        merged.append(theirs if mine == first else mine)
    return merged


def _stretches(
    base: list[str], one: list[str], other: list[str]
) -> Iterator[tuple[list[str], tuple[list[str], list[str], list[str]]]]:
    """Yield each stretch that all three share, with what the three have between it and the one before."""
    ends = (0, 0, 0)
    for start, length, at_one, at_other in _shared(base, one, other):
        between = base[ends[0] : start], one[ends[1] : at_one], other[ends[2] : at_other]
        yield base[start : start + length], between
        ends = start + length, at_one + length, at_other + length
    yield [], (base[ends[0] :], one[ends[1] :], other[ends[2] :])


def _shared(base: list[str], one: list[str], other: list[str]) -> Iterator[tuple[int, int, int, int]]:
    """Yield each stretch that stands in all three: its start in the base, length, starts in the others."""
    left, right = _matches(base, one), _matches(base, other)
    while left and right:
        (a, at_one, length_one), (b, at_other, length_other) = left[0], right[0]
        start, end = max(a, b), min(a + length_one, b + length_other)
        if start < end:
            yield start, end - start, at_one + start - a, at_other + start - b
        (left if a + length_one <= b + length_other else right).pop(0)


def _matches(base: list[str], text: list[str]) -> list[tuple[int, int, int]]:
    blocks = SequenceMatcher(None, base, text, autojunk=False).get_matching_blocks()
    return [(block.a, block.b, block.size) for block in blocks if block.size]
