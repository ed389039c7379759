"""Clauses: what a leaf of a query looks for, the documents that hold it, and what it adds to their scores."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cached_property
from math import log
from typing import NamedTuple

from kbnotes.index.documents import NO_DOCUMENTS, Documents, intersection, union
from kbnotes.index.postings import Postings, Terms
from kbnotes.index.ranking import Ranking
from kbnotes.index.segment.lengths import LENGTHS
from kbnotes.index.segment.positions import places
from kbnotes.record import field, mutable_record, record

Scores = dict[int, float]  # document -> score
Into = list[float] | defaultdict[int, float]  # the same while it is added up: a place for each, or for some


class Scorer:
    """BM25 over one index, a term at a time.

    S. Robertson and H. Zaragoza, "The Probabilistic Relevance Framework" (2009); the idf is Lucene's, which
    is never negative.
    """

    def __init__(self, terms: Terms, ranking: Ranking) -> None:
        self.terms = terms
        self.ranking = ranking
        self._norms: dict[str, tuple[bytes, list[float]]] = {}
        self._parts: dict[str, dict[float, list[float]]] = {}  # field -> how often -> by the length

    def idf(self, frequency: int) -> float:
        """Return how much a term says that stands in `frequency` documents."""
        return log(1 + (self.terms.count - frequency + 0.5) / (frequency + 0.5))

    def add(self, into: Into, name: str, found: Postings, weight: float, only: Documents | None) -> None:
        """Add `weight` times BM25's term frequency part to each document of `found`, or those in `only`."""
        if not found.numbers or not weight:
            return
        lengths, _ = self._normed(name)
        # How often and how long together take few values, so each part is worked out once.
        parts = self._parts.setdefault(name, {})
        for count in set(found.weights) - parts.keys():
            parts[count] = [count / (count + norm) for norm in self._normed(name)[1]]
        factor = weight * (self.ranking.k1 + 1)
        pairs: Iterable[tuple[int, float]] = zip(found.numbers, found.weights, strict=True)
        for number, count in pairs if only is None else found.within(only):
            into[number] += factor * parts[count][lengths[number]]

    def norm(self, name: str, number: int) -> float:
        """Return what the length of a field in a document makes of k1."""
        lengths, norms = self._normed(name)
        return norms[lengths[number]]

    def _normed(self, name: str) -> tuple[bytes, list[float]]:
        """Return each document's length in a field, and what that length makes of k1."""
        if name not in self._norms:
            lengths, average = self.terms.lengths(name)
            k1 = self.ranking.k1
            b = {"text": self.ranking.b, "exact": self.ranking.b, "title": self.ranking.title_b}.get(
                name, 0.0
            )
            norms = [k1 * (1 - b + b * length / (average or 1)) for length in LENGTHS]
            self._norms[name] = lengths, norms
        return self._norms[name]


class Source(NamedTuple):
    """A term that scores, and how much."""

    name: str  # of the field
    term: str
    weight: float


@record
class Form:
    """One way to meet a clause."""

    reason: str  # in words, for `--explain`
    sources: tuple[Source, ...]
    documents: Documents  # that meet it
    loose: Documents = NO_DOCUMENTS  # that hold a part of it, of several words
    bonus: float = 0.0  # for standing side by side, on top
    is_whole: bool = False  # a document that does not meet it gets nothing for a part
    is_guess: bool = False  # what meets it may mean something else: it scores, and counts as a part
    is_hint: bool = False  # a guess that only scores: nothing is found by it alone


