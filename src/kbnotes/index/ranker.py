"""Which of the documents found come first: BM25, then what is worth its price for the best of them only."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from heapq import nlargest
from itertools import compress, pairwise
from typing import TYPE_CHECKING

from kbnotes.index.clause import Clause, Scorer, Scores
from kbnotes.index.documents import NO_DOCUMENTS, Documents
from kbnotes.index.feedback import Feedback
from kbnotes.index.segment.positions import unpack
from kbnotes.model import Part
from kbnotes.record import field, mutable_record

if TYPE_CHECKING:
    from kbnotes.index.likeness import Likeness

STEP = 0.01  # between the least of the hits that hold all words and the best of the others
_FEW = 8  # of which one in so many documents is
LEAST = 0.005  # of a part that is told of: less is shown as 0.00
POOL = 50  # hits at least that are ranked by more than their words; those behind keep their order


@mutable_record
class Ranked:
    """Documents, best first, and what their scores are made of."""

    order: list[tuple[float, int]]  # (score, document), as many as are wanted at least
    hits: Documents  # all
    clauses: Sequence[Clause]
    added: list[tuple[str, Mapping[int, float]]] = field(default_factory=list)  # in words, document -> score

    def parts(self, number: int) -> tuple[Part, ...]:
        """Return the parts of a document's score, largest first."""
        found = [(reason, score) for score, reason in (clause.explain(number) for clause in self.clauses)]
        found += [(reason, scores.get(number, 0.0)) for reason, scores in self.added]
        found.sort(key=lambda pair: -pair[1])
        return tuple(Part(reason=reason, score=round(score, 4)) for reason, score in found if score >= LEAST)


