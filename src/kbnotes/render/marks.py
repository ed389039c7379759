"""The words that were found, marked: in a style, or between asterisks where there are no styles."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from kbnotes.model import Results
from kbnotes.record import record
from kbnotes.render.line import Line
from kbnotes.render.safe import safe
from kbnotes.render.screen import Screen
from kbnotes.text import FUNCTION_WORDS

MAX_WORDS = 200  # different words marked in a whole entry

Spans = Iterable[tuple[int, int]]  # [start, end), in order, none over another

_BETWEEN = re.compile(r"[\s-]{0,3}")  # what may part two marks that are shown as one
_PHRASE = re.compile(r'"([^"]*)"')
_WORD = re.compile(r"\w+")
# What of a query is no text to find: what it leaves out, its filters and its saved searches.
_NO_TEXT = re.compile(
    r'(?<!\S)\(*(?:NOT\s+|-|@|(?:tag|url|id|created|updated|has|is):)(?:"[^"]*"|[^\s"])*', re.IGNORECASE
)
_NAMES = frozenset(("title", "body", "or", "and", "not")) | FUNCTION_WORDS


def marked(screen: Screen, text: str, spans: Spans) -> Line:
    """Return safe `text` with the spans marked."""
    sign = "" if screen.has_styles else "*"
    pieces: list[str | tuple[str, str]] = []
    at = 0
    for start, end in _joined(text, spans):
        pieces += [safe(text[at:start]), (f"{sign}{safe(text[start:end])}{sign}", screen.mark)]
        at = end
    return Line.assemble(*pieces, safe(text[at:]))


def _joined(text: str, spans: Spans) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for start, end in spans:
        if joined and _BETWEEN.fullmatch(text, joined[-1][1], start):
            joined[-1] = joined[-1][0], end
        else:
            joined.append((start, end))
    return joined


@record
class Found:
    """The words to mark in a whole entry: those marked in any passage, and those of the query as typed."""

    _pattern: re.Pattern[str] | None

    @staticmethod
    def of(results: Results) -> Found:
        """Return the words of a page of hits."""
        passages = (hit.snippet[start:end] for hit in results.hits for start, end in hit.marks)
        words = dict.fromkeys([*passages, *_typed(results.corrected or results.query)])
        pieces = ["\\s+".join(map(re.escape, safe(word).split())) for word in list(words)[:MAX_WORDS]]
        pieces = sorted(filter(None, pieces), key=len, reverse=True)
        if not pieces:
            return Found(None)
        return Found(re.compile(rf"(?<!\w)(?:{'|'.join(pieces)})(?!\w)", re.IGNORECASE))

    def spans(self, text: str) -> Iterator[tuple[int, int]]:
        """Yield where the words stand."""
        return (match.span() for match in (self._pattern.finditer(text) if self._pattern else ()))


def _typed(query: str) -> Iterator[str]:
    """Yield the phrases and words of a query that its hits may hold as they are."""
    text = _NO_TEXT.sub(" ", query)
    yield from _PHRASE.findall(text)
    for word in _WORD.findall(_PHRASE.sub(" ", text)):
        if word.lower() not in _NAMES:
            yield word
