"""What comes in from another program, and what goes out to one."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from kbnotes.model.entry import Entry
from kbnotes.record import record

Form = Literal["md", "numbered", "json", "jsonl", "csv", "html", "obsidian"]
RecordForm = Literal["json", "jsonl", "csv"]


@record
class Record:
    """An object of a JSON file or a row of a table: what it says of an entry, read but not completed."""

    line: int  # 1-based, where it begins
    body: str
    id: int | None = None
    title: str | None = None
    tags: tuple[str, ...] | None = None
    created: datetime | None = None  # aware, UTC, whole seconds; `updated` likewise
    updated: datetime | None = None
    left_out: tuple[str, ...] = ()  # keys that kb has no place for
    entry: Entry | None = None  # where it says all that an entry is: as kb exports one


@record
class BadRecord:
    """One that cannot be read."""

    line: int  # 1-based, where it begins
    reason: str  # what is wrong with it: "has no body"


@record
class Exported:
    """What an export wrote."""

    target: str  # absolute
    entries: int
    written: int  # files
    unchanged: int = 0  # files that were there already, byte for byte
    left: tuple[tuple[str, str], ...] = ()  # name and reason, for files that were not replaced
    stale: int = 0  # files of an earlier export that this one does not have
