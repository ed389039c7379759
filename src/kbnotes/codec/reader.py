"""A strict YAML reader: events into plain text, lists and maps, with every scalar left as text.

PyYAML's own loaders guess types (`no` becomes False, `1.10` a float), follow aliases (a few hundred bytes
of them fill the memory) and let a key stand twice. None of that has a place in a note.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from kbnotes.errors import FormatError

MAX_SIZE = 8 * 1024 * 1024  # bytes of one file: some thirteen novels; a mistake, or an attack, is larger
MAX_DEPTH = 8  # an entry needs 3
MAX_EVENTS = 100_000  # an entry with 10 tags has 50; a million of them take over 0.4 s
INDENT = 2  # of a map within a field, as kb writes it

Value = str | list["Value"] | dict[str, "Value"]

# What YAML does not allow to stand in a file. Checked here, for PyYAML's parsers name no line for it.
_REFUSED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
_HALF = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A top-level key with its value and its own piece of the text."""

    value: Value
    source: str  # from the key up to the next one, comments and all; ends with a line end
    line: int  # 1-based line of the key
    parts: dict[str, str]  # of a map whose keys are indented by two: each key's own piece, likewise


def read_map(text: str, *, name: str) -> dict[str, Field]:
    """Return the fields of the one mapping that `text` is; an empty text is an empty mapping.

    Raises FormatError, naming `name` and the line, for anything else: other YAML, aliases, anchors, tags,
    duplicate keys, a second document, depth over 8, over 100,000 pieces, text over 8 MB; and for keys that do
    not stand at the beginning of a line, because `Field.source` could not be moved as it is.
    """
    text = text.removeprefix("\ufeff")
    if len(text) > MAX_SIZE // 4 and len(text.encode("utf-8", "surrogatepass")) > MAX_SIZE:
        raise FormatError(f"{name} is larger than {MAX_SIZE // 1024 // 1024} MB.")
    if refused := _REFUSED.search(text):
        line = text.count("\n", 0, refused.start()) + 1
        raise FormatError(f"{name}, line {line}: U+{ord(refused.group()):04X} is not allowed in YAML.")
    return _Reader(text, name).document()


class _Reader:
    def __init__(self, text: str, name: str) -> None:
        import yaml

        self._yaml = yaml
        self._name = name
        self._text = text
        self._line = 1  # of the event that was read last
        self._count = 0  # of the events read
        self._parts: dict[str, str] = {}  # of the field being read
        self._events: Iterator[Any] = yaml.parse(text, Loader=_loader(yaml))

    def document(self) -> dict[str, Field]:
        yaml = self._yaml
        self._next()  # the stream's start
        event = self._next()
        if isinstance(event, yaml.StreamEndEvent):
            return {}
        event = self._next()
        if isinstance(event, yaml.ScalarEvent) and not event.value and event.implicit[0]:
            fields: dict[str, Field] = {}
        elif isinstance(event, yaml.MappingStartEvent):
            fields = self._fields(event)
        else:
            raise self._error("expected `key: value` lines", event)
        self._next()  # the document's end
        if not isinstance(last := self._next(), yaml.StreamEndEvent):
            raise self._error("a second YAML document begins", last)
        return fields

    def _fields(self, opening: Any) -> dict[str, Field]:
        self._check(opening)
        fields: dict[str, Field] = {}
        event = self._next()
        while not isinstance(event, self._yaml.MappingEndEvent):
            key, start = self._key(event, fields), event.start_mark
            if opening.flow_style or start.column:
                raise self._error("a key must begin its line", event)
            self._parts = {}
            value = self._value(self._next(), depth=1)
            event = self._next()
            source = self._between(start, event.start_mark)
            fields[key] = Field(value=value, source=source, line=start.line + 1, parts=self._parts)
        return fields

    def _between(self, start: Any, end: Any) -> str:
        """Return the text from one mark up to the line of another, with a line end."""
        margin = end.index - end.column
        source = self._text[start.index : end.index if self._text[margin : end.index].strip() else margin]
        return source if source.endswith("\n") else f"{source}\n"

    def _value(self, event: Any, *, depth: int) -> Value:
        yaml = self._yaml
        if depth > MAX_DEPTH:
            raise self._error(f"nested deeper than {MAX_DEPTH}", event)
        self._check(event)
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event)
        if isinstance(event, yaml.SequenceStartEvent):
            items: list[Value] = []
            while not isinstance(event := self._next(), yaml.SequenceEndEvent):
                items.append(self._value(event, depth=depth + 1))
            return items
        pairs: dict[str, Value] = {}
        in_lines = depth == 1 and not event.flow_style
        event = self._next()
        while not isinstance(event, yaml.MappingEndEvent):
            key, start = self._key(event, pairs), event.start_mark
            pairs[key] = self._value(self._next(), depth=depth + 1)
            event = self._next()
            if in_lines and start.column == INDENT:
                self._parts[key] = " " * INDENT + self._between(start, event.start_mark)
        return pairs

    def _scalar(self, event: Any) -> str:
        text: str = event.value
        if event.style == '"' and _HALF.search(text):  # libyaml refuses this escape, PyYAML's own does not
            raise self._error("an escape stands for half a character", event)
        return text

    def _key(self, event: Any, seen: dict[str, Any]) -> str:
        if not isinstance(event, self._yaml.ScalarEvent):
            raise self._error("a key must be plain text", event)
        self._check(event)
        key = self._scalar(event)
        if key in seen:
            raise self._error(f"the key {key[:40]!r} stands twice", event)
        return key

    def _check(self, event: Any) -> None:
        """Refuse what a note never needs and an attacker does."""
        if isinstance(event, self._yaml.AliasEvent):
            raise self._error("aliases (*name) are not allowed", event)
        if event.anchor is not None:
            raise self._error("anchors (&name) are not allowed", event)
        if event.tag is not None:
            raise self._error(f"YAML tags ({event.tag}) are not allowed", event)

    def _next(self) -> Any:
        try:
            event = next(self._events)
        except self._yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
            said = getattr(error, "problem", None) or getattr(error, "reason", None) or "not YAML"
            where = f", line {mark.line + 1}" if mark else ""
            raise FormatError(f"{self._name}{where}: {said}.") from None
        except (ValueError, OverflowError) as error:  # an escape such as "\UFFFFFFFF"
            raise FormatError(f"{self._name}, line {self._line}: not YAML ({error}).") from None
        self._line = event.end_mark.line + 1
        self._count += 1
        if self._count > MAX_EVENTS:
            raise self._error(f"more than {MAX_EVENTS:,} pieces", event)
        return event

    def _error(self, said: str, event: Any) -> FormatError:
        return FormatError(f"{self._name}, line {event.start_mark.line + 1}: {said}.")


def _loader(yaml: Any) -> Any:
    """Return libyaml's parser where PyYAML was built with it: the same events, an order faster."""
    return getattr(yaml, "CSafeLoader", yaml.SafeLoader)
