"""Facts about written text that more than one room needs: folding, function words, sentence ends."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

FUNCTION_WORDS = frozenset(
    """a about all also am an and any are as at be been being but by can could did do does each either for
    from had has have he her his how i if in into is it its may me might my neither no nor not of on onto or
    our per shall she should so some such than that the their them then there these they this those to under
    until upon us via was we were what when where which while who whom whose why will with within without
    would you your""".split()
)

# A full stop after one of these ends no sentence. Single letters (initials) are covered by the rule below.
ABBREVIATIONS = frozenset(
    """a.k.a aka al approx avg ca cf ch chap co dept dr e.g ed eds eg eq eqs est etc excl fig figs i.e ie inc
    incl jr ltd max min misc mr mrs ms no nos p.s pp prof ref refs resp sec sr st viz vol vs""".split()
)

# Of these, the ones that are words or units of their own: "10 ms. Then" is two sentences, "no. 5" is one.
_ALSO_WORDS = frozenset("max min ms no sec st".split())

# Possessive and anchored to the start of its run: a line of a million dots is read once, not once a dot.
_STOP = re.compile(r"(?P<mark>(?<![.!?…])[.!?…]++[\"'”’)\]]*+)(?=\s|$)|(?P<wide>[。！？]+)")
_SPACE = re.compile(r"\s*")
_LAST_WORD = re.compile(r"[^\s(\[\"'“‘]+$")


def fold(text: str) -> str:
    """Return `text` in one form for all its spellings: NFKC, case folded, without accents."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    bare = "".join(c for c in decomposed if not unicodedata.combining(c))
    return unicodedata.normalize("NFC", bare)


def tag_key(tag: str) -> str:
    """Return what two spellings of a tag have in common: `#Machine Learning` is `machine-learning`."""
    return "-".join(tag.strip().lstrip("#").lower().split())


def sentences(text: str) -> Iterator[tuple[int, int]]:
    """Yield the [start, end) of each sentence of one paragraph, end marks included."""
    start = 0
    for stop in _STOP.finditer(text):
        if stop["mark"] and not _ends_sentence(text, stop.start(), stop.end()):
            continue
        yield start, stop.end()
        start = _skip_space(text, stop.end())
    if text[start:].strip():
        yield start, len(text)


def _skip_space(text: str, at: int) -> int:
    space = _SPACE.match(text, at)
    return space.end() if space else at


def _ends_sentence(text: str, at: int, after: int) -> bool:
    """Tell whether the mark at `at` ends a sentence rather than an abbreviation or an initial."""
    if text[at] != "." or text[at : at + 2] == "..":
        return True
    word = _LAST_WORD.search(text, max(0, at - 40), at)
    written = word.group() if word else ""
    last = written.lower()
    rest = text[(start := _skip_space(text, after)) : start + 1]
    if written in _ALSO_WORDS:
        return not (rest.isdigit() or rest.islower())
    if last in ABBREVIATIONS or (len(last) == 1 and last.isalpha() and last != "i"):
        return False
    # "approx. five" and "ver. two": a small letter after a full stop goes on with the sentence only
    # behind a dotted or known short form, so lower-case writers still get their sentences.
    return not (rest.islower() and "." in last)
