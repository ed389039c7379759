"""Acronyms of which the notes hold only the words: MCM for "Multi Chip Modules"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from kbnotes.index.analysis import words
from kbnotes.text import FUNCTION_WORDS

MIN, MAX = 3, 6  # letters: two are the initials of too much, and more than six are seldom an acronym
_NAMES = re.compile(r"(?:[A-Z][\w-]*[ -]){2,5}[A-Z][\w-]*")


def initials_of(labels: Iterable[str], text: str) -> set[str]:
    """Return the initials, folded, of each label (a title, an emphasis, a link) and of each name in `text`.

    A name is a run of words with capitals. Function words have no initial, so "Query, Key and Value" is QKV.
    """
    phrases = (*labels, *(found.group() for found in _NAMES.finditer(text)))
    return {each for phrase in phrases for each in _initials(phrase)}


def may_be_initials(word: str) -> bool:
    """Tell whether a folded word has the length and the letters of an acronym."""
    return MIN <= len(word) <= MAX and word.isalpha()


def _initials(phrase: str) -> Iterator[str]:
    found = "".join(word.text[0] for word in words(phrase) if word.text not in FUNCTION_WORDS)
    if may_be_initials(found):
        yield found
