"""An entry file: our schema on top of the strict reader and the readable writer."""

from __future__ import annotations

import hashlib
import re
from datetime import UTC, datetime
from typing import NoReturn

from kbnotes.codec.emit import block, quoted, scalar
from kbnotes.codec.reader import Field, Value, read_map
from kbnotes.errors import FormatError
from kbnotes.model import Entry, Source

_KNOWN = ("id", "title", "tags", "created", "updated", "source", "body")
_NEWLINES = {"crlf": "\r\n", "cr": "\r"}
_NUMBER = re.compile(r"[0-9]{1,18}")
_LINES = re.compile(r"([0-9]{1,18})(?:-([0-9]{1,18}))?")


def digest(content: str | bytes) -> str:
    """Return a name for content that no two contents share: SHA-256, hex, of the UTF-8 bytes."""
    raw = content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content
    return hashlib.sha256(raw).hexdigest()


def encode_entry(entry: Entry) -> str:
    """Return `entry` as the text of its YAML file. Keys in a fixed order, the body last.

    Raises FormatError where the text would not read back as the very same entry.
    """
    lines = [f"id: {entry.id}", f"title: {scalar(entry.title)}"]
    lines += _list("tags", entry.tags, indent="")
    lines += [f"created: {_when(entry.created)}", f"updated: {_when(entry.updated)}"]
    lines += _source_lines(entry.source) if entry.source else []
    head = "\n".join(lines) + "\n"
    text = head + entry.extra + f"body: {block(entry.body) or quoted(entry.body) + chr(10)}"
    if decode_entry(text, name="the new version") != entry:
        raise FormatError(f"Entry {entry.id} would not read back as it was written, so it was not written.")
    return text


def decode_entry(text: str, *, name: str) -> Entry:
    """Return the entry that `text`, the content of the file `name`, holds.

    Raises FormatError naming the file and the line. A missing title, tag list or time is forgiven; a missing
    id or body is not.
    """
    fields = read_map(text, name=name)
    reader = _Fields(fields, name)
    created = reader.when("created", datetime(1970, 1, 1, tzinfo=UTC))
    return Entry(
        id=reader.number("id"),
        title=reader.text("title", ""),
        tags=reader.texts("tags"),
        created=created,
        updated=reader.when("updated", created),
        body=reader.text("body"),
        source=reader.source(),
        extra=_extra(text, fields),
    )


def _extra(text: str, fields: dict[str, Field]) -> str:
    """Return the YAML source of the unknown fields, each with its line end."""
    chunks = (text[f.start : f.end].rstrip() for key, f in fields.items() if key not in _KNOWN)
    return "".join(f"{chunk}\n" for chunk in chunks)


def _when(time: datetime) -> str:
    return time.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _list(key: str, items: tuple[str, ...], *, indent: str) -> list[str]:
    if not items:
        return [f"{indent}{key}: []"]
    return [f"{indent}{key}:"] + [f"{indent}  - {scalar(item)}" for item in items]


def _source_lines(source: Source) -> list[str]:
    lines = ["source:", f"  file: {scalar(source.file)}"]
    if source.number is not None:
        lines.append(f"  number: {source.number}")
    lines += [f"  lines: {source.first_line}-{source.last_line}", f"  digest: {source.digest}"]
    if source.marker:
        lines.append(f"  marker: {quoted(source.marker)}")
    if source.section:
        lines += _list("section", source.section, indent="  ")
    lines += [f"  newline: {word}" for word, end in _NEWLINES.items() if end == source.newline]
    return lines


class _Fields:
    """Typed reading of the fields, with errors that name the file and the line."""

    def __init__(self, fields: dict[str, Field], name: str) -> None:
        self._fields = fields
        self._name = name

    def text(self, key: str, default: str | None = None) -> str:
        value = self._value(key, default)
        return value if isinstance(value, str) else self._fail(key, "must be text")

    def number(self, key: str) -> int:
        text = self.text(key)
        return int(text) if _NUMBER.fullmatch(text) else self._fail(key, "must be a whole number")

    def texts(self, key: str) -> tuple[str, ...]:
        value = self._value(key, "")
        items = [value] if isinstance(value, str) and value else value or []
        if not isinstance(items, list) or not all(isinstance(item, str) for item in items):
            self._fail(key, "must be a list of words")
        return tuple(dict.fromkeys(item for item in items if isinstance(item, str)))

    def when(self, key: str, default: datetime) -> datetime:
        text = self.text(key, "")
        if not text:
            return default
        try:
            time = datetime.fromisoformat(text)
            aware = time if time.tzinfo else time.replace(tzinfo=UTC)
            return aware.astimezone(UTC).replace(microsecond=0)
        except (ValueError, OverflowError):
            return self._fail(key, "must be a time such as 2026-11-23T18:00:00Z")

    def source(self) -> Source | None:
        value = self._value("source", "")
        if not value:
            return None
        if not isinstance(value, dict):
            return self._fail("source", "must hold file, number, lines and digest")
        number, lines = value.get("number", ""), _LINES.fullmatch(str(value.get("lines", "")))
        section = value.get("section", [])
        if not isinstance(number, str) or (number and not _NUMBER.fullmatch(number)) or not lines:
            return self._fail("source", "needs `lines: 83-84` and a whole `number`")
        if not isinstance(section, list):
            return self._fail("source", "has a `section` that is no list")
        return Source(
            file=_text_of(value, "file"),
            number=int(number) if number else None,
            first_line=int(lines[1]),
            last_line=int(lines[2] or lines[1]),
            digest=_text_of(value, "digest"),
            marker=_text_of(value, "marker"),
            section=tuple(item for item in section if isinstance(item, str)),
            newline=_NEWLINES.get(_text_of(value, "newline"), "\n"),
        )

    def _value(self, key: str, default: str | None) -> Value:
        found = self._fields.get(key)
        if found:
            return found.value
        if default is None:
            raise FormatError(f"{self._name}: the key {key!r} is missing.")
        return default

    def _fail(self, key: str, said: str) -> NoReturn:
        line = self._fields[key].line
        raise FormatError(f"{self._name}, line {line}: {key!r} {said}.")


def _text_of(pairs: dict[str, Value], key: str) -> str:
    value = pairs.get(key, "")
    return value if isinstance(value, str) else ""
