"""Topics -> tags. Pure.

A topic proposes its tag where one of its keywords is salient: in the title or emphasised, early in the text,
or named again by a later sentence or another keyword. A word in passing is no topic.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping

from kbnotes.model import Content, Naming, Topic
from kbnotes.text import fold, sentences

EARLY_WORDS = 16  # a keyword that begins among the first so many words says what the entry is about

MAX_TEXT = 20_000  # characters: what an entry is about shows by then, and a megabyte on one line took 5 s

_WORD = re.compile(r"\S+")
_GAP = r"[\s\-‐‑–_]+"  # hyphen equals space
_SPACES = re.compile(r"[\s\-_]+")
_ALNUM = re.compile(r"[^\W_]+")


class Tagger:
    """The vocabulary, made ready to be asked often."""

    def __init__(self, topics: Iterable[Topic]) -> None:
        topics = tuple(topics)
        self._below = implied_by(topics)
        patterns = ((topic, _pattern(topic)) for topic in topics)
        self._patterns = [
            (topic.name, pattern, _Hints(_findable(topic))) for topic, pattern in patterns if pattern
        ]

    def tags_for(self, content: Content) -> tuple[str, ...]:
        """Return the tags that `content` calls for, in the order of the topics.

        A tag that another of them implies is left out: a filter by it finds the entry all the same. Two that
        imply each other both stay.
        """
        found = self.topics_in(content)
        return tuple(name for name in found if not any(self._is_below(other, name) for other in found))

    def topics_in(self, content: Content) -> tuple[str, ...]:
        """Return all topics that `content` is about, in their order, those that another implies, too."""
        marked, text = _marked(content), content.text[:MAX_TEXT]
        early, words = _end_of_early_words(text), _Words(f"{marked}\n{text}")
        return tuple(
            name
            for name, pattern, hints in self._patterns
            if words.may_hold(hints) and _is_salient(pattern, marked, text, early)
        )

    def why(self, content: Content) -> tuple[Naming, ...]:
        """Return the tags that `content` calls for, each with a keyword that says so and where it stands."""
        patterns = {name: pattern for name, pattern, _ in self._patterns}
        return tuple(_naming(name, patterns[name], content) for name in self.tags_for(content))

    def _is_below(self, low: str, high: str) -> bool:
        """Tell whether `low` implies `high`, and not the other way round as well."""
        return low in self._below.get(high, ()) and high not in self._below.get(low, ())


class KeywordUse:
    """Finds out which keywords stand nowhere in the entries that it is shown."""

    def __init__(self, topics: Iterable[Topic]) -> None:
        self._unseen = {
            topic.name: {word: (_Hints([word]), _whole_words(_keyword(word))) for word in _findable(topic)}
            for topic in topics
        }

    def see(self, content: Content) -> None:
        """Take note of the keywords in one entry, salient or not."""
        text = f"{_marked(content)}\n|{content.text[:MAX_TEXT]}"
        words = _Words(text)
        for unseen in self._unseen.values():
            found = [
                word
                for word, (hints, pattern) in unseen.items()
                if words.may_hold(hints) and pattern.search(text)
            ]
            for word in found:
                del unseen[word]

    def unseen(self, topic: str) -> tuple[str, ...]:
        """Return the keywords of a topic that stood in no entry, in their order."""
        return tuple(self._unseen.get(topic, ()))


def same_keyword(keyword: str) -> str:
    """Return what two spellings of a keyword have in common: a hyphen equals a space."""
    return fold(_SPACES.sub(" ", keyword).strip())


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
    """One pattern for all keywords of a topic, the longest first; None where there are none to find.

    A place in a text where no word begins, or none with a first letter of theirs, is left after one look: a
    sixth of the time that trying each keyword there takes (2026-11-27).
    """
    keywords = sorted(_findable(topic), key=len, reverse=True)
    if not keywords:
        return None
    firsts = "".join(sorted({re.escape(_parts(word)[0][0]) for word in keywords}))
    return _whole_words(f"(?=(?i:[{firsts}]))(?:{'|'.join(map(_keyword, keywords))})")


class _Words:
    """The words of a text in small letters: what is not among them need not be looked for with a pattern.

    Outside ASCII letters have more forms than these, so there everything may be held.
    """

    def __init__(self, text: str) -> None:
        self._text = text.lower()
        self._words = frozenset(_ALNUM.findall(self._text)) if text.isascii() else None

    def may_hold(self, hints: _Hints) -> bool:
        """Tell whether one of the keywords that these are hints at may stand in the text."""
        if self._words is None or not hints.words.isdisjoint(self._words):
            return True
        return any(part in self._text for part in hints.parts)


class _Hints:
    """What a text must hold some of to hold one of several keywords: how each begins."""

    def __init__(self, keywords: Iterable[str]) -> None:
        firsts = {_parts(word)[0].lower() for word in keywords}
        self.words = frozenset(form for first in firsts if first.isalnum() for form in _forms_of_first(first))
        self.parts = tuple(first for first in firsts if not first.isalnum())


def _forms_of_first(word: str) -> tuple[str, ...]:
    return word, f"{word}s", f"{word}es", f"{word[:-1]}ies"


def _findable(topic: Topic) -> list[str]:
    return [word for word in topic.keywords if _parts(word)]


def _parts(keyword: str) -> list[str]:
    return [part for part in _SPACES.split(keyword) if part]


def _keyword(keyword: str) -> str:
    """A plain plural is allowed; what is written with a capital matches case (AXI is not an axis)."""
    *before, last = _parts(keyword)
    end = re.escape(last)
    if last.endswith("y") and len(last) > 3 and last[-2] not in "aeiou":
        end = re.escape(last[:-1]) + "(?:y|ies)"
    elif last[-1].isalnum() and not last.endswith("s"):
        end += "(?:es|s)?"
    body = _GAP.join([*map(re.escape, before), end])
    return f"(?:{body})" if any(c.isupper() for c in keyword) else f"(?i:{body})"


def _whole_words(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){pattern}(?!\w)")


def _marked(content: Content) -> str:
    return "\n|".join((content.title, *content.terms))  # a keyword never runs on from one to the next


def _naming(tag: str, pattern: re.Pattern[str], content: Content) -> Naming:
    places = (
        ("in the title", content.title),
        ("emphasised", "\n|".join(content.terms)),
        ("among the first words", content.text[: _end_of_early_words(content.text[:MAX_TEXT])]),
        ("more than once", content.text[:MAX_TEXT]),
    )
    found = ((where, hit) for where, text in places if (hit := pattern.search(text)))
    where, hit = next(found, (places[0][0], None))
    return Naming(tag=tag, keyword=hit.group() if hit else tag, where=where)


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
