"""Changing tags on many entries."""

from __future__ import annotations

from collections.abc import Iterable

from kbnotes import codec
from kbnotes.model import Retagging, Summary
from kbnotes.record import replace
from kbnotes.text import tag_key


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
