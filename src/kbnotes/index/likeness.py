"""What a ranking by meaning adds to the scores by words. What a meaning is, other rooms know."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Protocol

from kbnotes.index.clause import Scores
from kbnotes.index.documents import Documents

NEAREST = 50  # entries that come in by their meaning at most


class Meaning(Protocol):
    """One question, put to the meanings of all entries; these go by the numbers of their documents."""

    def nearest(self, top: int, *, among: Iterable[int] | None = None) -> list[tuple[int, float]]:
        """Return the nearest entries, of some or of all, with their cosines, the nearest first."""

    def cosines(self, numbers: Iterable[int]) -> dict[int, float]:
        """Return how near these are, as far as that is known."""

    def fuse(self, words: Mapping[int, float], *, meaning: Mapping[int, float]) -> dict[int, float]:
        """Return the scores by words and by meaning as one, and those near enough without any word."""


class Likeness:
    """The meanings of those of an index's documents that may be found."""

    def __init__(self, meaning: Meaning, within: Documents | None) -> None:
        self._meaning = meaning
        self._within = within  # None: all

    def added(self, words: Scores) -> Scores:
        """Return what is added to the documents of `words`, and to others that are near in meaning."""
        scores = {number: score for number, score in words.items() if score > 0}
        cosines = dict(self.nearest(NEAREST)) | self._meaning.cosines(scores)
        fused = self._meaning.fuse(scores, meaning=cosines)
        return {number: score - scores.get(number, 0.0) for number, score in fused.items()}

    def nearest(self, top: int) -> list[tuple[int, float]]:
        """Return the nearest documents that may be found, with their cosines, the nearest first."""
        return self._meaning.nearest(top, among=self._within)
