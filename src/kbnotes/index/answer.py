"""Queries -> Results: exactly, then with the spelling mended, then with fewer words; and never in silence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from heapq import nsmallest
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kbnotes.index import ranking
from kbnotes.index.build import Builder
from kbnotes.index.clause import Clause, Scorer
from kbnotes.index.documents import NO_DOCUMENTS, Documents, intersection, union
from kbnotes.index.elision import parted_query
from kbnotes.index.feedback import Feedback, KeyTerms
from kbnotes.index.language import Language
from kbnotes.index.match import Matcher
from kbnotes.index.postings import Terms
from kbnotes.index.ranker import POOL, Ranked, Ranker
from kbnotes.index.relax import correct, halved, may_let_go, sentence
from kbnotes.index.shelf import Shelf
from kbnotes.index.snippet import Wanted, cut_snippet
from kbnotes.index.stored import BROKEN, EVERY, FACTS, Facts, text_of, urls_of, with_id
from kbnotes.index.vocabulary import run_of
from kbnotes.model import (
    AllOf,
    Asked,
    Fuzzy,
    Hit,
    Listing,
    Nearest,
    Not,
    Order,
    Phrase,
    Prefix,
    Query,
    Related,
    Results,
    Stamp,
    Summary,
    TagCount,
    Word,
)
from kbnotes.record import record, replace

if TYPE_CHECKING:
    from kbnotes.index.likeness import Likeness, Meaning
    from kbnotes.model import Vote

_FEW_CARDS = 30  # that are read sooner than the facts of all entries
BY_MEANING = "No entry holds any of the words; these are near in meaning."


@record
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
        self, terms: Terms, entries: Path, implied: Mapping[str, frozenset[str]], language: Language
    ) -> None:
        self._implied = implied
        self.language = language
        self.terms = terms
        self._shelf = Shelf(terms, entries)
        self._begin()

    def _begin(self) -> None:
        self.scorer = Scorer(self.terms, ranking.RANKING)
        self.builder = Builder(self.scorer, self.language)
        self.matcher = Matcher(self.builder, self._implied)
        self.key_terms = KeyTerms(self.scorer, self.language, self._shelf.text)

    @property
    def shown(self) -> list[tuple[str, Stamp]]:
        """Files of the entries that the last answer told of, with the stamps they had when they were read."""
        return self._shelf.shown

    def search(
        self, query: Query, *, asked: Asked, meaning: Callable[[str], Meaning | None] | None = None
    ) -> Results:
        """Return the hits that are asked for, and the count of all.

        Entries that hold all words come first, then those that hold some. Where none holds all, the spelling
        is corrected from the notes' own words. Filters, groups and NOT are never let go.
        """
        self._tune()
        self._shelf.shown.clear()
        query = replace(query, root=parted_query(query.root, self.language))
        found, corrected = self._find(query, strict=asked.strict)
        likeness = self._likeness(corrected or query, asked, meaning)
        ranked = self._ranked(found, asked, likeness)
        if not ranked.hits:
            return self._nothing(query, found, strict=asked.strict)
        wanted = Wanted.of(found.scoring, self.language)
        page = ranked.order[asked.offset : asked.offset + asked.limit]
        return Results(
            query=query.text,
            total=len(ranked.hits),
            complete=0 if asked.mode == "meaning" else len(found.complete),
            offset=asked.offset,
            hits=tuple(self._hit(score, number, wanted, found, ranked, asked) for score, number in page),
            corrected=corrected.text if corrected else None,
            relaxed=found.relaxed if found.hits else BY_MEANING,
            facets=self._facets(ranked) if asked.facets else (),
            notes=query.notes,
        )

    def matching(self, query: Query) -> tuple[Summary, ...]:
        """Return all entries that hold all of `query`, by id; no files that cannot be read as one."""
        self._shelf.shown.clear()
        found = self.find(parted_query(query.root, self.language), strict=True).complete
        summaries = (self._shelf.summary(number) for number in found)
        return tuple(
            sorted((each for each in summaries if not each.broken), key=lambda each: (each.id, each.path))
        )

    def listing(self, query: Query, *, order: Order, limit: int | None, offset: int) -> Listing:
        """Return what holds all of `query`, all for none: by id or title upwards, times latest first.

        Files that cannot be read as one are left out.
        """
        self._shelf.shown.clear()
        root = parted_query(query.root, self.language)
        hits = self.find(root, strict=True).complete if root.parts else self.terms.every()
        facts = self.matcher.facts_of(hits)
        entries = Documents.of(number for number, each in facts.items() if not each.traits & BROKEN)
        ordered = [number for _, number in self._ordered(entries, order, facts)]
        page = ordered[offset : None if limit is None else offset + limit]
        return Listing(total=len(ordered), entries=tuple(map(self._shelf.summary, page)))

    def with_ids(self, ids: Set[int]) -> tuple[Summary, ...]:
        """Return the entries with these ids, by file name; several files may have the same."""
        self._shelf.shown.clear()
        found = self.terms.find("facts", EVERY)
        places = (place for each in ids for place in with_id(found.values.whole, each))
        summaries = [self._shelf.summary(found.numbers[place]) for place in places]
        return tuple(sorted((each for each in summaries if not each.broken), key=lambda each: each.path))

    def ids_beginning(self, digits: str, *, limit: int) -> tuple[Summary, ...]:
        """Return the entries whose ids, as written, begin with `digits`: at most `limit`, by id."""
        found = self.terms.find("facts", EVERY)
        entries = zip(FACTS.iter_unpack(found.values.whole), found.numbers, strict=True)
        begun = (
            (entry_id, number)
            for (entry_id, _, _, traits, _), number in entries
            if str(entry_id).startswith(digits) and not traits & BROKEN
        )
        self._shelf.shown.clear()
        return tuple(self._shelf.summary(number) for _, number in nsmallest(limit, begun))

    def tags(self) -> tuple[TagCount, ...]:
        """Return each tag with how many entries a filter by it finds and what it implies, most used first."""
        from kbnotes.index.facets import count_tags, with_implied

        return with_implied(count_tags(self.terms, None, self._implied), self._implied)

    def related(self, name: str, *, limit: int) -> tuple[Related, ...]:
        """Return the entries most like the one in the file `name`, the likest first."""
        from kbnotes.index.related import Relating

        numbers = self.terms.documents("name", name)
        relating = Relating(self.scorer, self.key_terms, self._shelf)
        return tuple(
            Related(
                summary=self._shelf.summary(each.number),
                score=round(each.score, 4),
                reasons=each.reasons,
            )
            for number in numbers
            for each in relating.like(number, limit=limit)
        )

    def votes(self, names: Iterable[str]) -> dict[str, tuple[Vote, ...]]:
        """Return, for the entries in these files, the tags that entries like them have, the best first."""
        from kbnotes.index.voting import VOTING, Voters

        voters = Voters(self.scorer, self.key_terms, self._shelf, self.language, VOTING)
        return {name: voters.votes(number) for name in names for number in self.terms.documents("name", name)}

    # Finding

    def _find(self, query: Query, *, strict: bool) -> tuple[Found, Query | None]:
        """Return what a query finds, and the query with its spelling mended where that is what was found."""
        found = self.find(query.root, strict=strict)
        if found.complete or strict:
            return found, None
        mended = correct(query, self.builder)
        if mended and (again := self.find(mended.root, strict=False)).hits:
            return again, mended
        return found, None

    def find(self, root: AllOf, *, strict: bool) -> Found:
        """Return what a query finds as it stands; unless `strict`, with what holds some of the words only."""
        plain = may_let_go(root)
        firm = tuple(part for part in root.parts if part not in plain)
        narrow = any(not isinstance(part, Word | Phrase | Prefix | Fuzzy) for part in firm)
        within = self.matcher.all_of(firm)
        words = self._words(plain, strict=strict)
        wanted = [clause for clause in words if not clause.is_function]
        if not wanted and not any(not isinstance(part, Not) for part in firm):
            wanted = words
        complete = _together([clause.documents for clause in wanted], within)
        some, relaxed = NO_DOCUMENTS, ""
        if wanted and not strict and not (complete and (narrow or len(wanted) < 2)):
            some = union(clause.loose for clause in wanted if _means_something(clause.label))
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

    def _nothing(self, query: Query, found: Found, *, strict: bool) -> Results:
        """Return what was tried, and what comes nearest."""
        from kbnotes.index.facets import count_tags
        from kbnotes.index.nearest import nearest_tags, nearest_titles, words_of

        asked = list(dict.fromkeys(words_of(query.root)))
        mended = None if strict else correct(query, self.builder)
        tags = {count.tag: count for count in count_tags(self.terms, None, self._implied)}
        near = [tags[tag] for tag in nearest_tags(asked, tags)]
        titles = nearest_titles(self.terms, asked, self.terms.every())
        nearest = Nearest(
            spelling=mended.text if mended else None,
            tags=tuple(near),
            titles=tuple(self._shelf.summary(number) for number in titles),
        )
        tried = ["Looked for it as it stands."]
        if found.words and not strict:
            if mended:
                tried.append(f"Looked for “{mended.text}”.")
            elif not all(clause.spoken for clause in found.words):
                tried.append("No word of the notes is spelled nearly so.")
            if len(found.words) > 1:
                tried.append("Looked for fewer of the words.")
        return Results(
            query=query.text, total=0, hits=(), notes=query.notes, tried=tuple(tried), nearest=nearest
        )

    def _words(self, plain: Sequence[Word | Phrase], *, strict: bool) -> list[Clause]:
        """Return the clauses of the plain words; one that stands nowhere as typed (`GPT-5`) by its halves."""
        leaves = [half for leaf in plain for half in self._pieces(leaf, strict=strict)]
        found = [(leaf, clause) for leaf in leaves if (clause := self.builder.clause(leaf))]
        times = Counter(leaf for leaf, _ in found)
        once = dict(found)
        clauses = [replace(clause, times=times[leaf]) for leaf, clause in once.items()]
        return self.builder.widen(list(once), clauses)

    def _pieces(self, leaf: Word | Phrase, *, strict: bool) -> Sequence[Word | Phrase]:
        clause = self.builder.clause(leaf)
        return halved(leaf) if clause and not clause.documents and not strict else [leaf]

    # Ranking

    def _tune(self) -> None:
        if self.scorer.ranking is not ranking.RANKING:  # only a measurement changes it
            self._begin()

    def _ranked(self, found: Found, asked: Asked, likeness: Likeness | None) -> Ranked:
        if asked.mode == "meaning" and likeness:
            near = dict(likeness.nearest(max(asked.offset + asked.limit, POOL)))
            order = [(score, number) for number, score in near.items()]
            return Ranked(order, Documents.of(near), (), [("near in meaning", near)])
        if asked.order != "score" or not found.scoring:
            return Ranked(
                self._ordered(found.hits, asked.order, self.matcher.facts_of(found.hits)),
                found.hits,
                found.scoring,
            )
        ranker = Ranker(self.scorer, found.scoring)
        is_sentence = len(found.words) >= self.scorer.ranking.feedback_words
        ranked = ranker.rank(
            found.hits,
            found.complete,
            wanted=asked.offset + asked.limit,
            feedback=Feedback(self.scorer, self.key_terms) if is_sentence else None,
            narrow=found.narrow,
            likeness=likeness,
        )
        ranked.order = self._ties_by_id(ranked.order, asked.offset + asked.limit)
        return ranked

    def _ties_by_id(self, order: list[tuple[float, int]], wanted: int) -> list[tuple[float, int]]:
        """Return an order whose equal scores go by id, as far as the first `wanted` hits ask for that.

        Documents are numbered as they last changed.
        """
        last = order[:wanted][-1][0] if order[:wanted] else 0.0
        tied = {
            n for one, two in pairwise(order) if one[0] == two[0] and one[0] >= last for n in (one[1], two[1])
        }
        if len(tied) <= _FEW_CARDS:
            ids = {number: self._shelf.card(number).id for number in tied}
        else:
            ids = {number: each.id for number, each in self.matcher.facts_of(Documents.of(tied)).items()}
        return sorted(order, key=lambda pair: (-pair[0], ids.get(pair[1], 0), pair[1]))

    def _likeness(
        self,
        query: Query,
        asked: Asked,
        meaning: Callable[[str], Meaning | None] | None,
    ) -> Likeness | None:
        """Return the meanings to rank by: for words and sentences, not where operators say what is meant."""
        is_plain = all(isinstance(part, Word) and not part.exact for part in query.root.parts)
        if (
            asked.mode == "words"
            or meaning is None
            or asked.strict
            or not (is_plain or asked.mode == "meaning")
        ):
            return None
        if asked.order != "score" or not query.root.parts:
            return None
        question = meaning(query.text)
        filters = tuple(part for part in query.root.parts if not isinstance(part, Word))
        if question is None:
            return None
        from kbnotes.index.likeness import Likeness

        return Likeness(question, self.matcher.all_of(filters))

    def _facets(self, ranked: Ranked) -> tuple[TagCount, ...]:
        from kbnotes.index.facets import count_tags

        return count_tags(self.terms, ranked.hits, self._implied)

    def _ordered(self, hits: Documents, order: Order, facts: Mapping[int, Facts]) -> list[tuple[float, int]]:
        """Return (0, document), times latest first, ids and titles upwards; without scores, by id."""
        keys: dict[Order, Callable[[int], Any]] = {
            "title": lambda number: (self._shelf.card(number).title.casefold(), facts[number].id),
            "created": lambda number: (-facts[number].created, facts[number].id),
            "updated": lambda number: (-facts[number].updated, facts[number].id),
        }
        by_id: Callable[[int], Any] = lambda number: (facts[number].id, number)  # noqa: E731
        return [(0.0, number) for number in sorted(hits, key=keys.get(order, by_id))]

    # Showing

    def _hit(
        self, score: float, number: int, wanted: Wanted, found: Found, ranked: Ranked, asked: Asked
    ) -> Hit:
        content = self._shelf.content(number)
        snippet, marks = cut_snippet(text_of(content), urls_of(content), wanted)
        missing = [
            clause.label
            for clause in found.words
            if number not in clause.loose and number not in clause.hinted
        ]
        return Hit(
            summary=self._shelf.summary(number),
            score=round(score, 4),
            snippet=snippet,
            marks=marks,
            missing=tuple(missing),
            parts=ranked.parts(number) if asked.explain else (),
        )


def _means_something(label: str) -> bool:
    """Tell whether a word that others may be let go for is more than a letter."""
    return any(len(token.text) > 1 or not token.text.isascii() for token in run_of(label))


def _together(sets: Sequence[Documents], within: Documents | None) -> Documents:
    return intersection(sets if within is None else [*sets, within])
