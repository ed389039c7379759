"""Queries -> Results: exactly, then with the spelling mended, then with fewer words; and never in silence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from whoosh.scoring import BM25F

from kbnotes.index.build import Builder
from kbnotes.index.relax import correct, fewer_words
from kbnotes.index.schema import Stored
from kbnotes.index.snippet import Wanted, cut_snippet
from kbnotes.model import AllOf, Hit, Query, Results


class Answerer:
    """Answers from one state of the index."""

    def __init__(self, searcher: Any, entries: Path, implied: Mapping[str, frozenset[str]]) -> None:
        self._searcher = searcher
        self._entries = entries
        self._weighting = BM25F(B=0.6, K1=1.2)
        self._reader = searcher.reader()
        self.builder = Builder(self._reader, implied)

    def stored(self) -> Iterator[dict[str, Any]]:
        """Yield the stored fields of every entry, in no particular order."""
        return iter(self._reader.all_stored_fields())

    def search(self, query: Query, *, limit: int) -> Results:
        """Return the best `limit` hits and the count of all.

        Where no entry holds all words: with the spelling corrected from the notes' own words; then with as
        many of the words as any entry holds. Filters, phrases and NOT are never let go.
        """
        found = self._run(query.root)
        if found:
            return self._results(query, query.root, found, limit)
        corrected = correct(query, self._reader, self.builder)
        if corrected and (found := self._run(corrected.root)):
            return self._results(query, corrected.root, found, limit, corrected=corrected.text)
        relaxed = fewer_words(corrected or query, self.documents)
        if relaxed and (kept := self._run(relaxed.root, only=relaxed.documents)):
            text = corrected.text if corrected else None
            return self._results(query, relaxed.root, kept, limit, corrected=text, relaxed=relaxed.sentence)
        return Results(query=query.text, total=0, hits=(), notes=query.notes)

    def documents(self, node: Any) -> set[int]:
        """Return the numbers of the documents that `node` finds."""
        return {number for _, number in self._run(node, scored=False)}

    def _run(
        self, root: Any, *, only: frozenset[int] | None = None, scored: bool = True
    ) -> list[tuple[float, int]]:
        """Return (score, document number) of every hit, or of those in `only`, best first.

        Every hit is scored: Whoosh's own collector skips blocks by their best score and returned a wrong
        first page for 10 of 30 queries at 20,000 entries.
        """
        built = self.builder.build(root)
        if built is None:
            return []
        found: list[tuple[float, int]] = []
        for leaf, offset in self._searcher.leaf_searchers():
            context = self._searcher.context(weighting=self._weighting if scored else None)
            matcher = built.matcher(leaf, context)
            while matcher.is_active():
                number = matcher.id()
                if not leaf.reader().is_deleted(number) and (only is None or number + offset in only):
                    found.append((matcher.score() if scored else 0.0, number + offset))
                matcher.next()
        found.sort(key=lambda pair: (-pair[0], pair[1]))
        return found

    def _results(
        self,
        query: Query,
        root: AllOf,
        found: list[tuple[float, int]],
        limit: int,
        *,
        corrected: str | None = None,
        relaxed: str = "",
    ) -> Results:
        wanted = Wanted.of(root, self.builder)
        return Results(
            query=query.text,
            total=len(found),
            hits=tuple(self._hit(score, number, wanted) for score, number in found[:limit]),
            corrected=corrected,
            relaxed=relaxed,
            notes=query.notes,
        )

    def _hit(self, score: float, number: int, wanted: Wanted) -> Hit:
        stored = Stored(self._searcher.stored_fields(number))
        snippet, marks = cut_snippet(stored.text, stored.urls, wanted)
        return Hit(summary=stored.summary(self._entries), score=round(score, 4), snippet=snippet, marks=marks)
