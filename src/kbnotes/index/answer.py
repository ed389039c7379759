"""Queries -> Results: exactly, then with the spelling mended, then with fewer words; and never in silence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from kbnotes.index import ranking
from kbnotes.index.build import Builder
from kbnotes.index.clause import NO_DOCUMENTS, Clause, Documents, Scorer
from kbnotes.index.expand import short_forms
from kbnotes.index.feedback import Feedback, KeyTerms
from kbnotes.index.language import Language
from kbnotes.index.match import Matcher
from kbnotes.index.postings import Terms
from kbnotes.index.ranker import Ranked, Ranker
from kbnotes.index.relax import correct, halved, sentence
from kbnotes.index.schema import Stored
from kbnotes.index.snippet import Wanted, cut_snippet
from kbnotes.model import AllOf, Asked, Fuzzy, Hit, InField, Node, Not, Phrase, Prefix, Query, Results, Word


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What one reading of a query finds."""

    words: Sequence[Clause]  # those that were asked for together, of which some may be let go
    scoring: Sequence[Clause]  # all that score
    complete: Documents  # that hold all
    some: Documents  # that hold some, and all that may not be let go
    narrow: bool  # the query has operators or filters: who writes them means them
    relaxed: str = ""

    @property
    def hits(self) -> Documents:
        return self.complete | self.some


class Answerer:
    """Answers from one state of the index."""

    def __init__(
        self, searcher: Any, entries: Path, implied: Mapping[str, frozenset[str]], language: Language
    ) -> None:
        self._searcher = searcher
        self._entries = entries
        self._implied = implied
        self.language = language
        self.terms = Terms(searcher.reader())
        self._begin()
        self.stored_of = lru_cache(maxsize=500)(self._stored_of)

    def _begin(self) -> None:
        self.scorer = Scorer(self.terms, ranking.RANKING)
        self.builder = Builder(self.scorer, self.language)
        self.matcher = Matcher(self.builder, self._implied)
        self.key_terms = KeyTerms(self.scorer, self.language, self._text_of)

    def stored(self) -> Iterator[dict[str, Any]]:
        """Yield the stored fields of every entry, in no particular order."""
        return iter(self._searcher.reader().all_stored_fields())

    def search(self, query: Query, *, asked: Asked) -> Results:
        """Return the hits that are asked for, and the count of all.

        Entries that hold all words come first, then those that hold some. Where none holds all: with the
        spelling corrected from the notes' own words. Filters, phrases, groups and NOT are never let go.
        """
        if self.scorer.ranking is not ranking.RANKING:
            self._begin()
        found, corrected = self.find(query.root, strict=asked.strict), None
        if not found.complete and not asked.strict and (mended := correct(query, self.builder)):
            again = self.find(mended.root, strict=False)
            if again.complete or (again.hits and not found.hits) or again.words:
                found, corrected = (again, mended) if again.hits else (found, None)
        if not found.hits:
            return Results(query=query.text, total=0, hits=(), notes=query.notes)
        ranked = self._ranked(found, asked)
        wanted = Wanted.of(found.scoring, self.language)
        page = ranked.order[asked.offset : asked.offset + asked.limit]
        return Results(
            query=query.text,
            total=len(found.hits),
            complete=len(found.complete),
            offset=asked.offset,
            hits=tuple(self._hit(score, number, wanted, found, ranked, asked) for score, number in page),
            corrected=corrected.text if corrected else None,
            relaxed=found.relaxed,
            notes=query.notes,
        )

    def find(self, root: AllOf, *, strict: bool) -> Found:
        """Return what a query finds as it stands; unless `strict`, with those that hold some of the words only."""
        plain = [part for part in root.parts if isinstance(part, Word) and not part.exact]
        firm = tuple(part for part in root.parts if part not in plain)
        narrow = any(not isinstance(part, Word | Phrase | Prefix | Fuzzy) for part in firm)
        within = self.matcher.all_of(firm)
        words = self._words(plain, strict=strict)
        wanted = [clause for clause in words if not clause.is_function]
        if not wanted and not any(not isinstance(part, Not) for part in firm):
            wanted = words
        complete = self._together([clause.documents for clause in wanted], within)
        some: Documents = NO_DOCUMENTS
        relaxed = ""
        if wanted and not strict and not (complete and (narrow or len(wanted) < 2)):
            some = NO_DOCUMENTS.union(*(clause.loose for clause in wanted))
            some = (some if within is None else some & within) - complete
            if some and not complete:
                relaxed = sentence(wanted, some)
        scoring = [*words, *(clause for part in firm for clause in self.matcher.clauses(part))]
        return Found(
            words=wanted,
            scoring=scoring,
            complete=complete,
            some=some,
            narrow=narrow or not wanted,
            relaxed=relaxed,
        )

    def _together(self, sets: Sequence[Documents], within: Documents | None) -> Documents:
        every = sorted(sets if within is None else [*sets, within], key=len)
        return frozenset.intersection(*every) if every else NO_DOCUMENTS

    def _words(self, plain: Sequence[Word], *, strict: bool) -> list[Clause]:
        """Return the clauses of the plain words; one that stands nowhere as typed (`GPT-5`) by its halves."""
        found: list[Clause] = []
        for leaf in plain:
            clause = self.builder.clause(leaf)
            if clause and not clause.documents and not strict:
                found += [own for half in halved(leaf) if (own := self.builder.clause(half))]
            elif clause:
                found.append(clause)
        times = Counter(map(id, found))
        return [replace(clause, times=times[id(clause)]) for clause in {id(each): each for each in found}.values()]

    def _ranked(self, found: Found, asked: Asked) -> Ranked:
        ranker = Ranker(self.scorer, found.scoring)
        feedback = Feedback(self.scorer, self.key_terms) if self.scorer.ranking.feedback else None
        return ranker.rank(
            found.hits,
            found.complete,
            wanted=asked.offset + asked.limit,
            feedback=feedback,
            narrow=found.narrow,
        )

    # Showing

    def _hit(
        self, score: float, number: int, wanted: Wanted, found: Found, ranked: Ranked, asked: Asked
    ) -> Hit:
        stored = self.stored_of(number)
        snippet, marks = cut_snippet(stored.text, stored.urls, wanted)
        missing = [clause.label for clause in found.words if number not in clause.documents]
        return Hit(
            summary=stored.summary(self._entries),
            score=round(score, 4),
            snippet=snippet,
            marks=marks,
            missing=tuple(missing),
            parts=ranked.parts(number) if asked.explain else (),
        )

    def _stored_of(self, number: int) -> Stored:
        return Stored(self._searcher.stored_fields(number))

    def _text_of(self, number: int) -> str:
        stored = self.stored_of(number)
        return f"{stored.title}\n{stored.text}"
