"""What to try when no entry holds all that was asked for: other spellings, halves, then fewer words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kbnotes.index.build import Builder
from kbnotes.index.clause import Clause
from kbnotes.index.documents import Documents
from kbnotes.index.vocabulary import run_of
from kbnotes.model import AllOf, AnyOf, Node, Phrase, Query, Word

SENTENCE = 4  # words that make one


def correct(query: Query, builder: Builder) -> Query | None:
    """Return `query` with each unknown word replaced by its nearest spelling, or None if nothing changes."""
    text = query.text
    parts: list[Node] = []
    for part in query.root.parts:
        mended = _mend(part, builder)
        for before, after in zip(_leaves(part), _leaves(mended), strict=True):
            text = text.replace(before, after, 1)
        parts.append(mended)
    if tuple(parts) == query.root.parts:
        return None
    return Query(text=text, root=AllOf(tuple(parts)), notes=query.notes)


def _mend(node: Node, builder: Builder) -> Node:
    match node:
        case Word(text, exact=False):
            return Word(_mended(text, builder))
        case Phrase(text, exact=False):
            return Phrase(_mended(text, builder))
        case AnyOf(parts):
            return AnyOf(tuple(_mend(part, builder) for part in parts))
        case AllOf(parts):
            return AllOf(tuple(_mend(part, builder) for part in parts))
    return node


def _leaves(node: Node) -> Iterator[str]:
    if isinstance(node, Word | Phrase):
        yield node.text
    elif isinstance(node, AllOf | AnyOf):
        for part in node.parts:
            yield from _leaves(part)


def _mended(text: str, builder: Builder) -> str:
    for token in reversed(run_of(text)):
        known = builder.vocabulary.knows(token.text) or builder.vocabulary.splits(token.text)
        is_function = token.text in builder.language.function_words
        if not known and not is_function and (better := builder.nearest(token.text)):
            text = text[: token.start] + better + text[token.end :]
    return text


def may_let_go(root: AllOf) -> tuple[Word | Phrase, ...]:
    """Return the parts that may be let go where no entry holds them all.

    Words; in a sentence also its phrases, for people put quotes around a term. Who asks for a phrase, or adds
    a word or two to one, means it.
    """
    words = [part for part in root.parts if isinstance(part, Word) and not part.exact]
    phrases = [part for part in root.parts if isinstance(part, Phrase) and not part.exact]
    if len(words) >= SENTENCE and len(words) + len(phrases) == len(root.parts):
        return tuple(part for part in root.parts if isinstance(part, Word | Phrase))
    return tuple(words)


def halved(leaf: Word | Phrase) -> list[Word]:
    """Return a word that is several (`GPT-5`) as these; of a script without blanks, pairs of characters."""
    tokens = run_of(leaf.text)
    is_number = bool(tokens) and tokens[0].text.isdigit()  # half of `2.5` is another number
    if len(tokens) < 2 or is_number or all(len(token.text) < 2 and not token.is_cjk for token in tokens):
        return [Word(leaf.text)]
    pieces: list[Word] = []
    for place, token in enumerate(tokens):
        follows = tokens[place + 1] if place + 1 < len(tokens) else None
        if token.is_cjk and follows and follows.is_cjk and follows.start == token.end:
            pieces.append(Word(leaf.text[token.start : follows.end]))
        elif not (
            token.is_cjk and place and tokens[place - 1].is_cjk and tokens[place - 1].end == token.start
        ):
            pieces.append(Word(leaf.text[token.start : token.end]))
    return pieces if len(pieces) > 1 else [Word(leaf.text)]


def sentence(wanted: Sequence[Clause], some: Documents) -> str:
    """Return what to say where no entry holds all of `wanted`, and these hold some."""
    if not any(clause.spoken & some for clause in wanted):
        lacking = "all of that" if any(clause.spoken for clause in wanted) else "these words"
        return f"No entry holds {lacking}; found was {', '.join(_instead(wanted, some))}."
    absent = [clause.label for clause in wanted if not clause.loose & some]
    if absent:
        missing = ", ".join(f"“{label}”" for label in absent)
        return f"No entry holds all of that; searched without {missing}."
    return f"No entry holds all {len(wanted)} words; these hold some of them, the nearest first."


def _instead(wanted: Sequence[Clause], some: Documents) -> dict[str, None]:
    """Return, for each of the words, what most of the entries found hold for it."""
    guesses = ([(len(form.documents & some), form.reason) for form in each.guesses] for each in wanted)
    best = (max(found, key=lambda pair: pair[0], default=(0, "")) for found in guesses)
    return dict.fromkeys(reason for count, reason in best if count)
