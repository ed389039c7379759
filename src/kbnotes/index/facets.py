"""The tags of a set of documents, counted as a filter counts: with the tags that they imply."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from kbnotes.index.clause import Documents
from kbnotes.index.postings import Terms
from kbnotes.model import TagCount


def count_tags(
    terms: Terms, within: Documents | None, implied: Mapping[str, frozenset[str]]
) -> tuple[TagCount, ...]:
    """Return each tag with how many documents, of those `within`, have it or one that implies it.

    The most used first. `implied` is tag -> the tags that imply it.
    """
    having: dict[str, set[int]] = {}
    for tag in terms.beginning("tag", ""):
        found = terms.documents("tag", tag)
        if found := (found if within is None else found & within):
            for each in (tag, *_above(tag, implied)):
                having.setdefault(each, set()).update(found)
    counts = Counter({tag: len(found) for tag, found in having.items()})
    ordered = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    return tuple(TagCount(tag=tag, entries=count) for tag, count in ordered)


def with_implied(counts: Iterable[TagCount], implied: Mapping[str, frozenset[str]]) -> tuple[TagCount, ...]:
    """Return the counts with the tags right above each: none that are further up, or in a circle with it."""
    counts = tuple(counts)
    place = {count.tag: at for at, count in enumerate(counts)}
    right = ((count, _right_above(count.tag, implied)) for count in counts)
    return tuple(
        TagCount(tag=count.tag, entries=count.entries, implies=tuple(sorted(ups, key=place.__getitem__)))
        for count, ups in right
    )


def _right_above(tag: str, implied: Mapping[str, frozenset[str]]) -> list[str]:
    ups = [up for up in _above(tag, implied) if up not in implied.get(tag, ())]
    return [up for up in ups if not any(_is_above(up, other, implied) for other in ups)]


def _is_above(high: str, low: str, implied: Mapping[str, frozenset[str]]) -> bool:
    return low in implied.get(high, ()) and high not in implied.get(low, ())


def _above(tag: str, implied: Mapping[str, frozenset[str]]) -> Iterable[str]:
    return (up for up, below in implied.items() if tag in below)
