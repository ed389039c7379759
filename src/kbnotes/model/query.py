"""What was asked, read: a tree of the forms below."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from kbnotes.record import record

FieldName = Literal["title", "body", "url"]
TimeName = Literal["created", "updated"]
Trait = Literal["link", "code", "tag", "untagged", "broken"]


@record
class Word:
    """Text to find in any inflection, or with `exact` only as spelled; may be several tokens (`KV-cache`)."""

    text: str
    exact: bool = False


@record
class Phrase:
    """Words to find side by side, in this order; with `exact` only as they are spelled."""

    text: str
    exact: bool = False


@record
class Prefix:
    """The beginning of a word."""

    text: str


@record
class Fuzzy:
    """A word to find in any spelling near to it."""

    text: str


Leaf = Word | Phrase | Prefix | Fuzzy


@record
class InField:
    """A leaf to find in one part of the entries only."""

    field: FieldName
    what: Leaf


@record
class Tagged:
    """A tag, or anything that implies it."""

    tag: str


@record
class IdRange:
    """Ids from `first` to `last`, both inclusive; None is no bound."""

    first: int | None
    last: int | None


@record
class TimeRange:
    """Entries created or updated in [since, until), aware and UTC; None is no bound."""

    name: TimeName
    since: datetime | None
    until: datetime | None


@record
class Is:
    """What holds of an entry as a whole: it has a link, code or a tag, is untagged, or cannot be read."""

    trait: Trait


@record
class Not:
    """Leave out what `what` finds."""

    what: Node
    literal: str = ""  # `-word` as typed, which may have meant the text itself; "" for NOT


@record
class AllOf:
    """Every part must be found.

    Of the root's parts, plain words may be let go where nothing holds them all; those of a group, which
    `a AND b` is, may not.
    """

    parts: tuple[Node, ...]


@record
class AnyOf:
    """One part must be found."""

    parts: tuple[Node, ...]


Filter = Tagged | IdRange | TimeRange | Is
Node = Leaf | InField | Filter | Not | AllOf | AnyOf


@record
class Query:
    """What was asked: the text as typed and how it was read. An empty `AllOf` asks for nothing."""

    text: str
    root: AllOf
    notes: tuple[str, ...] = ()  # what was cut or read differently, in sentences
