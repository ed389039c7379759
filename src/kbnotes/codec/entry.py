"""An entry file: our schema on top of the strict reader and the readable writer."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import NoReturn

from kbnotes.codec.emit import block, quoted, scalar
from kbnotes.codec.reader import Field, Value, read_map
from kbnotes.errors import FormatError, InputError
from kbnotes.model import Entry, Source
from kbnotes.sha256 import hexdigest

_KNOWN = ("id", "title", "tags", "created", "updated", "source", "body")
_SOURCE = ("file", "number", "lines", "digest", "marker", "section", "newline", "lead", "tail")
_TAIL = "\n"  # one blank line behind a note, which is not written down
_NEWLINES = {"crlf": "\r\n", "cr": "\r"}
_NUMBER = re.compile(r"[0-9]{1,18}")
_HEX = re.compile(r"[0-9a-f]+")
_HALF = re.compile("[\ud800-\udfff]")  # what Python makes of a byte that is not UTF-8
_LINES = re.compile(r"([0-9]{1,18})(?:-([0-9]{1,18}))?")

# A `|` block that was cut off is still YAML. So a file that begins as kb writes it must end so, too: with the
# end of the document, which nothing in a block can be taken for. A file made by hand needs neither.
HEAD = "--- # kb\n"
END = "...\n"


def digest(content: str | bytes) -> str:
    """Return a name for content that no two contents share: SHA-256, hex, of the UTF-8 bytes."""
    raw = content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content
    return hexdigest(raw)


def encode_entry(entry: Entry) -> str:
    """Return `entry` as the text of its YAML file: HEAD, keys in a fixed order with the body last, END.

    Raises InputError for bytes that were no text, FormatError where the file would not read back as the very
    same entry.
    """
    _check_text(entry)
    fields = "\n".join(field_lines(entry)) + "\n"
    extra = (entry.source.extra if entry.source else "") + entry.extra
    text = HEAD + fields + extra + f"body: {block(entry.body) or quoted(entry.body) + chr(10)}" + END
    if decode_entry(text, name="the new version") != entry:
        raise FormatError(f"Entry {entry.id} would not read back as it was written, so it was not written.")
    return text


def field_lines(entry: Entry) -> list[str]:
    """Return the lines of all that kb knows of an entry, but its body."""
    lines = [f"id: {entry.id}", f"title: {scalar(entry.title)}"]
    lines += list_lines("tags", entry.tags, indent="")
    lines += [f"created: {when(entry.created)}", f"updated: {when(entry.updated)}"]
    return lines + (_source_lines(entry.source) if entry.source else [])


def decode_entry(text: str, *, name: str) -> Entry:
    """Return the entry that `text`, the content of the file `name`, holds.

    Raises FormatError naming the file and the line. A missing title, tag list or time is forgiven; a missing
    id or body is not, nor is the end of a file that kb began.
    """
    fields = read_map(text, name=name)
    if is_cut_off(text):
        raise FormatError(f"{name} ends too early: its last line, `...`, is missing.")
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
        extra="".join(field.source for key, field in fields.items() if key not in _KNOWN),
    )


def is_cut_off(text: str) -> bool:
    """Tell whether a file that begins as kb writes it does not end so."""
    first, _, rest = text.removeprefix("\ufeff").partition("\n")
    return first.rstrip() == HEAD.rstrip() and rest.rstrip().rpartition("\n")[2] != END.rstrip()


def _check_text(entry: Entry) -> None:
    source = entry.source
    texts = {"title": entry.title, "body": entry.body, "list of tags": "".join(entry.tags)}
    if source:
        texts["source"] = "".join(
            (source.file, source.list_marker, source.digest, source.lead, source.tail, *source.section)
        )
    for what, text in texts.items():
        if _HALF.search(text):
            raise InputError(f"The {what} holds bytes that are not UTF-8, so it was not written.")


def when(time: datetime) -> str:
    """Return a time as kb writes it."""
    return time.astimezone(UTC).isoformat().replace("+00:00", "Z")


def time_in(text: str) -> datetime:
    """Return the time that a text says, in UTC and whole seconds. Raises ValueError or OverflowError."""
    time = datetime.fromisoformat(text)
    aware = time if time.tzinfo else time.replace(tzinfo=UTC)
    return aware.astimezone(UTC).replace(microsecond=0)


def list_lines(key: str, items: tuple[str, ...], *, indent: str) -> list[str]:
    """Return the lines of a list of words."""
    if not items:
        return [f"{indent}{key}: []"]
    return [f"{indent}{key}:"] + [f"{indent}  - {scalar(item)}" for item in items]


def _source_lines(source: Source) -> list[str]:
    lines = ["source:", f"  file: {scalar(source.file)}"]
    if source.number is not None:
        lines.append(f"  number: {source.number}")
    digest_ = source.digest if _HEX.fullmatch(source.digest) else scalar(source.digest)
    lines += [f"  lines: {source.first_line}-{source.last_line}", f"  digest: {digest_}"]
    if source.marker is not None:
        lines.append(f"  marker: {quoted(source.marker)}")
    if source.section:
        lines += list_lines("section", source.section, indent="  ")
    lines += [f"  newline: {word}" for word, end in _NEWLINES.items() if end == source.newline]
    if source.lead:
        lines.append(f"  lead: {quoted(source.lead)}")
    if source.tail != _TAIL:
        lines.append(f"  tail: {quoted(source.tail)}")
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
        items = (
            [word.strip() for word in value.split(",") if word.strip()] if isinstance(value, str) else value
        )
        if not isinstance(items, list) or not all(isinstance(item, str) for item in items):
            self._fail(key, "must be a list of words")
        return tuple(dict.fromkeys(item for item in items if isinstance(item, str)))

    def when(self, key: str, default: datetime) -> datetime:
        text = self.text(key, "")
        if not text:
            return default
        try:
            return time_in(text)
        except (ValueError, OverflowError):
            return self._fail(key, "must be a time such as 2026-11-23T18:00:00Z")

    def source(self) -> Source | None:
        value = self._value("source", "")
        if not value:
            return None
        if not isinstance(value, dict):
            return self._fail("source", "must hold file, number, lines and digest")
        unknown = [key for key in value if key not in _SOURCE]
        parts = self._fields["source"].parts
        if any(key not in parts for key in unknown):
            self._fail("source", f"holds {unknown[0][:40]!r} on a line that is not indented by two spaces")
        known = {key: each for key, each in value.items() if key in _SOURCE}
        section = known.pop("section", "") or []
        words = {key: each for key, each in known.items() if isinstance(each, str)}
        number, lines = words.get("number", ""), _LINES.fullmatch(words.get("lines", ""))
        newline = words.get("newline", "")
        if not lines or (number and not _NUMBER.fullmatch(number)):
            return self._fail("source", "needs `lines: 83-84` and a whole `number`")
        if words.keys() != known.keys() or (newline and newline not in _NEWLINES):
            return self._fail("source", "holds a value of the wrong kind")
        if not isinstance(section, list) or not all(isinstance(item, str) for item in section):
            return self._fail("source", "has a `section` that is no list of words")
        return Source(
            file=words.get("file", ""),
            number=int(number) if number else None,
            first_line=int(lines[1]),
            last_line=int(lines[2] or lines[1]),
            digest=words.get("digest", ""),
            marker=words.get("marker"),
            section=tuple(item for item in section if isinstance(item, str)),
            newline=_NEWLINES.get(newline, "\n"),
            lead=words.get("lead", ""),
            tail=words.get("tail", _TAIL),
            extra="".join(parts[key] for key in unknown),
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
