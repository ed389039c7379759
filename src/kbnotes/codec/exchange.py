"""Entries -> JSON and CSV. `records` reads both again."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator
from typing import Any

from kbnotes.codec.entry import when
from kbnotes.model import Entry, Source

FORMAT = "kb"
VERSION = 1
COLUMNS = ("id", "title", "tags", "created", "updated", "body")


def json_document(entries: Iterable[Entry]) -> Iterator[str]:
    """Yield one JSON document, an entry a line."""
    yield f'{{"format": "{FORMAT}", "version": {VERSION}, "entries": ['
    between = "\n"
    for entry in entries:
        yield between + _object(entry)
        between = ",\n"
    yield "\n]}\n"


def json_lines(entries: Iterable[Entry]) -> Iterator[str]:
    """Yield a JSON object an entry, each on a line of its own."""
    for entry in entries:
        yield _object(entry) + "\n"


def csv_table(entries: Iterable[Entry]) -> Iterator[str]:
    """Yield a table as RFC 4180 has it, a row an entry below the names of the columns. No cell is altered."""
    yield _row(COLUMNS)
    for entry in entries:
        times = (when(entry.created), when(entry.updated))
        yield _row((str(entry.id), entry.title, tags_as_text(entry.tags), *times, entry.body))


def tags_as_text(tags: tuple[str, ...]) -> str:
    """Return tags divided by commas; as a JSON list where one of them could not be told from several."""
    text = ", ".join(tags)
    return text if tags_in(text) == tags else json.dumps(tags, ensure_ascii=False)


def tags_in(text: str) -> tuple[str, ...]:
    """Return the tags of a text of any of both kinds."""
    if text.startswith("["):
        try:
            found = json.loads(text)
        except (ValueError, RecursionError):
            found = None
        if isinstance(found, list) and all(isinstance(each, str) for each in found):
            return tuple(found)
    return tuple(tag for each in text.split(",") if (tag := each.strip()))


def _object(entry: Entry) -> str:
    found: dict[str, Any] = {
        "id": entry.id,
        "title": entry.title,
        "tags": list(entry.tags),
        "created": when(entry.created),
        "updated": when(entry.updated),
        "source": entry.source and _source(entry.source),
        "extra": entry.extra,
        "body": entry.body,
    }
    return json.dumps(found, ensure_ascii=False)


def _source(source: Source) -> dict[str, Any]:
    return {
        "file": source.file,
        "number": source.number,
        "first_line": source.first_line,
        "last_line": source.last_line,
        "digest": source.digest,
        "marker": source.marker,
        "section": list(source.section),
        "newline": source.newline,
        "lead": source.lead,
        "tail": source.tail,
        "extra": source.extra,
    }


def _row(cells: Iterable[str]) -> str:
    row = io.StringIO(newline="")
    csv.writer(row).writerow(cells)  # its own dialect: commas, quotes doubled, CRLF
    return row.getvalue()
