"""Filtering by tags, counting them, and changing them on many entries."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from kbnotes import codec
from kbnotes.model import Retagging, Summary
from kbnotes.text import tag_key

if TYPE_CHECKING:
    from kbnotes.index import Index


def tagged(index: Index, tags: Sequence[str]) -> list[Summary]:
    """Return the entries that have each of `tags`, or one that implies it."""
    found = list(index.summaries())
    for tag in tags:
        wanted = {tag_key(tag), *index.state.implied.get(tag_key(tag), ())}
        found = [summary for summary in found if wanted & {tag_key(own) for own in summary.tags}]
    return found


def _above(index: Index) -> dict[str, set[str]]:
    """Return for each tag the tags it implies, at any distance."""
    above: dict[str, set[str]] = {}
    for up, below in index.state.implied.items():
        for tag in below:
            above.setdefault(tag, set()).add(up)
    return above


def count_tags(index: Index) -> Counter[str]:
    """Return for each tag how many entries a filter by it finds."""
    above = _above(index)
    counts: Counter[str] = Counter()
    for summary in index.summaries():
        counts.update(set(summary.tags).union(*(above.get(tag, ()) for tag in summary.tags)))
    return counts


def retag(picked: Iterable[Summary], *, add: Iterable[str], remove: Iterable[str]) -> Retagging:
    """Return the entries of `picked` whose tags change, with their new ones."""
    removed = frozenset(tag_key(tag) for item in remove for tag in item.split(","))
    return _planned(picked, Retagging(changes=(), added=codec.clean_tags(add), removed=removed))


def rename(summaries: Iterable[Summary], old: str, new: str) -> Retagging:
    """Return the entries with the tag `old`, with `new` in its place."""
    return _planned(summaries, Retagging(changes=(), renamed=(tag_key(old), codec.clean_tag(new))))


def retagged(tags: Iterable[str], rule: Retagging) -> tuple[str, ...]:
    """Return what `rule` makes of an entry's tags: those it has now, which may not be those of the plan."""
    old, new = rule.renamed or ("", "")
    kept = (new if rule.renamed and tag_key(tag) == old else tag for tag in tags)
    return tuple(dict.fromkeys((*(tag for tag in kept if tag_key(tag) not in rule.removed), *rule.added)))


def _planned(picked: Iterable[Summary], rule: Retagging) -> Retagging:
    changes = ((summary, retagged(summary.tags, rule)) for summary in picked)
    return replace(rule, changes=tuple(each for each in changes if each[1] != each[0].tags))
