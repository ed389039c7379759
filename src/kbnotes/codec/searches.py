"""searches.yaml: queries that were given a name."""

from __future__ import annotations

import re
from collections.abc import Mapping

from kbnotes.codec.emit import scalar
from kbnotes.codec.reader import Field, read_map
from kbnotes.errors import FormatError

HEAD = "# Searches with a name: `kb search @name` asks one, `kb search --save NAME WORDS` adds one.\n"
_NAME = re.compile("[A-Za-z0-9_-]{1,60}")


def search_name(text: str) -> str | None:
    """Return the one spelling of a search's name, or None for what is none; `@` may stand before it."""
    name = text.strip().removeprefix("@")
    return name.lower() if _NAME.fullmatch(name) else None


def decode_searches(text: str, *, name: str) -> dict[str, str]:
    """Return query by name, in the order of the file, whose name is `name`; each query as one line.

    Raises FormatError naming the file and the line.
    """
    found: dict[str, str] = {}
    for key, field in read_map(text, name=name).items():
        own, where = search_name(key), f"{name}, line {field.line}"
        if own is None:
            raise FormatError(f"{where}: a name is letters, digits, - and _ only, not {key[:40]!r}.")
        if own in found:
            raise FormatError(f"{where}: the name {own!r} stands twice.")
        if not isinstance(field.value, str):
            raise FormatError(f"{where}: a query is text; put it in quotes.")
        found[own] = " ".join(field.value.split())
    return found


def edit_searches(text: str, *, name: str, search: str, query: str | None) -> str:
    """Return the text of a file with a search set to `query`, or without it; all else stays as it stands.

    Where that can't be done in place, the file is written anew. Raises FormatError as `decode_searches` does.
    """
    wanted = decode_searches(text, name=name)
    if query is None:
        wanted.pop(search, None)
    else:
        wanted[search] = query
    edited = _in_place(text or HEAD, read_map(text, name=name), search, query)
    try:
        is_right = decode_searches(edited, name=name) == wanted
    except FormatError:  # lines added behind a document's end, for one
        is_right = False
    return edited if is_right else HEAD + _lines(wanted)


def _in_place(text: str, fields: Mapping[str, Field], search: str, query: str | None) -> str:
    lines = text.split("\n")
    new = [] if query is None else _lines({search: query}).splitlines()
    old = next((field for key, field in fields.items() if search_name(key) == search), None)
    if old:
        start = old.line - 1
        lines[start : start + _height(old.source)] = new
    else:
        end = len(lines) if lines[-1] else len(lines) - 1
        lines[end:] = [*new, ""]
    return "\n".join(lines)


def _height(source: str) -> int:
    """Return how many lines a field takes, without the comments and blank lines that follow it."""
    lines = source.removesuffix("\n").split("\n")
    while len(lines) > 1 and (not lines[-1].strip() or lines[-1].startswith("#")):
        lines.pop()
    return len(lines)


def _lines(searches: Mapping[str, str]) -> str:
    return "".join(f"{scalar(name)}: {scalar(query)}\n" for name, query in searches.items())
