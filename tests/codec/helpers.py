"""Entries to encode, and both of PyYAML's parsers to read them with."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from unittest import mock

import yaml

from kbnotes.codec import decode_entry
from kbnotes.model import Entry

NOW = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)
LOADERS: dict[str, Any] = {"pure": yaml.SafeLoader}
if yaml.__with_libyaml__:
    LOADERS["libyaml"] = yaml.CSafeLoader

_ENTRY = Entry(id=7, title="A title", tags=("ml",), created=NOW, updated=NOW, body="Text.\n")


def entry(**fields: object) -> Entry:
    """Return an entry with `fields` of its own."""
    return replace(_ENTRY, **fields)  # type: ignore[arg-type]


@contextmanager
def reading_with(loader: str) -> Iterator[None]:
    """Read YAML with the parser of this name, whichever PyYAML was built with."""
    with mock.patch("kbnotes.codec.reader._loader", return_value=LOADERS[loader]):
        yield


def decoded_by_all(text: str) -> Entry:
    """Return the entry that `text` holds, having checked that every parser reads the same one."""
    found = []
    for loader in LOADERS:
        with reading_with(loader):
            found.append(decode_entry(text, name="0007.yaml"))
    assert all(each == found[0] for each in found)
    return found[0]
