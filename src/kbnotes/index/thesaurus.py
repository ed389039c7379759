"""Other names of what is asked for, from a table that comes with kb: `data/thesaurus.txt`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from kbnotes.index.analysis import Word, words
from kbnotes.index.language import ENGLISH, Language

TABLE = Path(__file__).parents[1] / "data" / "thesaurus.txt"
_FIRST = re.compile(r"[a-z0-9]+")
BETWEEN = ", "  # names
EVERYDAY = "~ "  # before a line of everyday words


class Other(NamedTuple):
    """Another name for the words of a query in [start, end), which are side by side."""

    name: str
    start: int
    end: int
    is_everyday: bool  # no name of one thing: a hint at what may be meant


def other_names(tokens: Sequence[Word], language: Language) -> Iterator[Other]:
    """Yield, for words of a query that are a name in the table, each other name of the same thing.

    Of names within a name the longest counts.
    """
    stems = tuple(language.stem(token.text) for token in tokens)
    end = 0
    for start, token in enumerate(tokens):
        if start < end:
            continue
        # A letter or a small word is no name by itself, but begins some (`p value`, `with clause`).
        least = 2 if len(token.text) < 2 or token.text in language.function_words else 1
        found = [
            (len(own), name, line)
            for name, line in _beginning_with(stems[start], language)
            if len(own := _stems(name, language)) >= least and stems[start : start + len(own)] == own
        ]
        longest = max((length for length, _, _ in found), default=0)
        end = start + longest
        asked = {name for _, name, _ in found}
        others = {
            other: line.startswith(EVERYDAY)
            for length, _, line in found
            for other in line.removeprefix(EVERYDAY).split(BETWEEN)
            if length == longest and other not in asked
        }
        for other, is_everyday in others.items():
            yield Other(other, start, end, is_everyday)


@lru_cache(maxsize=256)
def _beginning_with(stem: str, language: Language) -> Sequence[tuple[str, str]]:
    """Return the names whose first word has this stem, each with its line.

    A word begins as its stem does, but for the stem's last letter (`memory`, `memori`).
    """
    table, head = _table(with_everyday=language.name == ENGLISH), stem[: max(2, len(stem) - 1)]
    found: list[tuple[str, str]] = []
    for border in ("\n", f"\n{EVERYDAY}", BETWEEN):
        at = table.find(border + head)
        while at >= 0:
            begin = at + len(border)
            end = table.index("\n", begin)
            name = table[begin:end].partition(BETWEEN)[0]
            first = _FIRST.match(name)
            if first and language.stem(first.group()) == stem:
                found.append((name, table[table.rindex("\n", 0, begin) + 1 : end]))
            at = table.find(border + head, begin)
    return found


@lru_cache(maxsize=1_024)
def _stems(name: str, language: Language) -> tuple[str, ...]:
    return tuple(language.stem(word.text) for word in words(name))


@lru_cache(maxsize=2)
def _table(*, with_everyday: bool) -> str:
    """Return the lines of the table, each between two line ends; everyday words are those of English."""
    left_out = "#" if with_everyday else ("#", EVERYDAY)
    lines = (line for line in TABLE.read_text("utf-8").split("\n") if not line.startswith(left_out))
    return "\n".join(("", *lines, ""))
