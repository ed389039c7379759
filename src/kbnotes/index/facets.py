"""The tags of a set of documents, counted as a filter counts: with the tags that they imply."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from kbnotes.index.documents import NO_DOCUMENTS, Documents
from kbnotes.index.postings import Terms
from kbnotes.model import TagCount


def count_tags(
    terms: Terms, within: Documents | None, implied: Mapping[str, frozenset[str]]
) -> tuple[TagCount, ...]:
    """Return each tag with how many documents, of those `within`, have it or one that implies it.

    The most used first. `implied` is tag -> the tags that imply it.
    """
    having: dict[str, Documents] = {}
    for tag in terms.beginning("tag", ""):
        found = terms.documents("tag", tag)
        if found := (found if within is None else found & within):
            for each in (tag, *_above(tag, implied)):
                having[each] = having.get(each, NO_DOCUMENTS) | found
    counts = Counter({tag: len(found) for tag, found in having.items()})
    ordered = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    return tuple(TagCount(tag=tag, entries=count) for tag, count in ordered)


def _above(tag: str, implied: Mapping[str, frozenset[str]]) -> Iterable[str]:
    return (up for up, below in implied.items() if tag in below)
