"""Entries like one entry: by the words that say most about it, and by the links and tags that they share."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from kbnotes.index.clause import Scorer
from kbnotes.index.documents import Documents
from kbnotes.index.feedback import KeyTerms
from kbnotes.index.shelf import Shelf
from kbnotes.record import record
from kbnotes.text import tag_key

_HOST = re.compile(r"[a-z][\w+.-]*://(?:[^/?#@\s]*@)?([^/?#:\s]+)", re.IGNORECASE)
KEY_TERMS = 25  # of an entry
NAMED = 4  # words named as a reason
LEAST = 0.08  # of the score that the entry would have with itself: less is no likeness
SAME_LINK, SAME_TAG, SAME_TITLE = 1.0, 0.35, 0.4  # parts of an idf that are added for what is shared


@record
class Likeness:
    """A document that is like another, and why."""

    number: int
    score: float
    reasons: tuple[str, ...]


class Relating:
    """Finds what is like an entry."""

    def __init__(self, scorer: Scorer, key_terms: KeyTerms, shelf: Shelf) -> None:
        self._scorer = scorer
        self._terms = scorer.terms
        self._key_terms = key_terms
        self._shelf = shelf

    def like(self, number: int, *, limit: int) -> list[Likeness]:
        """Return the documents most like `number`, the likest first."""
        weights = self._key_terms.weights(number, most=KEY_TERMS)
        scores = [0.0] * self._terms.size
        for stem, weight in weights:
            self._scorer.add(scores, "text", self._terms.find("text", stem), weight, None)
            self._scorer.add(scores, "title", self._terms.find("title", stem), weight * SAME_TITLE, None)
        itself, scores[number] = scores[number], 0.0
        tags = self._share_tags(number, scores)
        least = LEAST * itself
        close = [(other, score) for other, score in enumerate(scores) if score and score >= least]
        best = sorted(close, key=lambda pair: (-pair[1], pair[0]))[: limit * 3]
        linked = self._share_links(number, [other for other, _ in best])
        likest = [
            Likeness(
                other,
                score + SAME_LINK * len(linked.get(other, ())),
                self._reasons(other, weights, tags, linked),
            )
            for other, score in best
        ]
        likest = [each for each in likest if each.reasons and not self._shelf.card(each.number).broken]
        likest.sort(key=lambda each: (-each.score, each.number))
        return likest[:limit]

    def _share_tags(self, number: int, scores: list[float]) -> dict[str, Documents]:
        """Add what sharing a tag is worth; return the other documents that have each tag."""
        shared: dict[str, Documents] = {}
        for tag in self._shelf.card(number).tags:
            having = self._terms.documents("tag", tag_key(tag))
            weight = SAME_TAG * self._scorer.idf(len(having)) ** 2
            shared[tag] = having - Documents.of((number,))
            for other in shared[tag]:
                scores[other] += weight
        return shared

    def _share_links(self, number: int, others: Sequence[int]) -> dict[int, list[str]]:
        own = set(self._shelf.urls(number))
        hosts = {_host(url) for url in own}
        shared: dict[int, list[str]] = {}
        for other in others if own else ():
            same = [url for url in self._shelf.urls(other) if url in own]
            near = [_host(url) for url in self._shelf.urls(other)]
            if names := [_shown(url) for url in same] or [host for host in near if host and host in hosts]:
                shared[other] = list(dict.fromkeys(names))
        return shared

    def _reasons(
        self,
        other: int,
        weights: Sequence[tuple[str, float]],
        tags: Mapping[str, Documents],
        linked: dict[int, list[str]],
    ) -> tuple[str, ...]:
        words = [stem for stem, _ in weights if other in self._terms.documents("text", stem)][:NAMED]
        reasons = [f"tag {tag}" for tag, having in tags.items() if other in having]
        reasons += [f"link {name}" for name in linked.get(other, ())[:2]]
        if words:
            reasons.append(f"words {', '.join(self._key_terms.spelled(other, stem) for stem in words)}")
        return tuple(reasons)


def _host(url: str) -> str:
    """Return the host of an address, "" where there is none; no address is an error."""
    found = _HOST.match(url)
    return found[1].lower() if found else ""


def _shown(url: str) -> str:
    return re.sub(r"^[\w+.-]+://|[?#].*", "", url).rstrip("/") or url
