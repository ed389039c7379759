"""The nearest spelling of an unknown word, from the notes' own vocabulary."""

from __future__ import annotations

from typing import Any

MIN_LENGTH = 4  # of a word that is corrected: shorter ones are near everything
TWO_EDITS_FROM = 8  # letters; below, one edit
_SUFFIXES = frozenset(
    """able al ation ations ed er ers es ful ing ings ion ions ise ised ising isation ism ist ists ity ive ize
    ized izing ization less ly ment ments ness or ors s""".split()
) | {""}


def suggest(word: str, reader: Any) -> str | None:
    """Return the word of the vocabulary nearest to the folded `word`, or None if none is near.

    Near is one edit (insert, delete, change, swap of neighbours), two in words of eight letters or more, or
    another ending on the same beginning. Numbers and short words have no near.
    """
    sign = word.rstrip("+#")
    if sign != word and ("exact", sign) in reader:
        return sign
    if len(word) < MIN_LENGTH or not word.isalpha() or not word.isascii():
        return None
    best = _nearest(word, _vocabulary(reader, word[0]), reader)
    if best:
        return best
    # A wrong first letter is rare (about one typo in thirty), and the whole vocabulary is long.
    return _nearest(word, (each for each in _vocabulary(reader, "") if each[0] != word[0]), reader)


def _vocabulary(reader: Any, prefix: str) -> Any:
    for term in reader.expand_prefix("exact", prefix):
        word = term.decode("utf-8")
        if word.isalpha():
            yield word


def _nearest(word: str, vocabulary: Any, reader: Any) -> str | None:
    allowed = 2 if len(word) >= TWO_EDITS_FROM else 1
    found: list[tuple[int, int, str]] = []
    for candidate in vocabulary:
        if len(candidate) < MIN_LENGTH - 1:
            continue
        near = distance(word, candidate, allowed)
        if near > allowed and _same_beginning(word, candidate):
            near = allowed
        if near <= allowed:
            found.append((near, -reader.doc_frequency("exact", candidate), candidate))
    return min(found)[2] if found else None


def _same_beginning(a: str, b: str) -> bool:
    """Tell whether two words differ in their endings only: `debugger`, `debugging`."""
    length = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    return length >= MIN_LENGTH + 1 and a[length:] in _SUFFIXES and b[length:] in _SUFFIXES


def distance(a: str, b: str, limit: int) -> int:
    """Return the edits from `a` to `b` (optimal string alignment), or limit + 1 if there are more."""
    if abs(len(a) - len(b)) > limit:
        return limit + 1
    before: list[int] = []
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        last, before, row = before, row, [i] + [0] * len(b)
        for j, y in enumerate(b, 1):
            row[j] = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (x != y))
            if i > 1 and j > 1 and x == b[j - 2] and a[i - 2] == y:
                row[j] = min(row[j], last[j - 2] + 1)
        if min(row) > limit:
            return limit + 1
    return row[-1]
