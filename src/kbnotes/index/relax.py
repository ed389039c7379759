"""What to try when no entry holds all that was asked for: other spellings, then fewer words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from kbnotes.index.analysis import Word as Token
from kbnotes.index.build import Builder, run_of
from kbnotes.index.spelling import suggest
from kbnotes.model import AllOf, AnyOf, Node, Phrase, Query, Word
from kbnotes.text import FUNCTION_WORDS


def correct(query: Query, reader: Any, builder: Builder) -> Query | None:
    """Return `query` with each unknown word replaced by its nearest spelling, or None if nothing changes."""
    text = query.text
    parts: list[Node] = []
    for part in query.root.parts:
        mended = _mend(part, reader, builder)
        for before, after in zip(_leaves(part), _leaves(mended), strict=True):
            text = text.replace(before, after, 1)
        parts.append(mended)
    if tuple(parts) == query.root.parts:
        return None
    return Query(text=text, root=AllOf(tuple(parts)), notes=query.notes)


def _mend(node: Node, reader: Any, builder: Builder) -> Node:
    match node:
        case Word(text):
            return Word(_mended(text, reader, builder))
        case Phrase(text):
            return Phrase(_mended(text, reader, builder))
        case AnyOf(parts):
            return AnyOf(tuple(_mend(part, reader, builder) for part in parts))
        case AllOf(parts):
            return AllOf(tuple(_mend(part, reader, builder) for part in parts))
    return node


def _leaves(node: Node) -> Iterator[str]:
    if isinstance(node, Word | Phrase):
        yield node.text
    elif isinstance(node, AllOf | AnyOf):
        for part in node.parts:
            yield from _leaves(part)


def _mended(text: str, reader: Any, builder: Builder) -> str:
    for token in reversed(run_of(text)):
        known = builder.knows(token.text) or builder.splits(token.text)
        if not known and token.text not in FUNCTION_WORDS and (better := suggest(token.text, reader)):
            text = text[: token.start] + better + text[token.end :]
    return text


@dataclass(frozen=True, slots=True, kw_only=True)
class Relaxed:
    """A query with words let go, the documents that keep the most of them, and a sentence about it."""

    root: AllOf
    documents: frozenset[int]
    sentence: str


def fewer_words(query: Query, documents: Callable[[Node], set[int]]) -> Relaxed | None:
    """Return the query for as many of the plain words as any entry holds, or None if none holds one.

    Function words do not count, and everything else in the query still has to hold.
    """
    plain, rest = _plain_words(query.root)
    wanted = [word for word in plain if _means_something(word)]
    if not wanted or len(plain) + len(rest) < 2:
        return None
    firm = documents(AllOf(tuple(rest))) if rest else None
    holding = {word: documents(word) for word in wanted}
    counts = Counter(
        number for found in holding.values() for number in found if firm is None or number in firm
    )
    if not counts:
        return None
    most = max(counts.values())
    kept = frozenset(number for number, count in counts.items() if count == most)
    return Relaxed(
        root=AllOf((*rest, AnyOf(tuple(plain)))),
        documents=kept,
        sentence=_sentence(holding, kept, most),
    )


def _plain_words(root: AllOf) -> tuple[list[Word], list[Node]]:
    """Part the words that may be let go from everything else; `GPT-5` may be let go by halves."""
    plain: list[Word] = []
    rest: list[Node] = []
    for part in root.parts:
        if not isinstance(part, Word):
            rest.append(part)
            continue
        tokens = run_of(part.text)
        plain += [part] if len(tokens) < 2 else [Word(part.text[token.start : token.end]) for token in tokens]
    return list(dict.fromkeys(plain)), rest


def _means_something(word: Word) -> bool:
    tokens: list[Token] = run_of(word.text)
    return any(len(token.text) > 1 and token.text not in FUNCTION_WORDS for token in tokens)


def _sentence(holding: dict[Word, set[int]], kept: frozenset[int], most: int) -> str:
    absent = [word.text for word, found in holding.items() if not found & kept]
    everywhere = [word.text for word, found in holding.items() if kept <= found]
    if len(absent) + len(everywhere) == len(holding):
        missing = ", ".join(f"“{word}”" for word in absent)
        return (
            f"No entry holds all of that; searched without {missing}."
            if missing
            else "Searched for fewer words."
        )
    return f"No entry holds all {len(holding)} words; these hold {most} of them."
