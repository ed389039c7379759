"""Query -> Whoosh's query objects. What the user typed never reaches Whoosh's own parser."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice, pairwise
from typing import Any

from whoosh import query as wq

from kbnotes.index.analysis import Word as Token
from kbnotes.index.analysis import stem, words
from kbnotes.index.combine import AnyOne, Without
from kbnotes.index.initials import may_be_initials
from kbnotes.index.schema import EXACT_WEIGHT, INITIALS_WEIGHT, WEIGHTS
from kbnotes.model import AllOf, AnyOf, InTitle, Node, Not, Phrase, Prefix, Tagged, Word
from kbnotes.text import fold, tag_key

MAX_EXPANSION = 200  # words that a prefix may stand for
MAX_RUN = 48  # words of a phrase or an address that count
MAX_SPLIT = 32  # characters of a word that is tried as two
CLOSE = 4  # words apart that still count as near each other
CLOSE_WEIGHT = 1.5
MAX_CLOSE = 8  # words looked at for that

SPLIT_IN = ("title", "tags", "body", "urls")  # where a word typed as one may stand as two
TITLE_ONLY = {"title": WEIGHTS["title"]}


class Builder:
    """Builds Whoosh queries over one reader, whose vocabulary decides how words are joined and parted."""

    def __init__(self, reader: Any, implied: Mapping[str, frozenset[str]]) -> None:
        self._reader = reader
        self._implied = implied

    def build(self, node: Node) -> Any | None:
        """Return the Whoosh query for `node`, or None where nothing in it can be asked for (`&`)."""
        match node:
            case Word(text):
                return self._word(run_of(text), WEIGHTS)
            case Phrase(text):
                return self._word(run_of(text), WEIGHTS)
            case Prefix(text):
                return self._prefix(text)
            case Tagged(tag):
                return self._tagged(tag)
            case InTitle(what):
                return self._in_title(what)
            case Not(what):
                inner = self.build(what)
                return inner and Without(wq.Every(), inner)
            case AnyOf(parts):
                return _any([built for part in _once(parts) if (built := self.build(part)) is not None])
            case AllOf(parts):
                return self._all(_once(parts))

    def knows(self, word: str) -> bool:
        """Tell whether any entry holds this folded word, one of the same stem, or what it abbreviates."""
        stemmed = [(name, stem(word)) for name in WEIGHTS]
        return any(term in self._reader for term in [("exact", word), ("initials", word), *stemmed])

    def spells(self, flag: str) -> bool:
        """Tell whether any entry holds `-O3` with its dash."""
        first = next(words(flag), None)
        return first is not None and ("exact", first.dashed) in self._reader

    def _word(self, tokens: list[Token], weights: Mapping[str, float]) -> Any | None:
        """One word, or several that were typed as one and so are asked for side by side."""
        if not tokens:
            return None
        forms = [token.signed or token.text for token in tokens]
        if len(tokens) == 1:
            return self._single(forms[0], weights)
        stems = [stem(token.text) for token in tokens]
        alternatives = [
            wq.Phrase(name, stems, boost=weight)
            for name, weight in weights.items()
            if all((name, each) in self._reader for each in stems)
        ]
        if weights is WEIGHTS:
            if any(token.signed for token in tokens):
                return wq.Phrase("exact", forms)
            alternatives.append(wq.Phrase("exact", forms, boost=EXACT_WEIGHT))
            alternatives += self._joined(forms)
        return _any(alternatives) or wq.NullQuery

    def _single(self, word: str, weights: Mapping[str, float]) -> Any:
        if word[-1] in "+#":
            return wq.Term("exact", word)
        alternatives = [wq.Term(name, stem(word), boost=weight) for name, weight in weights.items()]
        if weights is WEIGHTS:
            alternatives.append(wq.Term("exact", word, boost=EXACT_WEIGHT))
            if may_be_initials(word):
                alternatives.append(wq.Term("initials", word, boost=INITIALS_WEIGHT))
            stems = [[stem(first), stem(second)] for first, second in self.splits(word)]
            alternatives += [wq.Phrase(name, pair) for name in SPLIT_IN for pair in stems]
        return _any(alternatives)

    def splits(self, word: str) -> list[tuple[str, str]]:
        """Return the ways to read `word` as two words of the vocabulary: `kvcache` as `kv cache`.

        The second may be inflected (`multicore`, multi-cores); the first is as it is.
        """
        if len(word) > MAX_SPLIT:
            return []
        pairs = ((word[:at], word[at:]) for at in range(1, len(word)))
        return [(a, b) for a, b in pairs if ("exact", a) in self._reader and self.knows(b)]

    def _joined(self, forms: list[str]) -> list[Any]:
        """`KV-cache` as `kvcache`, where the vocabulary has that."""
        word = "".join(forms)
        return [wq.Term("exact", word)] if ("exact", word) in self._reader else []

    def prefixed(self, text: str) -> list[str]:
        """Return the words of the vocabulary that begin with `text`, at most MAX_EXPANSION."""
        found = self._reader.expand_prefix("exact", fold(text))
        return [term.decode("utf-8") for term in islice(found, MAX_EXPANSION)]

    def _prefix(self, text: str) -> Any | None:
        """The last word of `text` as a prefix; words before it (`co-emi*`) stand side by side with it."""
        tokens = run_of(text)
        if not tokens:
            return None
        *before, last = tokens
        expanded = self.prefixed(last.text)
        if not before:
            return _any([wq.Term("exact", word) for word in expanded]) or wq.NullQuery
        head = [token.text for token in before]
        ending = _any([wq.Term("exact", word) for word in expanded])
        return wq.Sequence([*(wq.Term("exact", word) for word in head), ending]) if ending else wq.NullQuery

    def _tagged(self, tag: str) -> Any:
        """The tag or any that implies it, in any case, with spaces for hyphens."""
        name = tag_key(tag)
        names = {name, *self._implied.get(name, ())}
        # A filter, not a matter of degree: it moves no hit.
        return wq.ConstantScoreQuery(_any([wq.Term("tag", each) for each in sorted(names)]), score=0.01)

    def _in_title(self, what: Word | Phrase | Prefix) -> Any | None:
        if isinstance(what, Prefix):
            tokens = run_of(what.text)
            stems = {stem(word) for word in self.prefixed(tokens[-1].text)} if tokens else set()
            return _any([wq.Term("title", each) for each in sorted(stems)]) or wq.NullQuery
        return self._word(run_of(what.text), TITLE_ONLY)

    def _all(self, parts: tuple[Node, ...]) -> Any | None:
        wanted = self._wanted([part for part in parts if not isinstance(part, Not)])
        unwanted = [
            built for part in parts if isinstance(part, Not) and (built := self.build(part.what)) is not None
        ]
        if not wanted and not unwanted:
            return None
        required = wq.And(wanted) if len(wanted) > 1 else wanted[0] if wanted else wq.Every()
        if near := self._near(parts):
            required = wq.AndMaybe(required, near)
        return Without(required, _any(unwanted)) if unwanted else required

    def _wanted(self, parts: list[Node]) -> list[Any]:
        """Build the parts; two plain words that the vocabulary also has as one may be that one."""
        wanted: list[Any] = []
        at = 0
        while at < len(parts):
            built = self.build(parts[at])
            pair = parts[at : at + 2]
            joined = self._joined(_forms(pair)) if len(pair) == 2 and _are_plain(pair) else []
            if joined:
                both = [one for part in pair if (one := self.build(part)) is not None]
                wanted.append(_any([wq.And(both), *joined]))
                at += 1
            elif built is not None:
                wanted.append(built)
            at += 1
        return wanted

    def _near(self, parts: tuple[Node, ...]) -> Any | None:
        """A bonus for the query's words close together and in order."""
        plain = [part for part in parts if isinstance(part, Word) and len(list(words(part.text))) == 1]
        if len(plain) < 2:
            return None
        stems = [stem(form) for form in _forms(plain[:MAX_CLOSE])]
        pairs = [wq.Phrase("body", [a, b], slop=CLOSE) for a, b in pairwise(stems)]
        titles = [wq.Phrase("title", [a, b], slop=CLOSE) for a, b in pairwise(stems)]
        return AnyOne(pairs + titles, boost=CLOSE_WEIGHT)


def run_of(text: str) -> list[Token]:
    """Return the words of what was typed as one, as far as they are looked at: the first MAX_RUN."""
    return list(islice(words(text), MAX_RUN))


def _once(parts: tuple[Node, ...]) -> tuple[Node, ...]:
    """A word asked for twice is one word: 48 times the same took 5.6 s at 2,000 entries."""
    return tuple(dict.fromkeys(parts))


def _forms(parts: list[Any]) -> list[str]:
    return [token.text for part in parts for token in words(part.text)]


def _are_plain(parts: list[Node]) -> bool:
    return all(isinstance(part, Word) and len(list(words(part.text))) == 1 for part in parts)


def _any(alternatives: list[Any]) -> Any | None:
    if len(alternatives) < 2:
        return alternatives[0] if alternatives else None
    return AnyOne(alternatives)
