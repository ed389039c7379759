"""JSON, lines of JSON and CSV -> records. What one record gets wrong is no reason to refuse the others."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator
from typing import Any

from kbnotes.codec.entry import time_in
from kbnotes.codec.exchange import tags_in
from kbnotes.codec.json_items import Item, json_items, json_lines
from kbnotes.codec.reader import MAX_EVENTS, MAX_SIZE
from kbnotes.errors import InputError
from kbnotes.model import BadRecord, Entry, Record, RecordForm, Source

MAX_ID = 999_999_999  # as the longest number of a list in Markdown: there is always a next one
MAX_TEXT = 100 * 1024 * 1024  # characters of one file; thirty times a base of 10,000 notes
MAX_BAD = 10_000  # records of one file: it is a file of something else

_ID = re.compile(r"[0-9]{1,9}")
_WHOLE = ("id", "title", "tags", "created", "updated", "body")
_TEXT = ("body", "text")
_KNOWN = frozenset((*_WHOLE, "text"))
_OWN = frozenset((*_WHOLE, "source", "extra"))


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_line(value: Any) -> bool:
    return type(value) is int and value >= 0


_NEEDED = frozenset(("file", "number", "first_line", "last_line", "digest"))
_KINDS: dict[str, Callable[[Any], bool]] = {
    **dict.fromkeys(("file", "digest", "newline", "lead", "tail", "extra"), _is_text),
    **dict.fromkeys(("first_line", "last_line"), _is_line),
    "number": lambda value: value is None or _is_line(value),
    "marker": lambda value: value is None or _is_text(value),
    "section": lambda value: isinstance(value, list) and all(map(_is_text, value)),
}


def read_records(text: str, *, form: RecordForm, name: str) -> Iterator[Record | BadRecord]:
    """Yield what `text`, the content of the file `name`, holds, in its order.

    Raises InputError for a file that is too large, that has very many bad records, or of which it cannot be
    told where they begin.
    """
    if len(text) > MAX_TEXT:
        raise InputError(f"{name} is larger than {MAX_TEXT // 1024 // 1024} MB.", hint="cut it into several")
    items = {"json": json_items, "jsonl": json_lines, "csv": _rows}[form]
    bad = 0
    for line, item in items(text, name):
        try:
            if isinstance(item, ValueError):
                raise item
            yield _record(line, item)
        except ValueError as error:
            bad += 1
            if bad > MAX_BAD:
                raise InputError(f"{name} has more than {MAX_BAD:,} records that cannot be read.") from None
            yield BadRecord(line=line, reason=str(error))


def _record(line: int, item: Any) -> Record:
    """Return an item as a record. Raises ValueError with what is wrong with it."""
    if not isinstance(item, dict):
        raise ValueError("is no object")
    if None in item:
        raise ValueError(f"has the key {item[None]!r:.40} twice")
    given = {key: value for key, value in item.items() if value is not None}
    body = next((given[key] for key in _TEXT if key in given), None)
    if not isinstance(body, str):
        raise ValueError("has no text in `body`")
    if len(body) > MAX_SIZE:  # an entry's file could not hold it, and reading it as Markdown takes a while
        raise ValueError(f"has a text of more than {MAX_SIZE // 1024 // 1024} MB")
    entry_id = _id(given.get("id"))
    title, tags = given.get("title"), _tags(given.get("tags"))
    if not isinstance(title, str | None):
        raise ValueError("has a title that is no text")
    is_whole = entry_id is not None and all(key in given for key in _WHOLE)
    unknown = set(given) - (_OWN if is_whole else _KNOWN)
    if "id" in given and entry_id is None:
        unknown.add("id")
    found = Record(
        line=line,
        body=body,
        id=entry_id,
        title=title,
        tags=tags,
        created=_time(given, "created"),
        updated=_time(given, "updated"),
        left_out=tuple(sorted(unknown)),
        entry=_entry(given, entry_id, tags) if is_whole else None,
    )
    if not found.entry and not body.strip():
        raise ValueError("has no text in `body`")
    return found


def _id(value: Any) -> int | None:
    """Return an id of kb's; None for what is none, as a word by which another program knows the record."""
    if isinstance(value, str) and _ID.fullmatch(value):
        return int(value)
    is_number = isinstance(value, int) and not isinstance(value, bool)
    return value if is_number and 0 <= value <= MAX_ID else None


def _tags(value: Any) -> tuple[str, ...] | None:
    if value is None:
        return None
    if isinstance(value, str):
        return tags_in(value)
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise ValueError("has tags that are no list of words")
    if len(value) > MAX_EVENTS:  # as an entry's file
        raise ValueError(f"has more than {MAX_EVENTS:,} tags")
    return tuple(value)


def _time(given: dict[str, Any], key: str) -> Any:
    if key not in given:
        return None
    try:
        return time_in(given[key])
    except (TypeError, ValueError, OverflowError):
        raise ValueError(f"has no time in `{key}`, such as 2026-11-23T18:00:00Z") from None


def _entry(given: dict[str, Any], entry_id: int | None, tags: tuple[str, ...] | None) -> Entry:
    extra, source = given.get("extra", ""), given.get("source")
    if not isinstance(extra, str):
        raise ValueError("has an `extra` that is no text")
    return Entry(
        id=entry_id or 0,
        title=given["title"],
        tags=tags or (),
        created=_time(given, "created"),
        updated=_time(given, "updated"),
        body=given["body"],
        source=None if source is None else _source(source),
        extra=extra,
    )


def _source(value: Any) -> Source:
    """Return a source as kb exports one; what an older kb did not know of it is as if it were not there."""
    if not isinstance(value, dict) or not _NEEDED <= value.keys() <= _KINDS.keys():
        raise ValueError("has a source that is none of kb's")
    wrong = [key for key, each in value.items() if not _KINDS[key](each)]
    if wrong:
        raise ValueError(f"has a source whose `{wrong[0]}` is of the wrong kind")
    return Source(**{**value, "section": tuple(value.get("section", ()))})


def _rows(text: str, name: str) -> Iterator[Item]:
    """Yield the rows as objects by the names in the first; an empty cell is none, but of kb's own rows."""
    limit = csv.field_size_limit(MAX_SIZE)
    try:
        first = text.partition("\n")[0]
        marks = {mark: first.count(mark) for mark in ",;\t"}
        rows = csv.reader(
            io.StringIO(text, newline=""), delimiter=max(marks, key=marks.__getitem__), strict=True
        )
        header = [cell.strip().lower() for cell in next(rows, [])]
        if not {*_TEXT} & {*header} or len({*header}) < len(header):
            raise InputError(
                f"The first line of {name} does not name the columns, one of them `body`, each once.",
                hint="kb exports: " + ",".join(_WHOLE),
            )
        line = rows.line_num + 1
        for cells in rows:
            if cells:
                yield line, _cells(header, cells)
            line = rows.line_num + 1
    except csv.Error as error:
        raise InputError(f"{name}, line {rows.line_num}: not CSV ({error}).") from None
    finally:
        csv.field_size_limit(limit)


def _cells(header: list[str], cells: list[str]) -> dict[str, str] | ValueError:
    if len(cells) > len(header):
        return ValueError(f"has {len(cells)} cells below {len(header)} columns")
    found = dict(zip(header, cells, strict=False))
    if all(found.get(key) for key in ("id", "created", "updated")) and {*_WHOLE} <= {*found}:
        return found
    return {key: cell for key, cell in found.items() if cell}
