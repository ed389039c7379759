"""A new tag that is spelled nearly like a known one: probably that one, mistyped."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from kbnotes.index.spelling import distance
from kbnotes.text import fold, tag_key

# What tells tags of the same letters apart: digits make another version, signs another language (c, c++).
_TELLING = frozenset("0123456789+#")
_JOINTS = str.maketrans("", "", "-_./ ")
_OWN = frozenset("https news".split())  # words of their own that look like a plural of another

EDIT, WRONG_LETTER = 3, 4  # a wrong letter that is no neighbour on the keyboard makes other words, not typos
# Letters of the shorter tag, and what mending may cost: two of any, two edits, one wrong letter, one edit.
_ALLOWED = ((10, 2 * WRONG_LETTER), (8, 2 * EDIT), (6, WRONG_LETTER), (4, EDIT))
_LONG = 8  # letters of a tag that others seldom come near
_SHORTEST_PLURAL = 3  # letters before the s: `os` is no plural


def near_tag(tag: str, known: Mapping[str, int]) -> str | None:
    """Return the tag of `known` (tag -> entries) that `tag` is probably meant to be; None if it is known.

    Near is another hyphen, accent or plural; from four letters on one letter missing, too many, swapped with
    the next or mistyped for its neighbour on the keyboard; from six letters on also any one wrong letter;
    from eight on two of these edits, from ten on two wrong letters as well. The first letter is right, but
    in a long tag or where it is swapped with the second.
    """
    key = tag_key(tag)
    if key in known:
        return None
    near = ((_cost(key, other), -entries, other) for other, entries in known.items())
    found = [(cost, entries, other) for cost, entries, other in near if cost is not None]
    return min(found)[2] if found else None


def _cost(a: str, b: str) -> int | None:
    """Return what it costs to mend one tag into another; None where they are simply two."""
    if _telling(a) != _telling(b) or {a, b} & _OWN:
        return None
    one, two = fold(a).translate(_JOINTS), fold(b).translate(_JOINTS)
    if one == two:
        return 0
    if _singular(one) == _singular(two):
        return 1
    shorter = min(len(one), len(two))
    allowed = next((cost for letters, cost in _ALLOWED if shorter >= letters), 0)
    if not allowed or not (_has_case(one) and _has_case(two)):
        return None
    cost = distance(one, two, allowed, edit=EDIT, wrong=WRONG_LETTER)
    return cost + 1 if cost <= allowed and _begin_alike(one, two, cost) else None


def _begin_alike(one: str, two: str, cost: int) -> bool:
    """Tell whether a difference may be a slip: in the first letter it seldom is (read, bread)."""
    is_swapped = one[:2] == two[1::-1]
    return one[0] == two[0] or is_swapped or (cost <= EDIT and min(len(one), len(two)) >= _LONG)


def _telling(tag: str) -> list[str]:
    return [sign for sign in tag if sign in _TELLING]


def _singular(word: str) -> str:
    for ending, instead in (("ies", "y"), ("es", ""), ("s", "")):
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_PLURAL:
            return word[: -len(ending)] + instead
    return word


def _has_case(word: str) -> bool:
    """Tell whether a word is of letters that are typed one by one: two characters of Chinese are a word."""
    return all(c.isascii() or c.lower() != c.upper() for c in word)


def known_tags(
    counts: Mapping[str, int], topics: Iterable[str], *, without: Iterable[str] = ()
) -> dict[str, int]:
    """Return tag -> entries for the tags in use and the topics, without those that are about to go."""
    going = {tag_key(tag) for tag in without}
    known = {**dict.fromkeys(map(tag_key, topics), 0), **counts}
    return {tag: entries for tag, entries in known.items() if tag not in going}
