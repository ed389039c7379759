"""One analysis for both sides: what is indexed and what is asked go through the same few rules.

A word is a run of letters and digits; any other character parts two words, so `KV-cache`, `2.5D`, `A:A` and
the parts of a URL are words side by side, and asking for them is asking for a phrase. Chinese, Japanese and
Korean characters are a word each. Words are folded (NFKC, case, accents); stop words and single letters stay.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from itertools import pairwise
from typing import NamedTuple
from unicodedata import normalize

from whoosh.lang.snowball.english import EnglishStemmer

from kbnotes.text import fold

MAX_WORD = 64  # characters of a word that count, on both sides: base64 blobs are no vocabulary
GAP = "\x1e"  # between texts that must not make a phrase together
_GAP_SIZE = 100

_CJK = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
_LETTER = rf"[^\W_{_CJK}]"
_EMOJI = "[\u2600-\u27bf\U0001f000-\U0001faff]"
_SIGN = r"(?P<sign>\+\+|\#(?!\w))?"  # C++ and C# keep theirs
_ASCII_WORD = re.compile(rf"{GAP}|[A-Za-z0-9](?:[A-Za-z0-9]|'(?=[A-Za-z0-9]))*{_SIGN}")
_DASH = re.compile(r"(?<![\w-])-\Z")
_APOSTROPHE = re.compile("['’]s$|['’]")
_CAMEL = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
_stemmer = EnglishStemmer()
_ACRONYMS = re.compile("(?!.*ss)[^aeiouy]{2,}[aeiou]?s|[aeiou][^aeiouy][aeiou]s")  # llms, gpus, apis
PLURALS = dict(
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
    signed: str = ""  # the word with its sign ("c++")
    dashed: str = ""  # the word as a flag ("-o3")
    accented: str = ""  # the word with its accents, where it has any: some languages inflect by them
    parts: tuple[str, ...] = ()  # folded, of one written in camel case

    @property
    def is_cjk(self) -> bool:
        """Tell whether this is a character of a script that puts no blanks between words."""
        return not self.text.isascii() and bool(_one_cjk().match(self.text))


@cache
def every_word() -> re.Pattern[str]:
    """Return the pattern of a word in any script; made when it is needed, for that takes 5 ms.

    Behind the first letter: letters, digits, combining accents, an apostrophe between letters.
    """
    inside = rf"(?:{_LETTER}|[\u0300-\u036f]|['’](?={_LETTER}))*"
    return re.compile(rf"{GAP}|[{_CJK}]|{_LETTER}{inside}{_SIGN}|{_EMOJI}")


@cache
def _one_cjk() -> re.Pattern[str]:
    return re.compile(f"[{_CJK}]")


def words(text: str) -> Iterator[Word]:
    """Yield the words of `text` in order."""
    pos = 0
    for found in (_ASCII_WORD if text.isascii() else every_word()).finditer(text):
        raw = found.group()
        if raw == GAP:
            pos += _GAP_SIZE
            continue
        sign = found["sign"] or ""
        if sign:
            raw = raw[: -len(sign)]
        plain = folded(raw[: 2 * MAX_WORD])
        start = found.start()
        yield Word(
            plain,
            start,
            found.end(),
            pos,
            plain + sign if sign else "",
            f"-{plain}" if start and text[start - 1] == "-" and _is_flag(text, start) else "",
            "" if raw.isascii() else _accented(raw[: 2 * MAX_WORD]),
            () if raw[1:].islower() or raw.isupper() or raw.isdigit() else _camel_parts(raw),
        )
        pos += 1


def written(text: str) -> Iterator[tuple[str, bool]]:
    """Yield the words of `text` as they are written, with their signs, and whether each is a flag (`-O3`)."""
    for found in (_ASCII_WORD if text.isascii() else every_word()).finditer(text):
        start = found.start()
        yield found.group(), start > 0 and text[start - 1] == "-" and _is_flag(text, start)


def _is_flag(text: str, start: int) -> bool:
    return bool(_DASH.search(text, max(0, start - 2), start))


@lru_cache(maxsize=10_000)
def _accented(raw: str) -> str:
    lower = normalize("NFC", raw.lower())
    return lower if lower != folded(raw) else ""


@lru_cache(maxsize=10_000)
def _camel_parts(raw: str) -> tuple[str, ...]:
    parts = _CAMEL.findall(raw) if any(map(str.islower, raw)) else []
    return tuple(folded(part) for part in parts) if len(parts) > 1 else ()


def pairs(found: Sequence[Word]) -> Iterator[tuple[str, int]]:
    """Yield each two characters side by side of a script without blanks, and the place of the first."""
    for one, two in pairwise(found):
        if one.end == two.start and one.is_cjk and two.is_cjk:
            yield one.text + two.text, one.pos


@lru_cache(maxsize=50_000)
def folded(raw: str) -> str:
    """Return a word as it is compared: see `fold`; without apostrophes, and no more than MAX_WORD letters."""
    plain = fold(raw)
    if "'" in plain or "’" in plain:
        plain = _APOSTROPHE.sub("", plain)
    return (plain or raw)[:MAX_WORD]  # some letters are nothing but an accent


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """Return the English stem of a folded word (Snowball, also called Porter 2).

    Two things Snowball leaves out: plurals that follow no rule, and those of acronyms (`GPUs`, `TSVs`), where
    it finds no vowel to tell a word by.
    """
    if not word.isascii() or len(word) < 3 or not word.isalpha():
        return word
    word = PLURALS.get(word, word)
    if _ACRONYMS.fullmatch(word):
        return word[:-1]
    found: str = _stemmer.stem(word)
    return found
