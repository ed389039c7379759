"""Topics -> tags. Pure.

A topic proposes its tag where one of its keywords is salient: in the title or emphasised, early in the text,
or named again by a later sentence or another keyword. A word in passing is no topic.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping

from kbnotes.model import Content, Topic
from kbnotes.text import fold, sentences

EARLY_WORDS = 16  # a keyword that begins among the first so many words says what the entry is about

MAX_TEXT = 20_000  # characters: what an entry is about shows by then, and a megabyte on one line took 5 s

_WORD = re.compile(r"\S+")
_GAP = r"[\s\-‐‑–_]+"  # hyphen equals space
_SPACES = re.compile(r"[\s\-_]+")
_LIKE_ASCII = str.maketrans("İıſK", "iisk")  # what `re` takes for a letter of ASCII where case is ignored


class Tagger:
    """The vocabulary, made ready to be asked often."""

    def __init__(self, topics: Iterable[Topic]) -> None:
        topics = tuple(topics)
        self._below = implied_by(topics)
        patterns = ((topic.name, _pattern(topic), _needles(topic)) for topic in topics)
        self._patterns = [(name, pattern, needles) for name, pattern, needles in patterns if pattern]

    def tags_for(self, content: Content) -> tuple[str, ...]:
        """Return the tags that `content` calls for, in the order of the topics.

        A tag that another of them implies is left out: a filter by it finds the entry all the same. Two that
        imply each other both stay.
        """
        marked = "\n|".join((content.title, *content.terms))  # a keyword never runs on from one to the next
        text = content.text[:MAX_TEXT]
        early = _end_of_early_words(text)
        plain = f"{marked}\n{text}".translate(_LIKE_ASCII).lower()
        found = [
            name
            for name, pattern, needles in self._patterns
            if any(needle in plain for needle in needles) and _is_salient(pattern, marked, text, early)
        ]
        return tuple(name for name in found if not any(self._is_below(other, name) for other in found))

    def _is_below(self, low: str, high: str) -> bool:
        """Tell whether `low` implies `high`, and not the other way round as well."""
        return low in self._below.get(high, ()) and high not in self._below.get(low, ())


def implied_by(topics: Iterable[Topic]) -> Mapping[str, frozenset[str]]:
    """Return for each tag all the tags that imply it, at any distance. A circle implies itself, and ends."""
    direct: dict[str, set[str]] = defaultdict(set)
    for topic in topics:
        for above in topic.implies:
            direct[above].add(topic.name)
    return {above: frozenset(_closure(above, direct)) for above in direct}


def _closure(start: str, direct: Mapping[str, set[str]]) -> set[str]:
    found: set[str] = set()
    waiting = [start]
    while waiting:
        for below in direct.get(waiting.pop(), ()):
            if below not in found:
                found.add(below)
                waiting.append(below)
    return found - {start}


def _pattern(topic: Topic) -> re.Pattern[str] | None:
    """One pattern for all keywords of a topic, the longest first; None where there are none to find."""
    keywords = sorted((word for word in topic.keywords if _SPACES.sub("", word)), key=len, reverse=True)
    return re.compile("|".join(f"(?:{_keyword(keyword)})" for keyword in keywords)) if keywords else None


def _needles(topic: Topic) -> tuple[str, ...]:
    """Return for each keyword a piece that stands in every text with it, made plain; "" where none is sure.

    Looking for those first takes a twentieth of the time that the patterns take (2026-11-27).
    """
    found = set[str]()
    for keyword in topic.keywords:
        if parts := [part for part in _SPACES.split(keyword) if part]:
            parts[-1] = parts[-1].removesuffix("y") if len(parts[-1]) > 3 else parts[-1]
            found.add(max(parts, key=len).lower() if keyword.isascii() else "")
    return tuple(found)


def _keyword(keyword: str) -> str:
    """Whole words, a plain plural allowed; one written with a capital matches case (AXI is not an axis)."""
    *before, last = [part for part in _SPACES.split(keyword) if part]
    end = re.escape(last)
    if last.endswith("y") and len(last) > 3 and last[-2] not in "aeiou":
        end = re.escape(last[:-1]) + "(?:y|ies)"
    elif last[-1].isalnum() and not last.endswith("s"):
        end += "(?:es|s)?"
    body = _GAP.join([*map(re.escape, before), end])
    cased = body if any(c.isupper() for c in keyword) else f"(?i:{body})"
    return rf"(?<!\w){cased}(?!\w)"


def _is_salient(pattern: re.Pattern[str], marked: str, text: str, early: int) -> bool:
    if pattern.search(marked):
        return True
    hits = list(pattern.finditer(text))
    return bool(hits) and (hits[0].start() < early or _comes_back(hits, text))


def _comes_back(hits: list[re.Match[str]], text: str) -> bool:
    """Tell whether a later sentence, or another keyword, names the topic again: `CPU-CPU` names it once."""
    if len({fold(hit.group()) for hit in hits}) > 1:
        return True
    ends = (end for _, end in sentences(text))
    first = next((end for end in ends if end > hits[0].start()), len(text))
    return hits[-1].start() >= first


def _end_of_early_words(text: str) -> int:
    """Return the offset at which the first so many words end."""
    end = 0
    for count, word in enumerate(_WORD.finditer(text), 1):
        if count > EARLY_WORDS:
            break
        end = word.end()
    return end
