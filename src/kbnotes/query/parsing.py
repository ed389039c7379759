"""The room's front: a text, and the filters that hold beside it, as one Query."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Literal

from kbnotes.errors import UsageError
from kbnotes.model import AllOf, Not, Query, Tagged, TimeRange, Word
from kbnotes.query.dates import parse_point
from kbnotes.query.reader import read
from kbnotes.query.reading import Reading

_NONE: Mapping[str, str] = MappingProxyType({})


def parse(
    text: str,
    *,
    now: datetime,
    tags: tuple[str, ...] = (),
    saved: Mapping[str, str] = _NONE,
    since: str = "",
    until: str = "",
) -> Query:
    """Return `text` as a Query; whatever `text` and `saved` are, it can be read.

    `now` is aware, in the person's zone; `saved` are texts by name. `tags`, `since` and `until` are filters
    that hold whatever the text says. Raises UsageError if `since` or `until` is no date: see `time_filter`.
    """
    limits = {"since": since, "until": until}
    times = [time_filter(name, limits[name], now=now) for name in ("since", "until") if limits[name]]
    reading = Reading(now=now, saved={name.casefold(): each for name, each in saved.items()})
    parts = read(reading.cut(text), reading=reading)
    if all(isinstance(part, Not) and part.literal for part in parts):
        parts = [Word(part.literal) for part in parts if isinstance(part, Not)]
    tagged = [Tagged(clean) for tag in tags if (clean := tag.strip())]
    return Query(text=text, root=AllOf((*parts, *tagged, *times)), notes=tuple(reading.notes))


def literal(query: Query) -> Query | None:
    """Return `query` with every `-word` read as text, or None where it has none.

    `build -O3` may mean a compiler's flag; asked when the first reading finds nothing.
    """
    parts = tuple(Word(p.literal) if isinstance(p, Not) and p.literal else p for p in query.root.parts)
    if parts == query.root.parts:
        return None
    return Query(text=query.text, root=AllOf(parts), notes=query.notes)


def time_filter(name: Literal["since", "until"], text: str, *, now: datetime) -> TimeRange:
    """Return what `--since text` or `--until text` lets through: from its first day on, or to its last.

    Raises UsageError if `text` is no date.
    """
    when = parse_point(text, now=now)
    if when is None:
        raise UsageError(
            f"--{name} {text}: that is no date kb can read.",
            hint="Say it as 2026, 2026-10, 2026-10-05, yesterday, last week or 7d.",
        )
    since, until = when
    return TimeRange("updated", since, None) if name == "since" else TimeRange("updated", None, until)
