"""Acronyms of which the notes hold only the words: MCM for "Multi Chip Modules"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from kbnotes.index.analysis import words
from kbnotes.text import FUNCTION_WORDS

MIN, MAX = 3, 6  # letters: two are the initials of too much, and more than six are seldom an acronym
# Words that join another one, and give an acronym a letter of their own: VAE, HTTP, RDBMS.
_JOINING = """auto bio cross crypto cyber data electro geo hydro hyper inter macro meta micro mono multi nano
    neuro photo poly pseudo radio semi sub super tele thermo trans ultra""".split()
_COMPOUND = re.compile(rf"\b({'|'.join(_JOINING)})[a-z]{{4,}}", re.IGNORECASE)
_BEFORE = re.compile(r"(?:\b[a-z]+[ -]){0,2}\Z", re.IGNORECASE)
_BEHIND = re.compile(r"(?:[ -][a-z]+){0,3}", re.IGNORECASE)
_REACH = 60  # characters on either side of a compound that are looked at
_NAMES = re.compile(r"(?:[A-Z][\w-]*[ -]){2,5}[A-Z][\w-]*")


def initials_of(labels: Iterable[str], text: str) -> set[str]:
    """Return the initials, folded, of each label (a title, an emphasis, a link) and of each name in `text`.

    A name is a run of words with capitals. Function words have no initial, so "Query, Key and Value" is QKV.
    Around a compound, a name needs no capitals: "variational autoencoders" are VAE.
    """
    phrases = (*labels, *(found.group() for found in _NAMES.finditer(text)))
    found = {each for phrase in phrases for each in _initials(phrase)}
    return found.union(*(_around_compounds(run) for run in _runs(text)))


def may_be_initials(word: str) -> bool:
    """Tell whether a folded word has the length and the letters of an acronym."""
    return MIN <= len(word) <= MAX and word.isalpha()


def _initials(phrase: str) -> Iterator[str]:
    found = "".join(word.text[0] for word in words(phrase) if word.text not in FUNCTION_WORDS)
    if may_be_initials(found):
        yield found


def _runs(text: str) -> Iterator[str]:
    """Yield each compound with up to two words before it and three behind, if only blanks lie between."""
    for found in _COMPOUND.finditer(text):
        start, end = found.span()
        before = _BEFORE.search(text[max(0, start - _REACH) : start])
        behind = _BEHIND.match(text[end : end + _REACH])
        yield (before.group() if before else "") + found.group() + (behind.group() if behind else "")


def _around_compounds(run: str) -> Iterator[str]:
    """Yield the initials of each stretch of words that has a compound, which gives two of them."""
    letters = [_letters(word) for word in re.split("[ -]", run.lower())]
    for start in range(len(letters)):
        for end in range(start + 2, len(letters) + 1):
            part = letters[start:end]
            found = "".join(part)
            if all(part) and len(found) > len(part) and may_be_initials(found):
                yield found


def _letters(word: str) -> str:
    """Return what a word gives to an acronym; nothing if it is a function word."""
    compound = _COMPOUND.fullmatch(word)
    if compound:
        return word[0] + word[compound.end(1)]
    return "" if word in FUNCTION_WORDS else word[:1]
