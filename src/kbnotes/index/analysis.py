"""One analysis for both sides: what is indexed and what is asked go through the same few rules.

A word is a run of letters and digits; any other character parts two words, so `KV-cache`, `2.5D`, `A:A` and
the parts of a URL are words side by side, and asking for them is asking for a phrase. Chinese, Japanese and
Korean characters are a word each. Words are folded (NFKC, case, accents); stop words and single letters stay.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from whoosh.analysis import Analyzer, Token
from whoosh.lang.snowball.english import EnglishStemmer

from kbnotes.text import fold

MAX_WORD = 64  # characters of a word that count, on both sides: base64 blobs are no vocabulary
GAP = "\x1e"  # between texts that must not make a phrase together
_GAP_SIZE = 100

_CJK = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
_LETTER = rf"[^\W_{_CJK}]"
_EMOJI = "[\u2600-\u27bf\U0001f000-\U0001faff]"
# Behind the first letter: letters, digits, combining accents, an apostrophe between letters; C++ and C# keep
# their signs.
_WORD = re.compile(
    rf"{GAP}|[{_CJK}]|{_LETTER}(?:{_LETTER}|[\u0300-\u036f]|['’](?={_LETTER}))*(?P<sign>\+\+|\#(?!\w))?|{_EMOJI}"
)
_DASH = re.compile(r"(?<![\w-])-\Z")
_APOSTROPHE = re.compile("['’]s$|['’]")
_stemmer = EnglishStemmer()
_ACRONYMS = re.compile("(?!.*ss)[^aeiouy]{2,}[aeiou]?s|[aeiou][^aeiouy][aeiou]s")  # llms, gpus, apis
_PLURALS = dict(
    pair.split(":")
    for pair in """analyses:analysis appendices:appendix axes:axis bases:basis children:child crises:crisis
    criteria:criterion feet:foot geese:goose hypotheses:hypothesis indices:index knives:knife lives:life
    matrices:matrix men:man mice:mouse parentheses:parenthesis phenomena:phenomenon shelves:shelf teeth:tooth
    theses:thesis vertices:vertex wives:wife wolves:wolf women:woman""".split()
)


class Word(NamedTuple):
    """A word of a text, folded, with [start, end) in the text and its place among the words."""

    text: str
    start: int
    end: int
    pos: int
    signed: str  # the word with its sign ("c++"), or ""
    dashed: str  # the word as a flag ("-o3"), or ""


def words(text: str) -> Iterator[Word]:
    """Yield the words of `text` in order."""
    pos = 0
    for found in _WORD.finditer(text):
        raw = found.group()
        if raw == GAP:
            pos += _GAP_SIZE
            continue
        sign = found["sign"] or ""
        folded = _fold_word(raw[: len(raw) - len(sign)][: 2 * MAX_WORD])
        start = found.start()
        flag = f"-{folded}" if _DASH.search(text, max(0, start - 2), start) else ""
        yield Word(folded, start, found.end(), pos, folded + sign if sign else "", flag)
        pos += 1


@lru_cache(maxsize=50_000)
def _fold_word(raw: str) -> str:
    folded = fold(raw)
    if "'" in folded or "’" in folded:
        folded = _APOSTROPHE.sub("", folded)
    return folded[:MAX_WORD]


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """Return the English stem of a folded word (Snowball, also called Porter 2).

    Two things Snowball leaves out: plurals that follow no rule, and those of acronyms (`GPUs`, `TSVs`), where
    it finds no vowel to tell a word by.
    """
    if not word.isascii() or len(word) < 3 or not word.isalpha():
        return word
    word = _PLURALS.get(word, word)
    if _ACRONYMS.fullmatch(word):
        return word[:-1]
    found: str = _stemmer.stem(word)
    return found


class StemAnalyzer(Analyzer):  # type: ignore[misc]
    """Whoosh's view of a text: the stem of each word."""

    def __call__(self, value: str, **kwargs: object) -> Iterator[Token]:
        token = Token(**_known(kwargs))
        for word in words(value):
            token.text, token.pos, token.boost, token.stopped = stem(word.text), word.pos, 1.0, False
            yield token


class ExactAnalyzer(Analyzer):  # type: ignore[misc]
    """Whoosh's view of a text: each word as it is spelled, and with its sign or dash where it has one."""

    def __call__(self, value: str, **kwargs: object) -> Iterator[Token]:
        token = Token(**_known(kwargs))
        for word in words(value):
            token.pos, token.boost, token.stopped = word.pos, 1.0, False
            for form in (word.text, word.signed, word.dashed):
                if form:
                    token.text = form
                    yield token


def _known(kwargs: dict[str, object]) -> dict[str, object]:
    return {key: kwargs[key] for key in ("positions", "chars", "mode") if key in kwargs}
