"""A strict YAML reader: events into plain text, lists and maps, with every scalar left as text.

PyYAML's own loaders guess types (`no` becomes False, `1.10` a float), follow aliases (a few hundred bytes
of them fill the memory) and let a key stand twice. None of that has a place in a note.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from kbnotes.errors import FormatError

MAX_SIZE = 64 * 1024 * 1024  # characters of one file
MAX_DEPTH = 8  # an entry needs 3

Value = str | list["Value"] | dict[str, "Value"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A top-level key with its value and where it stands in the text."""

    value: Value
    start: int  # character offset of the key
    end: int  # character offset just behind the value
    line: int  # 1-based line of the key


def read_map(text: str, *, name: str) -> dict[str, Field]:
    """Return the fields of the one mapping that `text` is; an empty text is an empty mapping.

    Raises FormatError, naming `name` and the line, for anything else: other YAML, aliases, anchors, tags,
    duplicate keys, a second document, depth over 8, text over 64 MB.
    """
    if len(text) > MAX_SIZE:
        raise FormatError(f"{name} is larger than {MAX_SIZE // 1024 // 1024} MB.")
    return _Reader(text, name).document()


class _Reader:
    def __init__(self, text: str, name: str) -> None:
        import yaml

        self._yaml = yaml
        self._name = name
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
        while not isinstance(event := self._next(), self._yaml.MappingEndEvent):
            key = self._key(event, fields)
            value, end = self._value(self._next(), depth=1)
            mark = event.start_mark
            fields[key] = Field(value=value, start=mark.index, end=end, line=mark.line + 1)
        return fields

    def _value(self, event: Any, *, depth: int) -> tuple[Value, int]:
        """Return a value and the offset just behind it."""
        yaml = self._yaml
        if depth > MAX_DEPTH:
            raise self._error(f"nested deeper than {MAX_DEPTH}", event)
        self._check(event)
        if isinstance(event, yaml.ScalarEvent):
            return event.value, event.end_mark.index
        if isinstance(event, yaml.SequenceStartEvent):
            items: list[Value] = []
            while not isinstance(event := self._next(), yaml.SequenceEndEvent):
                items.append(self._value(event, depth=depth + 1)[0])
            return items, event.end_mark.index
        pairs: dict[str, Value] = {}
        while not isinstance(event := self._next(), yaml.MappingEndEvent):
            key = self._key(event, pairs)
            pairs[key] = self._value(self._next(), depth=depth + 1)[0]
        return pairs, event.end_mark.index

    def _key(self, event: Any, seen: dict[str, Any]) -> str:
        if not isinstance(event, self._yaml.ScalarEvent):
            raise self._error("a key must be plain text", event)
        self._check(event)
        key: str = event.value
        if key in seen:
            raise self._error(f"the key {key!r} stands twice", event)
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
            return next(self._events)
        except self._yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
            said = getattr(error, "problem", None) or getattr(error, "reason", None) or "not YAML"
            where = f", line {mark.line + 1}" if mark else ""
            raise FormatError(f"{self._name}{where}: {said}.") from None
        except (ValueError, OverflowError) as error:  # an escape such as "\UFFFFFFFF"
            raise FormatError(f"{self._name}: not YAML ({error}).") from None

    def _error(self, said: str, event: Any) -> FormatError:
        return FormatError(f"{self._name}, line {event.start_mark.line + 1}: {said}.")


def _loader(yaml: Any) -> Any:
    """Return libyaml's parser where PyYAML was built with it: the same events, an order faster."""
    return getattr(yaml, "CSafeLoader", yaml.SafeLoader)