class Ranker:
    """Ranks the hits of one query.

    First every hit is scored by the words that decide. Of these, the best POOL are looked at more closely:
    small words, closeness, and the words of the best.
    """

    def __init__(self, scorer: Scorer, clauses: Iterable[Clause]) -> None:
        self._scorer = scorer
        self._clauses = list(dict.fromkeys(map(_Same, clauses)))
        self._deciding = [each.clause for each in self._clauses if not each.clause.is_function]
        self._small = [each.clause for each in self._clauses if each.clause.is_function]
        if not self._deciding:
            self._deciding, self._small = self._small, []
        self._near = [clause for clause in self._deciding if clause.near]

    def rank(
        self,
        hits: Documents,
        complete: Documents,
        *,
        wanted: int,
        feedback: Feedback | None,
        narrow: bool,
        likeness: Likeness | None = None,
    ) -> Ranked:
        """Return `hits`, those in `complete` first, and then by score."""
        # Where those that hold all words fill the page and come first, no other can be on it.
        ranked = complete if self._puts_first and len(complete) >= max(wanted, POOL) else hits
        base = [0.0] * self._scorer.terms.size  # of each document; a list is half the work of a dictionary
        # Others may get a score, too, and are not looked at: to pass them over pays where the ranked are few.
        is_few = (narrow or ranked is complete) and len(ranked) * _FEW < len(base)
        for clause in self._deciding:
            clause.score(base, only=ranked if is_few else None)
        pool = self._pool(base, ranked, complete, max(wanted, POOL))
        scores = {number: base[number] for number in pool}
        added: list[tuple[str, Mapping[int, float]]] = []
        self._add(scores, added, "small words", self._function_words(pool))
        self._add(scores, added, "words close together", self._nearness(pool))
        if feedback:
            first = self._puts_first
            likest = nlargest(feedback.entries, pool, key=lambda n: (first and n in complete, scores[n], -n))
            words, more = feedback.scores(
                {number: scores[number] for number in likest}, pool, self._clauses_terms()
            )
            self._add(scores, added, f"words of the best hits: {', '.join(words[:5])}", more)
        if likeness:
            near = likeness.added(scores)
            for number in near:  # some come in by their meaning
                scores.setdefault(number, base[number] if number in ranked else 0.0)
            self._add(scores, added, "near in meaning", near)
        self._add(scores, added, "holds all words", self._lift(scores, complete))
        # Nothing that is added takes anything away, so no other can pass those of the pool.
        order = [(scores[number], number) for number in sorted(scores, key=lambda n: (-scores[n], n))]
        return Ranked(order, hits | Documents.of(scores), self._deciding, added)

    def _lift(self, scores: Scores, complete: Documents) -> Scores:
        """Return what brings the documents that hold all words before those that hold some."""
        others = [score for number, score in scores.items() if number not in complete]
        if not complete or not others or not self._puts_first:
            return {}
        whole = [
            number for number in scores if number in complete
        ]  # of many, those that are looked at closely
        most = max(others)
        least = min(scores[number] for number in whole)
        return dict.fromkeys(whole, most - least + STEP) if most >= least else {}

    @property
    def _puts_first(self) -> bool:
        """Whether holding all words comes before the score: for key words, and for sentences with several.

        A sentence has small words in it. Where it has few others, entries hold them all by chance.
        """
        ranking, words = self._scorer.ranking, len(self._deciding)
        return words >= ranking.sentence if self._small else words <= ranking.all_words

    def _add(
        self,
        scores: Scores,
        added: list[tuple[str, Mapping[int, float]]],
        reason: str,
        more: Mapping[int, float],
    ) -> None:
        if more:
            for number, score in more.items():
                scores[number] = scores.get(number, 0.0) + score
            added.append((reason, more))

    def _pool(self, base: Sequence[float], ranked: Documents, complete: Documents, wanted: int) -> Documents:
        """Return the documents that are looked at more closely: the first `wanted` by their scores so far."""
        if len(ranked) <= wanted:
            return ranked
        if not self._puts_first:
            return _best(base, ranked, wanted)
        first = _best(base, ranked & complete, wanted)
        return first | _best(base, ranked - complete, wanted - len(first))

    def _function_words(self, pool: Documents) -> Scores:
        weight = self._scorer.ranking.function
        found: defaultdict[int, float] = defaultdict(float)
        for clause in self._small:
            clause.score(found, only=pool)
        return {number: score * weight for number, score in found.items()}

    def _nearness(self, pool: Documents) -> Scores:
        """Return what documents get for words of the query close together.

        S. Büttcher, C. Clarke, B. Lushman, "Term proximity scoring for ad-hoc retrieval on very large text
        collections" (SIGIR 2006): each two neighbours that are different words, at a distance d, count 1/d²;
        the sum saturates as a term frequency does.
        """
        if len(self._near) < 2 or not self._scorer.ranking.near:
            return {}
        spots: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)  # document -> (place, clause)
        for which, clause in enumerate(self._near):
            among = pool & clause.documents
            for term in clause.near:
                for number, value in self._scorer.terms.find("text", term).values_within(among):
                    spots[number] += [(at, which) for at in unpack(value)]
        return {number: self._closeness(number, places) for number, places in spots.items() if places[1:]}

    def _closeness(self, number: int, places: list[tuple[int, int]]) -> float:
        clauses, ranking = self._near, self._scorer.ranking
        places.sort()
        sums = [0.0] * len(clauses)
        for (last_at, last), (at, which) in pairwise(places):
            if which != last and at > last_at:
                close = 1.0 / (at - last_at) ** 2
                sums[which] += clauses[last].weight_near * close
                sums[last] += clauses[which].weight_near * close
        norm = self._scorer.norm("text", number)
        k1 = ranking.k1
        return ranking.near * sum(
            clause.weight_near * own * (k1 + 1) / (own + norm)
            for clause, own in zip(clauses, sums, strict=True)
            if own
        )

    def _clauses_terms(self) -> frozenset[str]:
        return frozenset(
            source.term for each in self._clauses for form in each.clause.forms for source in form.sources
        )


def _best(scores: Sequence[float], among: Documents, count: int) -> Documents:
    """Return the documents with the highest scores; of equals the lowest numbers."""
    if len(among) <= count:
        return among
    if count <= 0:
        return NO_DOCUMENTS
    flags = among.flags(len(scores))
    least = nlargest(count, compress(scores, flags))[-1]
    close = [number for number, score in compress(enumerate(scores), flags) if score >= least]
    close.sort(key=scores.__getitem__, reverse=True)  # which leaves equal ones as they are
    return Documents.of(close[:count])


class _Same:
    """A clause, equal to itself: one asked for twice counts once."""

    __slots__ = ("clause",)

    def __init__(self, clause: Clause) -> None:
        self.clause = clause

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.clause is self.clause

    def __hash__(self) -> int:
        return id(self.clause)
