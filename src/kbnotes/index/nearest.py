"""What comes nearest to a query that found nothing: a spelling, tags, titles."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice

from kbnotes.index.analysis import words
from kbnotes.index.documents import Documents
from kbnotes.index.postings import Terms
from kbnotes.model import AllOf, AnyOf, InField, Node, Not, Tagged

ENOUGH = 3  # tags and titles that are named
MAX_LOOKED_AT = 5_000  # words of the vocabulary compared with one of the query
ALIKE = 0.5  # of the pairs of letters two words need to share


def words_of(node: Node) -> Iterator[str]:
    """Yield the folded words that a query looks for, and those of its tags."""
    match node:
        case AllOf(parts) | AnyOf(parts):
            for part in parts:
                yield from words_of(part)
        case InField(what=what):
            yield from words_of(what)
        case Tagged(tag):
            yield from (word.text for word in words(tag))
        case Not():
            return
        case _ if text := getattr(node, "text", ""):
            yield from (word.text for word in words(text))


def nearest_tags(asked: list[str], tags: Iterable[str]) -> list[str]:
    """Return those of `tags` that are most like the words asked for, the likest first."""
    return _likest(asked, tags)


def nearest_titles(terms: Terms, asked: list[str], every: Documents) -> list[int]:
    """Return the documents whose titles are most like the words asked for, the likest first."""
    score: Counter[int] = Counter()
    for word in asked:
        alike = _likest([word], islice(terms.beginning("title", word[:1]), MAX_LOOKED_AT))
        for place, stem in enumerate(alike):
            for number in terms.documents("title", stem) & every:
                score[number] += 1 + ENOUGH - place
    ordered = sorted(score.items(), key=lambda pair: (-pair[1], pair[0]))
    return [number for number, _ in ordered[:ENOUGH]]


def _likest(asked: list[str], candidates: Iterable[str]) -> list[str]:
    pairs = [pairs_of(word) for word in asked]
    scored = [(max((_alike(own, pairs_of(each)) for own in pairs), default=0.0), each) for each in candidates]
    best = sorted((pair for pair in scored if pair[0] >= ALIKE), key=lambda pair: (-pair[0], pair[1]))
    return [each for _, each in best[:ENOUGH]]


def pairs_of(word: str) -> frozenset[str]:
    """Return the pairs of letters side by side in a word, its borders included."""
    whole = f"^{word}$"
    return frozenset(whole[at : at + 2] for at in range(len(whole) - 1))


def _alike(one: frozenset[str], other: frozenset[str]) -> float:
    """Return the Dice coefficient of two sets of pairs: 0 for nothing in common, 1 for equal."""
    return 2 * len(one & other) / (len(one) + len(other))
