"""The front matter of a Markdown file -> what an entry takes from it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from kbnotes.codec.reader import Value, read_map
from kbnotes.codec.tags import clean_tag
from kbnotes.errors import InputError
from kbnotes.record import record

_TAGS = ("tags", "tag", "keywords", "categories", "category")
_CREATED = ("created", "date", "created_at", "date created")
_UPDATED = ("updated", "modified", "updated_at", "lastmod", "date modified")
_ALIASES = ("aliases", "alias")
_NOTHING = ("~", "null")  # what templates write for a value that is still to come
_BLANKS = re.compile(r"\s+")
_DAY = re.compile(r"(\d{4})[/.](\d{1,2})[/.](\d{1,2})")
_ZONE = re.compile(r"\s+(?=[+-]\d\d:?\d\d$)|\s+(?=Z$)")


@record
class FrontMatter:
    """What front matter says that kb has a place for; all of it is kept in the source of the entry."""

    title: str = ""
    tags: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    created: datetime | None = None  # aware, UTC
    updated: datetime | None = None
    doubts: tuple[str, ...] = ()  # what could not be read of it


def read_front_matter(text: str) -> FrontMatter:
    """Return what `text`, `---` lines and all, says. Raises FormatError, naming the line, if it is not YAML.

    Keys count whatever their case. A time without a zone is taken as UTC, like those of entries.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n").rstrip("\n").split("\n")
    fields = read_map("\n".join(["", *lines[1:-1]]) + "\n", name="front matter")
    values = {key.strip().lower(): _said(field.value) for key, field in reversed(fields.items())}
    tags, doubts = _tags(word for key in _TAGS for word in _words(values.get(key, "")))
    times = []
    for keys in (_CREATED, _UPDATED):
        time, doubt = _time(values, keys)
        times.append(time)
        doubts += doubt
    title = values.get("title", "")
    return FrontMatter(
        title=_BLANKS.sub(" ", title).strip() if isinstance(title, str) else "",
        tags=tags,
        aliases=tuple(alias for key in _ALIASES for alias in _texts(values.get(key, ""))),
        created=times[0],
        updated=times[1],
        doubts=tuple(doubts),
    )


def tag_of(text: str) -> str:
    """Return `text` as a tag, or "" if it cannot be one."""
    try:
        return clean_tag(text)
    except InputError:
        return ""


def _said(value: Value) -> Value:
    """Return a value without what stands for nothing in it."""
    if isinstance(value, list):
        return [_said(item) for item in value]
    return "" if value in _NOTHING else value


def _tags(words: Iterable[str]) -> tuple[tuple[str, ...], list[str]]:
    tags: dict[str, None] = {}
    doubts = []
    for word in words:
        try:
            tags[clean_tag(word)] = None
        except InputError as error:
            doubts.append(error.message)
    return tuple(tags), doubts


def _texts(value: Value) -> Iterator[str]:
    """Yield the texts of a list, or of one line divided by commas."""
    if isinstance(value, str):
        yield from (part.strip() for part in value.split(",") if part.strip())
    elif isinstance(value, list):
        for item in value:
            if isinstance(item, str):
                if item.strip():
                    yield item.strip()
            else:
                yield from _texts(item)


def _words(value: Value) -> Iterator[str]:
    """Yield tags: the items of a list, or a line divided by commas or, without any, by blanks."""
    if isinstance(value, str) and "," not in value:
        yield from value.split()
    else:
        yield from _texts(value)


def _time(values: dict[str, Value], keys: tuple[str, ...]) -> tuple[datetime | None, list[str]]:
    for key in keys:
        value = values.get(key)
        if isinstance(value, str) and value.strip():
            time = _read_time(value.strip())
            return time, [] if time else [f"{key}: {value.strip()[:40]!r} is no time that kb can read"]
    return None, []


def _read_time(text: str) -> datetime | None:
    day = _DAY.match(text)
    if day:
        text = f"{day[1]}-{day[2]:0>2}-{day[3]:0>2}{text[day.end() :]}"
    try:
        time = datetime.fromisoformat(_ZONE.sub("", text))
        aware = time if time.tzinfo else time.replace(tzinfo=UTC)
        return aware.astimezone(UTC).replace(microsecond=0)
    except (ValueError, OverflowError):
        return None
