"""What the language of the notes has to do with words: their inflection, and which say little."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from importlib import import_module

from kbnotes.errors import InputError
from kbnotes.index.analysis import Word, stem
from kbnotes.text import FUNCTION_WORDS, fold

ENGLISH = "english"
_CODES = {"en": "english", "de": "german", "fr": "french", "es": "spanish"}
_FUNCTION_WORDS = {
    "english": FUNCTION_WORDS,
    "german": frozenset(
        """aber als am an auch auf aus bei bin bis das dass dem den der des die dies diese dieser dieses doch
        du ein eine einem einen einer eines er es fur hat haben ich ihr im in ist ja kann man mein mit nach
        nicht noch nur oder ob sich sie sind so uber um und uns vom von vor wann warum was wenn wer wie wird
        wir wo zu zum zur""".split()
    ),
    "french": frozenset(
        """a au aux avec c ce ces cet cette comme comment d dans de des du elle en est et etre eux il ils j je
        l la le les leur lui m ma mais me mes mon n ne nos notre nous on ou par pas plus pour pourquoi qu
        quand que quel quelle qui s sa se ses son sont sur t ta te tes toi ton tu un une vos votre vous
    y""".split()
    ),
    "spanish": frozenset(
        """a al ante como con cual cuando de del desde donde el ella ellas ellos en entre era es esa ese eso
        esta este esto ha hay la las le les lo los mas me mi mis muy no nos o para pero por porque que quien
        se ser si sin sobre son su sus tambien te tiene tu tus un una unas uno unos y ya yo""".split()
    ),
}


class Language:
    """The inflection and the function words of one language."""

    def __init__(self, name: str, stemmer: Callable[[str], str]) -> None:
        self.name = name
        self.function_words = _FUNCTION_WORDS[name]
        self.elides = name == "french"  # writes `le école` as `l'école`
        self._stem = stemmer

    def forms(self, word: Word) -> tuple[str, ...]:
        """Return the stems a word is looked up by, the first the usual one.

        With accents there are two, for those who type them and those who do not: where both agree, one.
        """
        bare = self._stem(word.text)
        if not word.accented or self.name == ENGLISH:
            return (bare,)
        return tuple(dict.fromkeys((bare, fold(self._stem(word.accented)))))

    def stem(self, word: str) -> str:
        """Return the stem of a folded word."""
        return self._stem(word)


def language_of(name: str) -> Language:
    """Return a language by its English name or its ISO 639-1 code. Raises InputError for others."""
    key = name.strip().lower()
    known = _CODES.get(key, key)
    if known not in _FUNCTION_WORDS:
        raise InputError(
            f"kb knows no language {name!r}.", hint=f"language is one of {', '.join(_FUNCTION_WORDS)}"
        )
    return _language(known)


@lru_cache(maxsize=4)
def _language(name: str) -> Language:
    if name == ENGLISH:
        return Language(name, stem)
    module = import_module(f"whoosh.lang.snowball.{name}")
    stemmer = getattr(module, f"{name.capitalize()}Stemmer")()
    return Language(name, lru_cache(maxsize=50_000)(stemmer.stem))
