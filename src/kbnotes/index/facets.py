"""The tags of a set of documents, counted as a filter counts: with the tags that they imply."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from kbnotes.index.documents import Documents, union
from kbnotes.index.postings import Terms
from kbnotes.model import TagCount


def count_tags(
    terms: Terms, within: Documents | None, implied: Mapping[str, frozenset[str]]
) -> tuple[TagCount, ...]:
    """Return each tag with how many documents, of those `within`, have it or one that implies it.

    The most used first. `implied` is tag -> the tags that imply it.
    """
    having: dict[str, list[str]] = {}  # tag -> itself and those that imply it, as far as any entry has them
    for tag in terms.beginning("tag", ""):
        for each in (tag, *_above(tag, implied)):
            having.setdefault(each, []).append(tag)
    counts = {tag: _count(terms, below, within) for tag, below in having.items()}
    ordered = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    return tuple(TagCount(tag=tag, entries=count) for tag, count in ordered if count)


def _count(terms: Terms, tags: Sequence[str], within: Documents | None) -> int:
    """Return how many documents, of those `within`, have any of `tags`."""
    if within is None and len(tags) == 1:  # then the dictionary knows, and no posting has to be read
        return terms.frequency("tag", tags[0])
    found = union(terms.documents("tag", tag) for tag in tags)
    return len(found if within is None else found & within)


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
