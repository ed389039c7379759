"""A Query in plain words, as `--explain` says it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo

from kbnotes.model import (
    AllOf,
    AnyOf,
    Fuzzy,
    IdRange,
    InField,
    Is,
    Leaf,
    Node,
    Not,
    Phrase,
    Prefix,
    Query,
    Tagged,
    TimeRange,
    Word,
)

_PLACES = {"title": "in the title", "body": "in the text", "url": "in a link"}
_TRAITS = {
    "link": "has a link",
    "code": "has code",
    "tag": "has a tag",
    "untagged": "has no tag",
    "broken": "is a file that cannot be read as an entry",
}


def describe(query: Query, *, zone: tzinfo = UTC) -> tuple[str, ...]:
    """Return how the query was read, a line a part; the days of a time filter are those of `zone`."""
    lines: dict[str, None] = {}  # in order, each once
    words = [part.text for part in query.root.parts if isinstance(part, Word) and not part.exact]
    all_words = f"{'every word' if len(words) > 1 else 'the word'}: {', '.join(words)}"
    for part in query.root.parts:
        is_plain = isinstance(part, Word) and not part.exact
        lines[all_words if is_plain else _line(part, zone=zone)] = None
    return tuple(lines)


def _line(part: Node, *, zone: tzinfo) -> str:
    """Say one part of the root."""
    match part:
        case Tagged():
            return f"tagged {part.tag}, or with a tag that implies it"
        case InField():
            return f"{_PLACES[part.field]}: {_leaf(part.what)}"
        case Not():
            return f"without: {_within(part.what, zone=zone)}"
        case AnyOf():
            return f"either: {_list(part, zone=zone)}"
        case AllOf():
            return f"{'all of' if len(part.parts) > 1 else 'in any case'}: {_list(part, zone=zone)}"
        case Word() | Phrase() | Prefix() | Fuzzy():
            return _leaf_line(part)
        case _:
            return _within(part, zone=zone)


def _leaf_line(leaf: Leaf) -> str:
    match leaf:
        case Word():
            return f"only as spelled: {leaf.text}"
        case Phrase():
            return f"side by side{', only as spelled' if leaf.exact else ''}: “{leaf.text}”"
        case Prefix():
            return f"begins with: {leaf.text}"
        case _:
            return f"spelled nearly: {leaf.text}"


def _within(node: Node, *, zone: tzinfo) -> str:
    """Say a node in the midst of a sentence."""
    match node:
        case Not():
            return f"not {_within(node.what, zone=zone)}"
        case AllOf() | AnyOf():
            return f"({_list(node, zone=zone)})"
        case InField():
            return f"{_leaf(node.what)} {_PLACES[node.field]}"
        case Tagged():
            return f"what is tagged {node.tag}"
        case IdRange():
            return _ids(node)
        case TimeRange():
            return _times(node, zone=zone)
        case Is():
            return _TRAITS[node.trait]
        case _:
            return _leaf(node)


def _list(group: AllOf | AnyOf, *, zone: tzinfo) -> str:
    joint = " and " if isinstance(group, AllOf) else " or "
    return joint.join(_within(part, zone=zone) for part in group.parts)


def _leaf(leaf: Leaf) -> str:
    match leaf:
        case Word():
            return f"{leaf.text}{' as spelled' if leaf.exact else ''}"
        case Phrase():
            return f"“{leaf.text}”{' as spelled' if leaf.exact else ''}"
        case Prefix():
            return f"what begins with {leaf.text}"
        case _:
            return f"what is spelled nearly {leaf.text}"


def _ids(ids: IdRange) -> str:
    if ids.last is None:
        return f"id {ids.first} or higher"
    if ids.first is None:
        return f"id {ids.last} or lower"
    return f"id {ids.first}" if ids.first == ids.last else f"id {ids.first} to {ids.last}"


def _times(times: TimeRange, *, zone: tzinfo) -> str:
    since = _day(times.since, zone=zone) if times.since else ""
    until = _day(times.until, zone=zone, ends=True) if times.until else ""
    if since and until:
        return f"{times.name} {f'on {since}' if since == until else f'from {since} to {until}'}"
    if since:
        return f"{times.name} from {since} on"
    return f"{times.name} {f'up to {until}' if until else 'at any time'}"


def _day(instant: datetime, *, zone: tzinfo, ends: bool = False) -> str:
    """Return the day that begins at `instant`, or ends there; with the hour if it is no midnight."""
    try:
        local = instant.astimezone(zone)
    except OverflowError:  # a zone's own midnight on the first or last day of the calendar
        local = instant
    if local.hour or local.minute or local.second:
        return local.replace(tzinfo=None).isoformat(sep=" ", timespec="minutes")
    return (local - timedelta(days=1 if ends else 0)).date().isoformat()
