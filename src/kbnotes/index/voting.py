"""Tags for an entry, by the votes of the tagged entries that are most like it.

The nearest neighbours, weighted by their likeness, as in Y. Yang, "Expert network: effective and efficient
learning from human decisions in text categorization" (1994). Where the values come from: docs/decisions/0015.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence, Set
from functools import cached_property

from kbnotes.index.analysis import words
from kbnotes.index.clause import Scorer
from kbnotes.index.documents import Documents
from kbnotes.index.feedback import KeyTerms
from kbnotes.index.language import Language
from kbnotes.index.shelf import Shelf
from kbnotes.model import Vote
from kbnotes.record import record


@record
class Voting:
    """How votes are counted."""

    terms: int = 50  # of an entry that are asked for
    voters: int = 50  # entries most like it
    power: float = 2.0  # of a voter's score: the likest say most
    common: float = 0.2  # power of a tag's share of all entries by which its votes are divided
    title: float = 0.0  # times the weight that a word of the entry's own title has on top
    labels: float = 2.0  # times the weight that a word has among another's tags, headings and terms
    in_title: float = 0.3  # for a tag whose words are all in the entry's title
    in_text: float = 0.1  # for one whose words are in its text
    least: float = 0.08  # of the score that the entry has with itself: less like it has no vote


VOTING = Voting()


class Voters:
    """The tagged entries of an index, to be asked about others."""

    def __init__(
        self, scorer: Scorer, key_terms: KeyTerms, shelf: Shelf, language: Language, voting: Voting = VOTING
    ) -> None:
        self._scorer = scorer
        self._key_terms = key_terms
        self._shelf = shelf
        self._language = language
        self._voting = voting

    def votes(self, number: int) -> tuple[Vote, ...]:
        """Return the tags of the entries like `number`, and those that it names; the best first."""
        likest = self._likest(number)
        total = sum(weight for _, weight in likest)
        having: defaultdict[str, list[tuple[int, float]]] = defaultdict(list)
        for other, weight in likest:
            for tag in self._tags[other]:
                having[tag].append((other, weight / total))
        named = self._named(number)
        votes = [self._vote(tag, having.get(tag, ()), named.get(tag, "")) for tag in {*having, *named}]
        return tuple(sorted(votes, key=lambda vote: (-vote.score, vote.tag)))

    def _vote(self, tag: str, having: Sequence[tuple[int, float]], named: str) -> Vote:
        voting = self._voting
        part = self._counts[tag] / len(self._tags)
        score = sum(weight for _, weight in having) / part**voting.common
        score += {"title": voting.in_title, "text": voting.in_text}.get(named, 0.0)
        like = tuple(self._shelf.card(other).id for other, _ in having)
        return Vote(tag=tag, score=score, like=like, named=named)

    def _likest(self, number: int) -> list[tuple[int, float]]:
        """Return the voters with their weights, the likest first."""
        voting, terms, scorer = self._voting, self._scorer.terms, self._scorer
        title = self._stems(self._shelf.card(number).title)
        itself = Documents.of((number,))
        scores: defaultdict[int, float] = defaultdict(float)
        for stem, weight in self._key_terms.weights(number, most=voting.terms):
            own = weight * (1 + voting.title * (stem in title))
            scorer.add(scores, "text", terms.find("text", stem), own, self._tagged | itself)
            scorer.add(scores, "labels", terms.find("labels", stem), own * voting.labels, self._tagged)
        least = voting.least * scores.pop(number, 0.0)
        found = ((other, score) for other, score in scores.items() if score >= least)
        best = sorted(found, key=lambda pair: (-pair[1], pair[0]))[: voting.voters]
        return [(other, (score / best[0][1]) ** voting.power) for other, score in best]

    def _named(self, number: int) -> dict[str, str]:
        """Return where the tags stand whose words are all in a document: "title" or "text"."""
        title = self._stems(self._shelf.card(number).title)
        every = title | self._key_terms.counts(number).keys()
        return {
            tag: "title" if stems <= title else "text"
            for tag, stems in self._names.items()
            if stems and stems <= every
        }

    def _stems(self, text: str) -> Set[str]:
        return {self._language.stem(word.text) for word in words(text)}

    @cached_property
    def _tags(self) -> Mapping[int, Sequence[str]]:
        """The tags of each document that has any."""
        terms = self._scorer.terms
        found: defaultdict[int, list[str]] = defaultdict(list)
        for tag in terms.beginning("tag", ""):
            for number in terms.documents("tag", tag):
                found[number].append(tag)
        return found

    @cached_property
    def _tagged(self) -> Documents:
        return Documents.of(self._tags)

    @cached_property
    def _counts(self) -> Mapping[str, int]:
        used = {tag for tags in self._tags.values() for tag in tags}
        return {tag: len(self._scorer.terms.documents("tag", tag)) for tag in used}

    @cached_property
    def _names(self) -> Mapping[str, Set[str]]:
        return {tag: self._stems(tag.replace("-", " ")) for tag in self._counts}
