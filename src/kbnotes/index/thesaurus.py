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
INFLECTED = "~ "  # before a line whose words are found in any inflection


class Other(NamedTuple):
    """Another name for the words of a query in [start, end), which are side by side."""

    name: str
    start: int
    end: int
    is_spelled: bool  # one word is found only so, and in the plural


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
            (name, line)
            for name, line in _beginning_with(stems[start], language)
            if stems[start : start + len(_stems(name, language))] == _stems(name, language)
            and len(_stems(name, language)) >= least
        ]
        longest = max((len(_stems(name, language)) for name, _ in found), default=0)
        end = start + longest
        asked = {name for name, _ in found}
        lines = (line for name, line in found if len(_stems(name, language)) == longest)
        others = {
            other: not line.startswith(INFLECTED)
            for line in lines
            for other in line.removeprefix(INFLECTED).split(BETWEEN)
        }
        for other, is_spelled in others.items():
            if other not in asked:
                yield Other(other, start, end, is_spelled)


@lru_cache(maxsize=256)
def _beginning_with(stem: str, language: Language) -> Sequence[tuple[str, str]]:
    """Return the names whose first word has this stem, each with its line.

    A word begins as its stem does, but for the stem's last letter (`memory`, `memori`).
    """
    table, head = _table(), stem[: max(2, len(stem) - 1)]
    found: list[tuple[str, str]] = []
    for border in ("\n", f"\n{INFLECTED}", BETWEEN):
        at = table.find(border + head)
        while at >= 0:
            begin = at + len(border)
            end = table.index("\n", begin)
            name = table[begin:end].partition(BETWEEN)[0]
            line = table[table.rindex("\n", 0, begin) + 1 : end]
            is_known = (
                not line.startswith(INFLECTED) or language.name == ENGLISH
            )  # `Update` is no German `alter`
            first = _FIRST.match(name)
            if is_known and first and language.stem(first.group()) == stem:
                found.append((name, line))
            at = table.find(border + head, begin)
    return found


@lru_cache(maxsize=1_024)
def _stems(name: str, language: Language) -> tuple[str, ...]:
    return tuple(language.stem(word.text) for word in words(name))


@lru_cache(maxsize=1)
def _table() -> str:
    """Return the lines of the table, each between two line ends."""
    lines = (line for line in TABLE.read_text("utf-8").split("\n") if not line.startswith("#"))
    return "\n".join(("", *lines, ""))
