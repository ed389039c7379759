"""A JSON text -> the items in it, each with the line at which it begins."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from kbnotes.codec.exchange import FORMAT, VERSION
from kbnotes.errors import InputError

Item = tuple[int, Any]  # the line at which it begins, and what it is; a ValueError says why it is nothing

_ENDS = {"[": "]", "{": "}"}
_SPACE = re.compile(r"[ \t\n\r]*")


def _object(pairs: list[tuple[str, Any]]) -> dict[str | None, Any]:
    found: dict[str | None, Any] = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _ in pairs]
        found[None] = next(key for at, key in enumerate(keys) if key in keys[:at])
    return found


_DECODER = json.JSONDecoder(
    object_pairs_hook=_object,
    parse_int=lambda digits: int(digits) if len(digits) < 19 else digits,  # a million digits take a minute
    parse_constant=lambda _: object(),  # NaN and Infinity are no JSON (RFC 8259, 6), and of no use to kb
)


def json_lines(text: str, _: str) -> Iterator[Item]:
    """Yield the items of a text that holds one a line."""
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            try:
                yield number, _DECODER.decode(line)
            except RecursionError:
                yield number, ValueError("is nested too deeply")
            except ValueError as error:
                yield number, ValueError(f"is not JSON ({getattr(error, 'msg', error)})")


def json_items(text: str, name: str) -> Iterator[Item]:
    """Yield the items of a list, those of the list `entries` of an object, or an object by itself."""
    reader = _Json(text, name)
    if reader.takes("["):
        yield from reader.items("[")
    elif reader.takes("{"):
        line, fields, has_entries = reader.line(), {}, False
        for key in reader.items("{", keys=True):
            if key[1] == "entries" and not has_entries and reader.takes("["):
                has_entries = True
                yield from reader.items("[")
            else:
                fields[key[1]] = reader.value()
            if key[1] in ("format", "version"):
                _check_version(fields, name)
        if not has_entries:
            yield line, fields
    else:
        raise reader.error("expected a list of objects")
    if not reader.is_at_end():
        raise reader.error("expected the end of the file")


def _check_version(fields: dict[Any, Any], name: str) -> None:
    version = fields.get("version", VERSION)
    if fields.get("format") == FORMAT and version != VERSION:
        raise InputError(f"{name} was made by another kb, in version {version!r:.20} of its format.")


class _Json:
    """Reads a JSON text piece by piece, so that each can be told by its line."""

    def __init__(self, text: str, name: str) -> None:
        self._text = text
        self._name = name
        self._at = 0
        self._counted = (0, 1)  # an offset, and its line

    def items(self, opening: str, *, keys: bool = False) -> Iterator[Item]:
        """Yield what stands behind an opening bracket, which was taken, up to its closing one.

        Of `keys`, the value behind each is left to be read by who asks.
        """
        if self.takes(_ENDS[opening]):
            return
        while True:
            self._skip()
            line, value = self.line(), self.value()
            if keys and (not isinstance(value, str) or not self.takes(":")):
                raise self.error("expected a key and a colon")
            yield line, value
            if self.takes(_ENDS[opening]):
                return
            if not self.takes(","):
                raise self.error("expected a comma")

    def value(self) -> Any:
        """Return the value that comes next."""
        self._skip()
        try:
            value, self._at = _DECODER.raw_decode(self._text, self._at)
        except RecursionError:
            raise self.error("nested too deeply") from None
        except ValueError as error:
            self._at = getattr(error, "pos", self._at)
            raise self.error(f"not JSON ({getattr(error, 'msg', 'no value')})") from None
        return value

    def takes(self, char: str) -> bool:
        """Tell whether `char` comes next, and pass it if so."""
        self._skip()
        found = self._text.startswith(char, self._at)
        self._at += found
        return found

    def is_at_end(self) -> bool:
        """Tell whether only space is left."""
        self._skip()
        return self._at == len(self._text)

    def line(self) -> int:
        """Return the line of what was read last, or comes next."""
        at, line = self._counted
        self._counted = (self._at, line + self._text.count("\n", at, self._at))
        return self._counted[1]

    def error(self, said: str) -> InputError:
        """Return the error that something is wrong just here."""
        return InputError(f"{self._name}, line {self.line()}: {said}.")

    def _skip(self) -> None:
        space = _SPACE.match(self._text, self._at)
        self._at = space.end() if space else self._at
