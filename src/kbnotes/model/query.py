"""What was asked, read: a tree of the forms below."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Word:
    """Text to find in any spelling and inflection. May hold several tokens, as `KV-cache` does."""

    text: str


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words to find side by side, in this order."""

    text: str


@dataclass(frozen=True, slots=True)
class Prefix:
    """The beginning of a word."""

    text: str


@dataclass(frozen=True, slots=True)
class Tagged:
    """A tag, or anything that implies it."""

    tag: str


@dataclass(frozen=True, slots=True)
class InTitle:
    """A word, phrase or prefix to find in the title only."""

    what: Word | Phrase | Prefix


@dataclass(frozen=True, slots=True)
class Not:
    """Leave out what `what` finds."""

    what: Node
    literal: str = ""  # `-word` as typed, which may have meant the text itself; "" for NOT


@dataclass(frozen=True, slots=True)
class AllOf:
    """Every part must be found."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """One part must be found."""

    parts: tuple[Node, ...]


Node = Word | Phrase | Prefix | Tagged | InTitle | Not | AllOf | AnyOf


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What was asked: the text as typed and how it was read. An empty `AllOf` asks for nothing."""

    text: str
    root: AllOf
    notes: tuple[str, ...] = ()  # what was cut or read differently, in sentences
