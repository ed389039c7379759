"""What a ranking by meaning adds to the scores by words. What a meaning is, other rooms know."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Protocol

from kbnotes.index.clause import Scores
from kbnotes.index.documents import Documents
from kbnotes.index.postings import Terms

NEAREST = 50  # entries that come in by their meaning at most


class Meaning(Protocol):
    """One question, put to the meanings of all entries; entries go by the names of their files."""

    def nearest(self, top: int) -> list[tuple[str, float]]:
        """Return the nearest entries with their cosines, the nearest first."""

    def cosines(self, names: Iterable[str]) -> dict[str, float]:
        """Return how near these are, as far as that is known."""

    def fuse(self, words: Mapping[str, float], *, meaning: Mapping[str, float]) -> dict[str, float]:
        """Return the scores by words and by meaning as one, and those near enough without any word."""


class Likeness:
    """The meanings of one index's documents."""

    def __init__(
        self, meaning: Meaning, terms: Terms, name_of: Callable[[int], str], within: Documents
    ) -> None:
        self._meaning = meaning
        self._terms = terms
        self._name_of = name_of
        self._within = within  # the documents that may be found

    def added(self, words: Scores) -> Scores:
        """Return what is added to the documents of `words`, and to others that are near in meaning."""
        numbers = {self._name_of(number): number for number, score in words.items() if score > 0}
        scores = {name: words[number] for name, number in numbers.items()}
        near = self.nearest(NEAREST)
        cosines = {self._name_of(number): cosine for number, cosine in near.items()}
        fused = self._meaning.fuse(scores, meaning=cosines | self._meaning.cosines(numbers))
        places = numbers | {self._name_of(number): number for number in near}
        return {places[name]: score - scores.get(name, 0.0) for name, score in fused.items()}

    def nearest(self, top: int) -> Scores:
        """Return the nearest documents that may be found, with their cosines."""
        found = ((name, cosine) for name, cosine in self._meaning.nearest(top))
        return {
            number: cosine
            for name, cosine in found
            for number in self._terms.documents("name", name)
            if number in self._within
        }
