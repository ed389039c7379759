"""The nearest spelling of an unknown word, from the notes' own vocabulary."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

from kbnotes.index.postings import Terms
from kbnotes.text import FUNCTION_WORDS

_LETTERS = "abcdefghijklmnopqrstuvwxyz"
MIN_LENGTH = 4  # of a word that is corrected: shorter ones are near everything
EDIT, WRONG_LETTER = 2, 3  # a wrong letter costs more: it makes other words (stock, stack), not typos
LONG = 9  # letters of a word that other words seldom come near
_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_NEIGHBOURS = frozenset(a + b for row in _ROWS for pair in pairwise(row) for a, b in (pair, pair[::-1]))
_SUFFIXES = frozenset(
    """able acy al ance ancy ant ate ated ates ating ation ations ed ence ency ent er ers es ful ication
    ications ied ier ies ing ings ion ions ise ised ising isation ism ist ists ity ive ize ized izing ization
    less ly ment ments ness or ors s y ying""".split()
) | {""}


def suggest(word: str, terms: Terms) -> str | None:
    """Return the word of the vocabulary nearest to the folded `word`, or None if none is near.

    Near is one letter missing, too many or swapped with its neighbour; from six letters on also one wrong
    letter, from nine on also two of the former; or another ending on the same beginning. Numbers and short
    words have no near. Of 694 words of other fields, 15 are mistaken for one of the notes (2026-11-23).
    """
    sign = word.rstrip("+#")
    if sign != word and terms.has("exact", sign):
        return sign
    if word.isalpha() and (numbered := _numbered(word, terms)):
        return numbered
    found = near_words(word, terms)
    return found[0] if found else _wrong_first_letter(word, terms) if _can_be_mended(word) else None


def _numbered(word: str, terms: Terms) -> str | None:
    """Return the most used word that is `word` with a number behind it (`iterm`: iterm2)."""
    found = (
        [each for each in terms.beginning("exact", word) if each[len(word) :].isdigit()] if word[1:] else []
    )
    return max(found, key=lambda each: terms.frequency("exact", each), default=None)


def near_words(word: str, terms: Terms) -> list[str]:
    """Return all words near to the folded `word` that begin with its first letter, the nearest first."""
    if not _can_be_mended(word):
        return []
    return _nearest(word, terms.beginning("exact", word[0]), terms, _allowed(word))


def _can_be_mended(word: str) -> bool:
    return len(word) >= MIN_LENGTH and word.isalpha() and word.isascii()


def _wrong_first_letter(word: str, terms: Terms) -> str | None:
    """Return the most used word that differs in how it begins.

    That is rare in a typo (about one in thirty) and common between two words (flutter, clutter): words that
    are not long may only have their first two letters swapped.
    """
    found = [word[1] + word[0] + word[2:]]
    if len(word) >= LONG:
        found += [word[1:], *(letter + word for letter in _LETTERS)]
        found += [letter + word[1:] for letter in _LETTERS if letter + word[0] in _NEIGHBOURS]
    known = [each for each in found if terms.has("exact", each)]
    return max(known, key=lambda each: terms.frequency("exact", each), default=None)


def _allowed(word: str) -> int:
    """Return what may be spent on mending `word`: a wrong letter from six letters on, two edits from nine."""
    return 2 * EDIT if len(word) >= LONG else WRONG_LETTER if len(word) >= LONG - 3 else EDIT


def _nearest(word: str, vocabulary: Iterable[str], terms: Terms, allowed: int) -> list[str]:
    """Return the cheapest first; of equals one with as many letters (`opne`: open), then the most used."""
    found: list[tuple[int, int, int, str]] = []
    letters_of_word, beginning = frozenset(word), word[: MIN_LENGTH + 1]
    least, most = max(MIN_LENGTH - 1, len(word) - allowed // EDIT), len(word) + allowed // EDIT
    for candidate in vocabulary:
        is_as_long = least <= len(candidate) <= most
        if not is_as_long and not candidate.startswith(beginning):  # the most by far, so this comes first
            continue
        if candidate in FUNCTION_WORDS or not candidate.isalpha():
            continue
        near = allowed + 1
        # An edit brings or takes one letter, a wrong letter both: a bound that is quick to have.
        if is_as_long and len(letters_of_word.symmetric_difference(candidate)) <= allowed:
            near = distance(word, candidate, allowed)
        if near > allowed and candidate.startswith(beginning) and _same_beginning(word, candidate):
            near = allowed
        if near <= allowed:
            letters = abs(len(word) - len(candidate))
            found.append((near, letters, -terms.frequency("exact", candidate), candidate))
    return [candidate for *_, candidate in sorted(found)]


def _same_beginning(a: str, b: str) -> bool:
    """Tell whether two words differ in their endings only: `debugger`, `debugging`."""
    same = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    return any(a[at:] in _SUFFIXES and b[at:] in _SUFFIXES for at in range(MIN_LENGTH + 1, same + 1))


def distance(a: str, b: str, limit: int, *, edit: int = EDIT, wrong: int = WRONG_LETTER) -> int:
    """Return what the edits from `a` to `b` cost (optimal string alignment), or limit + 1 if that is more."""
    if abs(len(a) - len(b)) * edit > limit:
        return limit + 1
    before: list[int] = []
    row = list(range(0, edit * len(b) + 1, edit))
    for i, x in enumerate(a, 1):
        last, before, row = before, row, [i * edit] + [0] * len(b)
        for j, y in enumerate(b, 1):
            changed = before[j - 1] + (0 if x == y else edit if x + y in _NEIGHBOURS else wrong)
            row[j] = min(before[j] + edit, row[j - 1] + edit, changed)
            if i > 1 and j > 1 and x == b[j - 2] and a[i - 2] == y:
                row[j] = min(row[j], last[j - 2] + edit)
        if min(row) > limit and min(before) + edit > limit:
            return limit + 1
    return row[-1]
