"""Selectors: an id, or words of a title when they pick exactly one entry."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from kbnotes.errors import SelectorError
from kbnotes.model import Summary
from kbnotes.text import fold

SHOWN = 8  # candidates named in an error

_BEHIND_ID = re.compile("[-.]")  # in a file's name


def select(
    selectors: Sequence[str], summaries: Iterable[Summary], *, broken: Mapping[str, str]
) -> tuple[Summary, ...]:
    """Return the entries picked, in the order asked for, each once.

    `kb cache` given as two words is read as one title first. Raises SelectorError naming the candidates,
    or what is wrong with the entry's file if it is one of `broken` (file -> what is wrong with it).
    """
    everything = tuple(summaries)
    if len(selectors) > 1 and not any(id_of(selector) is not None for selector in selectors):
        together = _by_title(" ".join(selectors), everything)
        if len(together) == 1:
            return together
    return tuple(dict.fromkeys(_one(selector, everything, broken) for selector in selectors))


def _one(selector: str, everything: tuple[Summary, ...], broken: Mapping[str, str]) -> Summary:
    number = id_of(selector)
    if number is not None:
        found = tuple(summary for summary in everything if summary.id == number)
        if not found:
            named = {id_of(_BEHIND_ID.split(name)[0]): said for name, said in broken.items()}
            hint = named.get(number, "`kb list` shows what there is")
            raise SelectorError(f"There is no entry {number}.", hint=hint)
        if len(found) > 1:
            files = ", ".join(summary.path.rpartition("/")[2] for summary in found)
            raise SelectorError(
                f"{len(found)} entry files have the id {number}: {files}.",
                hint="give one of them another id: change `id:` in the file and the number in its name",
            )
        return found[0]
    found = _by_title(selector, everything)
    if len(found) == 1:
        return found[0]
    if not found:
        raise SelectorError(
            f"No title holds {selector!r}.", hint=f"`kb search {selector}` looks into the text"
        )
    lines = [f"  {summary.id}  {summary.title}" for summary in found[:SHOWN]]
    more = f"\n  … and {len(found) - SHOWN} more" if len(found) > SHOWN else ""
    raise SelectorError(
        f"{len(found)} titles hold {selector!r}:\n" + "\n".join(lines) + more, hint="say which one by its id"
    )


def id_of(selector: str) -> int | None:
    """Return the id that a selector is, or None for words of a title."""
    text = selector.strip().removeprefix("#")
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 18 else None


def _by_title(text: str, everything: tuple[Summary, ...]) -> tuple[Summary, ...]:
    """An equal title wins; else all titles that hold every word, as a word's beginning."""
    wanted = _words(text)
    if not wanted:
        return ()
    titles = [(summary, _words(summary.title)) for summary in everything]
    equal = tuple(summary for summary, words in titles if words == wanted)
    if len(equal) == 1:
        return equal
    whole = tuple(summary for summary, words in titles if set(wanted) <= set(words))
    if whole:
        return whole
    return tuple(s for s, words in titles if all(any(w.startswith(part) for w in words) for part in wanted))


def _words(text: str) -> list[str]:
    return "".join(c if c.isalnum() else " " for c in fold(text)).split()
