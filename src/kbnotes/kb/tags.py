"""Changing tags on many entries."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from kbnotes import codec
from kbnotes.model import Retagging, Suggestion, Summary
from kbnotes.record import replace
from kbnotes.text import tag_key


def retag(picked: Iterable[Summary], *, add: Iterable[str], remove: Iterable[str]) -> Retagging:
    """Return the entries of `picked` whose tags change, with their new ones."""
    removed = frozenset(tag_key(tag) for item in remove for tag in item.split(","))
    return _planned(picked, Retagging(changes=(), added=codec.clean_tags(add), removed=removed))


def rename(picked: Iterable[Summary], old: Iterable[str], new: str) -> Retagging:
    """Return the entries with any of the tags `old`, with `new` in the place of the first of them."""
    keys = frozenset(tag_key(tag) for item in old for tag in item.split(","))
    return _planned(picked, Retagging(changes=(), renamed=(keys, codec.clean_tag(new))))


def accept(suggestions: Iterable[Suggestion]) -> Retagging:
    """Return the entries with the tags that are suggested for them behind their own."""
    changes = (
        (each.summary, tuple(dict.fromkeys((*each.summary.tags, *(found.tag for found in each.tags)))))
        for each in suggestions
    )
    return Retagging(changes=tuple(pair for pair in changes if pair[1] != pair[0].tags), suggested=True)


def retagged(tags: Iterable[str], rule: Retagging, *, planned: Sequence[str] = ()) -> tuple[str, ...]:
    """Return what `rule` makes of an entry's tags: those it has now, which may not be those of the plan.

    `planned`: those that the plan gives it.
    """
    old, new = rule.renamed or (frozenset(), "")
    kept = (new if tag_key(tag) in old else tag for tag in tags)
    added = planned if rule.suggested else rule.added
    return tuple(dict.fromkeys((*(tag for tag in kept if tag_key(tag) not in rule.removed), *added)))


def _planned(picked: Iterable[Summary], rule: Retagging) -> Retagging:
    changes = ((summary, retagged(summary.tags, rule)) for summary in picked)
    return replace(rule, changes=tuple(each for each in changes if each[1] != each[0].tags))
