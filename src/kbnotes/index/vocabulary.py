"""What the words of one index are: which it knows, which stand side by side, and what words typed become."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

from kbnotes.index.analysis import Word as Token
from kbnotes.index.analysis import pairs, words
from kbnotes.index.clause import Unit, side_by_side
from kbnotes.index.language import Language
from kbnotes.index.postings import Terms
from kbnotes.text import fold

MAX_EXPANSION = 200  # words that a prefix may stand for
MAX_RUN = 48  # words of a phrase or an address that count
MAX_SPLIT = 32  # characters of a word that is tried as two
ANYWHERE = ("text", "url")


class Vocabulary:
    """The words of one index."""

    def __init__(self, terms: Terms, language: Language) -> None:
        self.terms = terms
        self.language = language
        self._splits: dict[str, list[tuple[str, str]]] = {}

    def knows(self, word: str) -> bool:
        """Tell whether any entry holds this folded word, one of the same stem, or what it abbreviates."""
        stem = self.language.stem(word)
        terms = [("exact", word), ("initials", word), *((name, stem) for name in ANYWHERE)]
        return any(self.terms.has(*term) for term in terms)

    def spells(self, flag: str) -> bool:
        """Tell whether any entry holds `-O3` with its dash."""
        first = next(words(flag), None)
        return first is not None and self.terms.has("exact", first.dashed)

    def splits(self, word: str) -> list[tuple[str, str]]:
        """Return the ways to read `word` as two words of the vocabulary: `kvcache` as `kv cache`.

        The second may be inflected (`multicore`, multi-cores); the first is as it is. Parts of one letter and
        function words would make two words of anything.
        """
        if word not in self._splits:
            self._splits[word] = self._parted(word)
        return self._splits[word]

    def _parted(self, word: str) -> list[tuple[str, str]]:
        if len(word) > MAX_SPLIT or word.isdigit():
            return []
        parted = ((word[:at], word[at:]) for at in range(1, len(word)))
        return [
            (a, b)
            for a, b in parted
            if (min(len(a), len(b)) > 1 or a[-1].isdigit() != b[0].isdigit())
            and not {a, b} & self.language.function_words
            and self.terms.has("exact", a)
            and self.knows(b)
            and self.stand_together((a, b))
        ]

    def stand_together(self, pair: Sequence[str]) -> bool:
        """Tell whether any entry has two words side by side: most vocabularies have parts of any typo."""
        units = self.units([plain(form, at) for at, form in enumerate(pair)])
        return any(side_by_side(self.terms, name, units) for name in ANYWHERE)

    def prefixed(self, text: str) -> list[str]:
        """Return the words of the vocabulary that begin with `text`, at most MAX_EXPANSION."""
        return list(islice(self.terms.beginning("exact", fold(text)), MAX_EXPANSION))

    def units(self, tokens: Sequence[Token]) -> list[Unit]:
        """Return what has to stand side by side: words, and pairs of characters that stand for words."""
        if not tokens:
            return []
        first = tokens[0].pos
        paired = {at: pair for pair, at in pairs(tokens)}
        units: list[Unit] = []
        for place, token in enumerate(tokens):
            if token.pos in paired:
                units.append(((paired[token.pos],), token.pos - first))
            elif not (token.is_cjk and place and tokens[place - 1].pos in paired):
                forms = (token.signed,) if token.signed else self.language.forms(token)
                units.append((forms, token.pos - first))
        return units


def run_of(text: str) -> list[Token]:
    """Return the words of what was typed as one, as far as they are looked at: the first MAX_RUN."""
    return list(islice(words(text), MAX_RUN))


def plain(word: str, pos: int = 0) -> Token:
    """Return a folded word as a token by itself."""
    return Token(word.rstrip("+#") or word, 0, len(word), pos, signed=word if word[-1:] in "+#" else "")
