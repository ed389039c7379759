"""Compare first pages with exhaustive scoring: `python -m benchmarks.exact [--size 20000] [--cache DIR]`.

30 queries with AND, 30 with OR and 20 phrases, over the notes of `benchmarks.speed`. Each first page is
compared with a scorer that reads a posting at a time by what Whoosh makes public, and scores every document;
once by score alone, once with entries that hold all words first. What is added for the best hits only
(closeness, small words, words of the best) is left out: it is given to the first fifty of this very order.
Exits with 1 if a page is another one.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from math import isclose
from pathlib import Path
from random import Random
from typing import Any

from whoosh.index import FileIndex

from benchmarks.speed.corpus import write
from kbnotes import query as query_room
from kbnotes.index import Index, ranking
from kbnotes.index.answer import Answerer, Found
from kbnotes.index.clause import Clause
from kbnotes.index.ranker import Ranker
from kbnotes.index.schema import make_schema
from kbnotes.index.storage import PrivateStorage
from kbnotes.kb.fresh import FreshIndex
from kbnotes.model import Asked
from kbnotes.record import replace
from kbnotes.store import Store

NOW = datetime(2026, 11, 27, tzinfo=UTC)
PAGE = 10


class Exhaustive:
    """Scores every document of an index by its words, a posting at a time."""

    def __init__(self, index: Index) -> None:
        self.answers: Answerer = index._answers()
        directory = (index.home or Path()) / index.state.directory
        self._reader: Any = FileIndex(PrivateStorage(directory), schema=make_schema()).reader()
        self._norms: dict[str, list[float]] = {}
        self._postings: dict[tuple[str, str], list[tuple[int, float]]] = {}

    def scores(self, clauses: Sequence[Clause]) -> dict[int, float]:
        """Return the sum of what the clauses give to each document that any of them gives something."""
        scores: dict[int, float] = {}
        for clause in clauses:
            best: dict[int, float] = {}
            for form in clause.forms:
                own: dict[int, float] = {}
                for name, term, weight in form.sources:
                    norms = self._normed(name)
                    for number, often in self._posted(name, term):
                        part = often * (self.answers.scorer.ranking.k1 + 1) / (often + norms[number])
                        own[number] = own.get(number, 0.0) + weight * part
                for number in form.documents:
                    own[number] = own.get(number, 0.0) + form.bonus
                if form.is_whole:
                    own = {number: own[number] for number in own if number in form.documents}
                for number, score in own.items():
                    best[number] = max(best.get(number, 0.0), score)
            for number, score in best.items():
                scores[number] = scores.get(number, 0.0) + score * clause.times
        return scores

    def _posted(self, name: str, term: str) -> list[tuple[int, float]]:
        if (name, term) not in self._postings:
            found: list[tuple[int, float]] = []
            if (name, term) in self._reader:
                matcher = self._reader.postings(name, term)
                while matcher.is_active():
                    found.append((matcher.id(), matcher.weight()))
                    matcher.next()
            self._postings[name, term] = found
        return self._postings[name, term]

    def _normed(self, name: str) -> list[float]:
        if name not in self._norms:
            reader, weights = self._reader, self.answers.scorer.ranking
            lengths = [reader.doc_field_length(number, name) or 0 for number in range(reader.doc_count_all())]
            average = sum(lengths) / max(1, sum(map(bool, lengths)))
            b = {"text": weights.b, "exact": weights.b, "title": weights.title_b}.get(name, 0.0)
            self._norms[name] = [weights.k1 * (1 - b + b * length / (average or 1)) for length in lengths]
        return self._norms[name]

    def close(self) -> None:
        """Close the files."""
        self._reader.close()

    def order(self, found: Found) -> list[tuple[int, float]]:
        """Return the ids of all hits, best first, and the score of each by its words."""
        deciding = [clause for clause in found.scoring if not clause.is_function] or list(found.scoring)
        scores = self.scores(list({id(clause): clause for clause in deciding}.values()))
        facts = self.answers.matcher.facts
        all_first = Ranker(self.answers.scorer, found.scoring)._puts_first  # a sentence does not
        ranked = sorted(
            (all_first and number not in found.complete, -scores.get(number, 0.0), facts[number].id)
            for number in found.hits
        )
        return [(entry_id, -score) for _, score, entry_id in ranked]


def queries(words: Sequence[str], random: Random) -> Iterator[str]:
    """Yield 30 queries with AND, 30 with OR, and 20 phrases; `words` are those of the index by their use."""
    common, all_of = words[:300], words[:3_000]
    for _ in range(30):
        yield " ".join(random.sample(common, 2) + random.sample(all_of, random.randint(0, 1)))
    for _ in range(30):
        yield " OR ".join(random.sample(common, 2) + random.sample(all_of, 3))
    for _ in range(20):
        yield f'"{" ".join(random.sample(words[:60], 2))}"'


def words_by_use(answers: Answerer) -> list[str]:
    """Return the words of an index, the most used first."""
    terms = answers.terms
    return sorted(terms.beginning("exact", ""), key=lambda word: (-terms.frequency("exact", word), word))


def differences(index: Index, texts: Sequence[str], *, all_first: bool) -> list[str]:
    """Return the queries whose first page is another one than that of exhaustive scoring."""
    before = ranking.RANKING
    ranking.RANKING = replace(
        before, near=0.0, feedback=0.0, function=0.0, all_words=before.all_words if all_first else 0
    )
    index._answers()._tune()
    exhaustive = Exhaustive(index)
    try:
        return [text for text in texts if not _is_same(index, exhaustive, text)]
    finally:
        exhaustive.close()
        ranking.RANKING = before


def _is_same(index: Index, exhaustive: Exhaustive, text: str) -> bool:
    """Tell whether a page has the ids of the best; scores that differ by rounding only may change places."""
    query = query_room.parse(text, now=NOW)
    shown = [hit.summary.id for hit in index.search(query, asked=Asked(limit=PAGE)).hits]
    found, _ = exhaustive.answers._find(query, strict=False)
    whole = exhaustive.order(found)
    scores = dict(whole)
    return len(set(shown)) == min(PAGE, len(whole)) and all(
        isclose(scores.get(got, -1.0), score, rel_tol=1e-9)
        for got, (_, score) in zip(shown, whole, strict=False)
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Compare and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.exact")
    parser.add_argument("--size", type=int, default=20_000, help="number of entries")
    parser.add_argument("--seed", type=int, default=9, help="where the random queries begin")
    parser.add_argument("--cache", type=Path, metavar="DIR", help="keep the corpus there for the next run")
    options = parser.parse_args(arguments)
    with ExitStack() as stack:
        cache = options.cache or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="kb-exact-")))
        place = cache / f"{options.size}"
        if not (place / "notes.jsonl").exists():
            place.mkdir(parents=True)
            write(place, options.size)
        fresh = FreshIndex(Store(place / "base"), cache / f"{options.size}-home/.cache/kb")
        index = fresh.ask(lambda index: index)
        texts = list(queries(words_by_use(index._answers()), Random(options.seed)))
        wrong = 0
        for all_first in (False, True):
            began = time.monotonic()
            differing = differences(index, texts, all_first=all_first)
            wrong += len(differing)
            order = "all words first" if all_first else "by score alone"
            spent = time.monotonic() - began
            equal = f"{len(texts) - len(differing)} of {len(texts)} first pages equal"
            print(f"{options.size:,} entries, {order}: {equal}")
            print("".join(f"  another page: {text}\n" for text in differing), end="")
            print(f"  {spent:.0f} s")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