@mutable_record
class Clause:
    """A leaf of a query: the ways to meet it, of which the best one counts."""

    label: str  # as typed
    forms: Sequence[Form]
    scorer: Scorer
    is_function: bool = False  # a word that says little by itself: never required
    near: tuple[str, ...] = ()  # terms of the field `text` that are looked for close to other clauses
    runs: list[tuple[str, ...]] = field(default_factory=list)  # of stems, to mark in a text
    times: int = 1  # how often the query has it
    prefixes: tuple[str, ...] = ()  # beginnings of words to mark
    spelled: frozenset[str] = frozenset()  # words to mark only as they are spelled

    @cached_property
    def documents(self) -> Documents:
        """The documents that meet it."""
        return union(form.documents for form in self.forms if not form.is_guess)

    @cached_property
    def loose(self) -> Documents:
        """The documents that meet it or a part of it (`KV-cache`: those with `cache`)."""
        return union((self.spoken, *(form.documents for form in self.guesses)))

    @property
    def guesses(self) -> list[Form]:
        """The ways to meet it that may mean something else."""
        return [form for form in self.forms if form.is_guess and not form.is_hint]

    @cached_property
    def hinted(self) -> Documents:
        """The documents that have a hint of it."""
        return union(form.documents for form in self.forms if form.is_hint)

    @cached_property
    def spoken(self) -> Documents:
        """The documents that hold it or a part of it, and not only what may mean it."""
        return union((self.documents, *(form.loose for form in self.forms)))

    @cached_property
    def idf(self) -> float:
        """How much it says that a document meets this."""
        return self.scorer.idf(len(self.documents))

    @cached_property
    def weight_near(self) -> float:
        """How much it counts that another word stands close to this one."""
        return min(1.0, self.idf)

    def score(self, into: Into, *, only: Documents | None = None) -> None:
        """Add what this clause gives to the documents that meet it, or those of them in `only`."""
        if len(self.forms) == 1:
            self._score(self.forms[0], into, only)
            return
        best: Scores = {}
        for form in self.forms:
            own: defaultdict[int, float] = defaultdict(float)
            self._score(form, own, only)
            for number, score in own.items():
                if score > best.get(number, 0.0):
                    best[number] = score
        for number, score in best.items():
            into[number] += score

    def explain(self, number: int) -> tuple[float, str]:
        """Return what this clause gives to one document, and by which form, in words."""
        found: list[tuple[float, str]] = []
        for form in self.forms:
            own: defaultdict[int, float] = defaultdict(float)
            self._score(form, own, Documents.of((number,)))
            found.append((own[number], form.reason))
        return max(found, key=lambda pair: pair[0], default=(0.0, ""))

    def _score(self, form: Form, into: Into, only: Documents | None) -> None:
        if form.is_whole:
            only = form.documents if only is None else form.documents & only
        for name, term, weight in form.sources:
            self.scorer.add(into, name, self.scorer.terms.find(name, term), weight * self.times, only)
        if form.bonus:
            for number in form.documents if only is None else form.documents & only:
                into[number] += form.bonus


# Words side by side

Unit = tuple[tuple[str, ...], int]  # terms of which any will do, and their place behind the first unit's


def side_by_side(terms: Terms, name: str, units: Sequence[Unit]) -> Documents:
    """Return the documents in whose field `name` the units stand at their places."""
    live = intersection(holding(terms, name, alternatives) for alternatives, _ in units)
    if len(units) < 2 or not live:
        return live
    columns = [_column(terms, name, alternatives, live) for alternatives, _ in units]
    begin, *offsets = (offset for _, offset in units)
    steps = [offset - begin for offset in offsets]
    rows = zip(live, *columns, strict=True)
    return Documents.of([number for number, first, *others in rows if _meet(first, others, steps)])


def _column(
    terms: Terms, name: str, alternatives: Sequence[str], live: Documents
) -> Iterable[frozenset[int]]:
    """Return where any of the terms stands in each document of `live`."""
    if len(alternatives) == 1:
        return (places(value) for _, value in terms.find(name, alternatives[0]).values_within(live))
    # A unit of many terms (a prefix) is read once for all documents, not once a document.
    found: defaultdict[int, frozenset[int]] = defaultdict(frozenset)
    for term in alternatives:
        for number, value in terms.find(name, term).values_within(live):
            found[number] |= places(value)
    return [found[number] for number in live]


def _meet(first: frozenset[int], others: Sequence[frozenset[int]], steps: Sequence[int]) -> bool:
    """Tell whether some place in `first` has one in each of `others` so many steps behind it."""
    for at in first:
        for other, step in zip(others, steps, strict=True):
            if at + step not in other:
                break
        else:
            return True
    return False


def starts(terms: Terms, name: str, units: Sequence[Unit], number: int) -> set[int]:
    """Return the places in a document at which the units begin to stand side by side."""
    found: set[int] | None = None
    for alternatives, offset in units:
        own = {at - offset for term in alternatives for at in terms.find(name, term).positions(number)}
        found = own if found is None else found & own
        if not found:
            break
    return found or set()


def holding(terms: Terms, name: str, alternatives: Iterable[str]) -> Documents:
    """Return the documents that have any of the terms in a field."""
    found = [terms.documents(name, term) for term in alternatives]
    return union(found)
