"""Leaves of a query -> clauses, by the vocabulary of one index: how words are joined, parted and varied."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from kbnotes.index.analysis import Word as Token
from kbnotes.index.analysis import words
from kbnotes.index.clause import Clause, Form, Scorer, Source, holding, side_by_side
from kbnotes.index.documents import NO_DOCUMENTS, Documents, intersection, union
from kbnotes.index.expand import long_forms, short_forms, spelled_otherwise
from kbnotes.index.initials import may_be_initials
from kbnotes.index.language import Language
from kbnotes.index.spelling import near_words, suggest
from kbnotes.index.thesaurus import other_names
from kbnotes.index.vocabulary import ANYWHERE, MAX_RUN, MAX_SPLIT, Vocabulary, plain, run_of
from kbnotes.model import Fuzzy, Leaf, Phrase, Prefix, Word
from kbnotes.record import replace

MAX_NEAR = 10  # spellings that `~word` stands for


class Instead(NamedTuple):
    """What stands for words of a query that are side by side."""

    name: str  # a word, or several
    weight: float
    start: int
    end: int
    is_guess: bool = False  # it may mean something else
    is_other_name: bool = False  # in the table; one word only as it is spelled
    is_hint: bool = False  # an everyday one, in any inflection


class Builder:
    """Builds clauses over one index."""

    def __init__(self, scorer: Scorer, language: Language) -> None:
        self.scorer = scorer
        self.terms = scorer.terms
        self.language = language
        self.vocabulary = Vocabulary(scorer.terms, language)
        self._built: dict[Leaf, Clause] = {}
        self._nearest: dict[str, str | None] = {}

    def clause(self, leaf: Leaf) -> Clause | None:
        """Return the clause of a leaf, or None where nothing in it can be asked for (`&`)."""
        tokens = run_of(leaf.text)
        if not tokens:
            return None
        if leaf not in self._built:
            self._built[leaf] = self._clause(leaf, tokens)
        return self._built[leaf]

    def _clause(self, leaf: Leaf, tokens: list[Token]) -> Clause:
        match leaf:
            case Prefix():
                return self._prefix(leaf.text, tokens)
            case Fuzzy():
                return self._fuzzy(leaf.text, tokens)
            case Word(exact=True) | Phrase(exact=True):
                return self._as_spelled(leaf.text, tokens)
            case Phrase():
                return self._run(leaf.text, tokens)
        if len(tokens) == 1:
            return self._word(leaf.text, tokens[0])
        return self._run(leaf.text, tokens)

    # One word

    def _word(self, label: str, token: Token) -> Clause:
        form = self._plain(label, token)
        forms = [form, *self._other_forms(label, token)]
        clause = Clause(label, forms, self.scorer, near=self.language.forms(token))
        clause.is_function = token.text in self.language.function_words and not token.signed
        clause.runs = [(self.language.stem(token.text),)]
        clause.runs += [tuple(map(self.language.stem, pair)) for pair in self.vocabulary.splits(token.text)]
        return clause

    def _plain(self, label: str, token: Token, *, weight: float = 1.0, reason: str = "") -> Form:
        """The word in any inflection; more where it is spelled as asked, and where it stands as code."""
        ranking = self.scorer.ranking
        stems = (token.signed,) if token.signed else self.language.forms(token)
        documents = union(holding(self.terms, name, stems) for name in ANYWHERE)
        # A small word in a title counts as much as any: titles are short.
        is_small = token.text in self.language.function_words
        title = ranking.title / max(ranking.function, 0.1) if is_small else ranking.title
        own = {"title": title, "labels": ranking.labels, "url": ranking.url}
        sources = [
            Source(name, stem, part * weight * self.scorer.idf(len(self.terms.documents(name, stem))))
            for name, part in own.items()
            for stem in stems
        ]
        weight *= self.scorer.idf(len(documents))
        sources += [Source("text", stem, weight) for stem in stems]
        sources.append(Source("exact", token.text, ranking.exact * weight))
        return Form(reason or f"“{label}”", tuple(sources), documents)

    def _other_forms(self, label: str, token: Token) -> list[Form]:
        ranking, word = self.scorer.ranking, token.text
        forms = []
        for pair in self.vocabulary.splits(word):
            forms.append(
                self._together(pair, reason=f"“{' '.join(pair)}” for “{label}”", weight=ranking.variant)
            )
        for other in spelled_otherwise(word, self.terms):
            forms.append(
                self._plain(other, plain(other), weight=ranking.variant, reason=f"“{other}” for “{label}”")
            )
        if may_be_initials(word) and self.terms.has("initials", word):
            documents = self.terms.documents("initials", word)
            weight = ranking.initials * self.scorer.idf(len(documents))
            source = Source("initials", word, weight)
            forms.append(Form(f"what “{label}” abbreviates", (source,), documents))
        for long in long_forms(word, self.terms):
            forms.append(
                self._together(
                    long.split(), reason=f"“{long}”, which the notes call “{label}”", weight=ranking.acronym
                )
            )
        return [form for form in forms if form.documents]

    def _together(self, forms: Sequence[str], *, reason: str, weight: float) -> Form:
        """Words side by side, in any inflection, as a form of a clause that is one word: they count as it."""
        tokens = [plain(form, at) for at, form in enumerate(forms)]
        each = [self.scorer.idf(len(self._holding(token))) for token in tokens]
        form = self._run_form(tokens, reason=reason, weight=weight * max(each) / sum(each))
        return replace(form, loose=NO_DOCUMENTS, is_whole=True, bonus=0.0)

    def _named(self, other: Instead, *, reason: str, weight: float) -> Form:
        """Words side by side, or one, in any inflection; one that might mean anything as it is spelled."""
        words, name, ranking = _words_of(other.name), other.name, self.scorer.ranking
        if len(words) > 1:
            return self._together(words, reason=reason, weight=weight)
        if not other.is_other_name:
            return self._plain(name, plain(name), weight=weight, reason=reason)
        # In few places, for there may be many names: an acronym is looked for in all of them.
        terms = (self.language.stem(name),) if other.is_hint else (name, f"{name}s")
        field = "text" if other.is_hint else "exact"
        documents = holding(self.terms, field, terms)
        part = weight * (1 + ranking.exact) * self.scorer.idf(len(documents))
        sources = [Source(field, term, part) for term in terms]
        if other.is_hint:
            titled = len(self.terms.documents("title", terms[0]))
            sources.append(Source("title", terms[0], weight * ranking.title * self.scorer.idf(titled)))
        return Form(reason, tuple(sources), documents)

    def _holding(self, token: Token) -> Documents:
        stems = self.language.forms(token)
        return union(holding(self.terms, name, stems) for name in ANYWHERE)

    def nearest(self, word: str) -> str | None:
        """Return the word of the vocabulary nearest to a folded one; see `suggest`."""
        if word not in self._nearest:
            self._nearest[word] = suggest(word, self.terms)
        return self._nearest[word]

    def misspelt(self, label: str, near: str) -> Clause:
        """Return the clause of a word that no entry holds, as the nearest one that some do."""
        clause = self._word(label, plain(near))
        clause.forms = [
            Form(
                f"“{near}” for “{label}”", _weaker(form.sources, self.scorer.ranking.spelling), form.documents
            )
            for form in clause.forms
        ]
        return clause

    def widen(self, leaves: Sequence[Word | Phrase], clauses: Sequence[Clause]) -> list[Clause]:
        """Return the clauses of words typed in this order, with what stands for several of them at once.

        That is two words as one (`kvcache`), an acronym (`KV` for "key value"), and what else it is called.
        """
        tokens = [(token, which) for which, leaf in enumerate(leaves) for token in run_of(leaf.text)]
        more: dict[int, list[Form]] = {}
        runs: dict[int, list[tuple[str, ...]]] = {}
        for other in self._otherwise([token for token, _ in tokens[:MAX_RUN]]):
            inside = {which for _, which in tokens[other.start : other.end]}
            if any(which in inside for _, which in (*tokens[: other.start], *tokens[other.end :])):
                continue  # a word that is one only in part
            typed = " ".join(clauses[which].label for which in sorted(inside))
            reason = f"“{other.name}” for “{typed}”"
            form = self._named(other, weight=other.weight / len(inside), reason=reason)
            for which in inside if form.documents else ():
                words = _words_of(other.name)
                form = replace(form, is_whole=len(words) > 1, is_guess=other.is_guess, is_hint=other.is_hint)
                more.setdefault(which, []).append(form)
                runs.setdefault(which, []).append(tuple(map(self.language.stem, words)))
        return [
            replace(clause, forms=[*clause.forms, *more[which]], runs=[*clause.runs, *runs[which]])
            if which in more
            else clause
            for which, clause in enumerate(clauses)
        ]

    def _otherwise(self, tokens: Sequence[Token]) -> Iterator[Instead]:
        ranking = self.scorer.ranking
        for start, (one, two) in enumerate(pairwise(tokens)):
            joined = one.text + two.text
            if len(joined) <= MAX_SPLIT and not joined.isdigit() and self.terms.has("exact", joined):
                yield Instead(joined, ranking.variant, start, start + 2)
        for short, is_told, start, end in short_forms(tokens, self.terms, self.language):
            weight = ranking.acronym * (1.0 if is_told else 0.5)
            yield Instead(short, weight, start, end, is_guess=not is_told)
        is_short = len(tokens) <= ranking.thesaurus_words  # a longer question says what it means by itself
        for name, start, end, is_hint in other_names(tokens, self.language) if is_short else ():
            yield Instead(
                name, ranking.thesaurus, start, end, is_guess=True, is_other_name=True, is_hint=is_hint
            )

    # Several words typed as one

    def _run(self, label: str, tokens: list[Token]) -> Clause:
        form = self._run_form(tokens, reason=f"“{label}”")
        forms = [form]
        joined = "".join(token.signed or token.text for token in tokens)
        if len(joined) <= MAX_SPLIT and self.terms.has("exact", joined):
            forms.append(self._plain(joined, plain(joined), reason=f"“{joined}” for “{label}”"))
        clause = Clause(label, forms, self.scorer)
        clause.runs = [
            tuple(self.language.stem(token.text) for token in tokens),
            (self.language.stem(joined),),
        ]
        return clause

    def _run_form(self, tokens: Sequence[Token], *, reason: str, weight: float = 1.0) -> Form:
        ranking = self.scorer.ranking
        units = self.vocabulary.units(tokens)
        documents = union(side_by_side(self.terms, name, units) for name in ANYWHERE)
        parts = [self._plain(token.text, token, weight=weight) for token in tokens if not token.is_cjk] + [
            self._pair(terms, weight=weight) for terms, _ in units if len(terms) == 1 and _is_pair(terms[0])
        ]
        # Half of `2.5` is another number, and a letter by itself is nothing.
        meant = [
            part for token, part in zip(tokens, parts, strict=False) if len(token.text) > 1 or token.is_cjk
        ]
        loose = NO_DOCUMENTS if tokens[0].text.isdigit() else union(part.documents for part in meant)
        sources: dict[tuple[str, str], float] = {}
        for part in parts:
            for source in part.sources:
                key = source.name, source.term
                sources[key] = max(sources.get(key, 0.0), source.weight)
        bonus = weight * ranking.adjacent * self.scorer.idf(len(documents)) if documents else 0.0
        made = [Source(name, term, own) for (name, term), own in sources.items()]
        return Form(reason, tuple(made), documents, loose, bonus)

    def _pair(self, terms: tuple[str, ...], *, weight: float) -> Form:
        documents = holding(self.terms, "text", terms)
        score = weight * self.scorer.idf(len(documents))
        own = {"text": 1.0, "title": self.scorer.ranking.title}
        return Form("", tuple(Source(name, terms[0], part * score) for name, part in own.items()), documents)

    # Beginnings, near spellings, exact spellings

    def _prefix(self, label: str, tokens: list[Token]) -> Clause:
        """The last word as a prefix; words before it (`co-emi*`) stand side by side with it."""
        *before, last = tokens
        expanded = self.vocabulary.prefixed(last.text)
        reason = f"words that begin with “{label}”"
        if before:
            stems = tuple(
                dict.fromkeys(form for word in expanded for form in self.language.forms(plain(word)))
            )
            units = [*self.vocabulary.units(before), (stems, last.pos - before[0].pos)]
            documents = union(side_by_side(self.terms, name, units) for name in ANYWHERE)
        else:
            documents = holding(self.terms, "exact", expanded)
        weight = self.scorer.idf(len(documents))
        sources = tuple(Source("exact", word, weight) for word in expanded)
        clause = Clause(label, [Form(reason, sources, documents)], self.scorer, prefixes=(last.text,))
        if before:
            clause.runs = [tuple(self.language.stem(token.text) for token in before)]
        return clause

    def _fuzzy(self, label: str, tokens: list[Token]) -> Clause:
        """The word, and those spelled nearly so."""
        clause = self.clause(Word(label)) or Clause(label, [], self.scorer)
        ranking, forms, runs = self.scorer.ranking, list(clause.forms), list(clause.runs)
        for near in near_words(tokens[0].text, self.terms)[:MAX_NEAR] if len(tokens) == 1 else ():
            reason = f"“{near}”, spelled nearly like “{label}”"
            forms.append(self._plain(near, plain(near), weight=ranking.spelling, reason=reason))
            runs.append((self.language.stem(near),))
        return Clause(label, forms, self.scorer, runs=runs)

    def _as_spelled(self, label: str, tokens: list[Token]) -> Clause:
        """Words only as they are spelled. Side by side they are looked for by their stems: see `Answerer`."""
        forms = [token.signed or token.text for token in tokens]
        documents = intersection(holding(self.terms, "exact", (form,)) for form in forms)
        if len(tokens) > 1:
            units = self.vocabulary.units(tokens)
            documents = documents & union(side_by_side(self.terms, name, units) for name in ANYWHERE)
        weight = self.scorer.idf(len(documents))
        sources = tuple(Source("exact", form, weight) for form in forms)
        spelled = frozenset(token.text for token in tokens)
        return Clause(
            label, [Form(f"“{label}” as it is spelled", sources, documents)], self.scorer, spelled=spelled
        )


def _words_of(name: str) -> list[str]:
    return [token.text for token in run_of(name)]


def _weaker(sources: Iterable[Source], part: float) -> tuple[Source, ...]:
    return tuple(source._replace(weight=source.weight * part) for source in sources)


def _is_pair(term: str) -> bool:
    return len(term) == 2 and not term.isascii() and all(token.is_cjk for token in words(term))
