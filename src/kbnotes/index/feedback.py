"""Words that the best hits share are asked for as well, a little: what else the notes call the same thing.

Pseudo-relevance feedback in the manner of RM3: N. Abdul-Jaleel and others, "UMass at TREC 2004".
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Set

from kbnotes.index.analysis import Word, words
from kbnotes.index.clause import Scorer, Scores
from kbnotes.index.documents import Documents
from kbnotes.index.elision import parted
from kbnotes.index.language import Language

MAX_TEXT = 20_000  # characters of an entry that are looked at
SHARED_TERM = 2  # entries at least that a key term is in


class KeyTerms:
    """What single entries are about, by their words."""

    def __init__(self, scorer: Scorer, language: Language, text_of: Callable[[int], str]) -> None:
        self._scorer = scorer
        self._language = language
        self._text_of = text_of
        self._counted: dict[int, Counter[str]] = {}

    def counts(self, number: int) -> Counter[str]:
        """Return how often each stem stands in a document that says something: no small words, no numbers."""
        if number not in self._counted:
            self._counted[number] = self._counts(number)
        return self._counted[number]

    def _counts(self, number: int) -> Counter[str]:
        return Counter(
            self._language.stem(word.text)
            for word in self._words(number)
            if len(word.text) > 1
            and not word.text.isdigit()
            and word.text not in self._language.function_words
        )

    def weights(self, number: int, *, most: int) -> list[tuple[str, float]]:
        """Return the stems that say most about an entry and that others have, too: tf-idf, tf dampened."""
        counts = self.counts(number)
        weighed = [(self.idf(stem) * count / (count + 1), stem) for stem, count in counts.items()]
        weighed.sort(reverse=True)
        frequency = self._scorer.terms.frequency
        shared = [
            (stem, weight) for weight, stem in weighed[: most * 4] if frequency("text", stem) >= SHARED_TERM
        ]
        return shared[:most]

    def _words(self, number: int) -> Iterator[Word]:
        return words(parted(self._text_of(number)[:MAX_TEXT], self._language))

    def spelled(self, number: int, stem: str) -> str:
        """Return how a document spells a stem: the first word that has it."""
        found = (word.text for word in self._words(number))
        return next((word for word in found if self._language.stem(word) == stem), stem)

    def idf(self, stem: str) -> float:
        """Return how much a stem says."""
        return self._scorer.idf(self._scorer.terms.frequency("text", stem))


class Feedback:
    """Asks for the words that the best entries share."""

    def __init__(self, scorer: Scorer, key_terms: KeyTerms) -> None:
        self._scorer = scorer
        self._key_terms = key_terms
        self.entries = scorer.ranking.feedback_entries

    def scores(self, best: Mapping[int, float], pool: Documents, asked: Set[str]) -> tuple[list[str], Scores]:
        """Return the words, the weightiest first, and what they add to the documents of `pool`."""
        ranking = self._scorer.ranking
        weights = self._weights(best, asked)
        found: defaultdict[int, float] = defaultdict(float)
        for stem, weight in weights:
            postings = self._scorer.terms.find("text", stem)
            self._scorer.add(
                found, "text", postings, ranking.feedback * weight * self._key_terms.idf(stem), pool
            )
        return [stem for stem, _ in weights], found

    def _weights(self, best: Mapping[int, float], asked: Set[str]) -> list[tuple[str, float]]:
        total = sum(best.values())
        if not total or not self._scorer.ranking.feedback:
            return []
        model: Counter[str] = Counter()
        for number, score in best.items():
            counts = self._key_terms.counts(number)
            length = sum(counts.values())
            for stem, count in counts.items():
                model[stem] += score / total * count / length  # type: ignore[assignment]
        weighed = [
            (value * self._key_terms.idf(stem), stem)
            for stem, value in model.most_common(150)
            if stem not in asked
        ]
        weighed.sort(reverse=True)
        kept = weighed[: self._scorer.ranking.feedback_terms]
        most = kept[0][0] if kept else 1.0
        return [
            (stem, value / most) for value, stem in kept if self._scorer.terms.frequency("text", stem) > 1
        ]
