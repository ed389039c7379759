"""The values of `id:`, `created:`, `updated:`, `has:` and `is:`."""

from __future__ import annotations

import re
from typing import Literal

from kbnotes.model import AnyOf, IdRange, Is, TimeRange, Trait
from kbnotes.query.dates import EXAMPLES, parse_when
from kbnotes.query.reading import Reading, quoted

# 18 digits: what fits into 64 bits.
_IDS = re.compile(r"(?P<first>[0-9]{1,18})?(?P<dots>\.\.)?(?P<last>(?<=\.)[0-9]{1,18})?")

_TRAITS: dict[str, dict[str, Trait]] = {
    "has": {"link": "link", "links": "link", "code": "code", "tag": "tag", "tags": "tag"},
    "is": {"untagged": "untagged", "broken": "broken", "tagged": "tag"},
}
_KNOWN = {"has": "link, code, tag", "is": "untagged, tagged, broken"}


def read_ids(value: str) -> IdRange | AnyOf | None:
    """Read `18`, `11..15`, `11..`, `..15`, or several with commas; None for anything else."""
    ranges = [found for each in value.split(",") if (found := _id_range(each))]
    if len(ranges) < value.count(",") + 1:
        return None
    return ranges[0] if len(ranges) == 1 else AnyOf(tuple(ranges))


def _id_range(text: str) -> IdRange | None:
    match = _IDS.fullmatch(text)
    if not match or not (match["first"] or match["last"]):
        return None
    first, last = (int(match[name]) if match[name] else None for name in ("first", "last"))
    if not match["dots"]:
        return IdRange(first, first)
    if first is not None and last is not None and first > last:
        return IdRange(last, first)
    return IdRange(first, last)


def read_time(name: Literal["created", "updated"], *, value: str, reading: Reading) -> TimeRange | None:
    """Read a date or a span; None, and a note, for what is none."""
    when = parse_when(value, now=reading.now)
    if when is None:
        reading.note(f"{quoted(f'{name}:{value}')} was read as text: say a date as {EXAMPLES}.")
        return None
    return TimeRange(name, *when)


def read_trait(name: Literal["has", "is"], *, value: str, reading: Reading) -> Is | None:
    """Read what an entry has or is; None, and a note, for what kb does not know."""
    trait = _TRAITS[name].get(value.lower())
    if trait is None:
        reading.note(
            f"{quoted(f'{name}:{value}')} was read as text: what may follow {name}: is {_KNOWN[name]}."
        )
        return None
    return Is(trait)
