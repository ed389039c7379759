"""Which documents a query finds, by sets: exact for any nesting of AND, OR and NOT."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from functools import cached_property

from kbnotes.index.build import Builder
from kbnotes.index.clause import Clause, Unit, holding, starts
from kbnotes.index.documents import Documents, intersection, union
from kbnotes.index.stored import BROKEN, CODE, EVERY, LINK, TAG, Facts
from kbnotes.index.vocabulary import plain, run_of
from kbnotes.model import (
    AllOf,
    AnyOf,
    Fuzzy,
    IdRange,
    InField,
    Is,
    Node,
    Not,
    Phrase,
    Prefix,
    Tagged,
    TimeRange,
    Word,
)
from kbnotes.text import tag_key

_TRAITS = {"link": LINK, "code": CODE, "tag": TAG, "broken": BROKEN}


class Matcher:
    """Finds the documents of queries in one index."""

    def __init__(self, builder: Builder, implied: Mapping[str, frozenset[str]]) -> None:
        self.builder = builder
        self.terms = builder.terms
        self._implied = implied
        self._fields: dict[InField, Documents] = {}

    def documents(self, node: Node) -> Documents | None:
        """Return the documents that `node` finds, or None where nothing in it can be asked for (`&`)."""
        match node:
            case Word() | Phrase() | Prefix() | Fuzzy():
                clause = self.builder.clause(node)
                return clause.documents if clause else None
            case Tagged(tag):
                return self.tagged(tag)
            case IdRange() | TimeRange() | Is():
                holds = _test_of(node)
                return Documents.of(number for number, facts in self.facts.items() if holds(facts))
            case InField():
                return self._in_field(node)
            case Not(what):
                inner = self.documents(what)
                return None if inner is None else self.terms.every() - inner
            case AnyOf(parts):
                some = [found for part in parts if (found := self.documents(part)) is not None]
                return union(some) if some else None
            case AllOf(parts):
                return self.all_of(parts)

    def all_of(self, parts: tuple[Node, ...]) -> Documents | None:
        """Return the documents that all parts find; None where no part can be asked for."""
        every = [found for part in parts if (found := self.documents(part)) is not None]
        return intersection(every) if every else None

    def clauses(self, node: Node) -> Iterator[Clause]:
        """Yield the clauses of the leaves that `node` wants, which score; not those that it leaves out."""
        match node:
            case Word() | Phrase() | Prefix() | Fuzzy():
                if clause := self.builder.clause(node):
                    yield clause
            case InField(what=what):
                if clause := self.builder.clause(what):
                    yield clause
            case AnyOf(parts) | AllOf(parts):
                for part in parts:
                    yield from self.clauses(part)

    def tagged(self, tag: str) -> Documents:
        """Return the documents with a tag, or one that implies it."""
        wanted = {tag_key(tag), *self._implied.get(tag_key(tag), ())}
        return holding(self.terms, "tag", wanted)

    @cached_property
    def facts(self) -> dict[int, Facts]:
        """What filters and orders ask of each document."""
        found = self.terms.find("facts", EVERY)
        return dict(zip(found.numbers, Facts.all_of(found.values.whole), strict=True))

    def facts_of(self, numbers: Documents) -> dict[int, Facts]:
        """Return the same of some documents."""
        found = self.terms.find("facts", EVERY)
        if len(numbers) == len(found.numbers):
            return self.facts
        places: Iterable[int] = numbers
        if len(found.numbers) < self.terms.size:  # some were removed
            places = (bisect_left(found.numbers, number) for number in numbers)
        whole = found.values.whole
        return {number: Facts.at(whole, place) for number, place in zip(numbers, places, strict=True)}

    # A part of the entries only

    def _in_field(self, node: InField) -> Documents | None:
        if node not in self._fields:
            tokens = run_of(node.what.text)
            if not tokens:
                return None
            self._fields[node] = self._stands(node, self._units(node.what))
        return self._fields[node]

    def _units(self, what: Word | Phrase | Prefix | Fuzzy) -> list[Unit]:
        builder = self.builder
        tokens = run_of(what.text)
        units = builder.vocabulary.units(tokens)
        if isinstance(what, Prefix):
            words = builder.vocabulary.prefixed(tokens[-1].text)
            stems = dict.fromkeys(form for word in words for form in builder.language.forms(plain(word)))
            units[-1] = (tuple(stems), units[-1][1])
        if isinstance(what, Fuzzy) and (clause := builder.clause(what)):
            units = [(tuple(run[0] for run in clause.runs if len(run) == 1), 0)]
        return units

    def _stands(self, node: InField, units: list[Unit]) -> Documents:
        name = "text" if node.field == "body" else node.field
        together = intersection(holding(self.terms, name, unit) for unit, _ in units)
        if (
            isinstance(node.what, Word | Phrase)
            and node.what.exact
            and (clause := self.builder.clause(node.what))
        ):
            together = together & clause.documents
        if node.field != "body":
            return Documents.of(n for n in together if len(units) < 2 or starts(self.terms, name, units, n))
        facts = self.facts
        return Documents.of(
            n for n in together if any(at < facts[n].body_words for at in starts(self.terms, name, units, n))
        )


def _test_of(node: IdRange | TimeRange | Is) -> Callable[[Facts], bool]:
    match node:
        case IdRange(first, last):
            low, high = first or 0, 2**63 - 1 if last is None else last
            return lambda facts: low <= facts.id <= high and not facts.traits & BROKEN
        case TimeRange(name, since, until):
            begin, end = _seconds(since, -(2**62)), _seconds(until, 2**62)
            if name == "created":
                return lambda facts: begin <= facts.created < end
            return lambda facts: begin <= facts.updated < end
        case Is("untagged"):
            return lambda facts: not facts.traits & (TAG | BROKEN)
        case Is(trait):
            wanted = _TRAITS[trait]
            return lambda facts: bool(facts.traits & wanted)


def _seconds(time: datetime | None, default: int) -> int:
    return default if time is None else int(time.timestamp())
