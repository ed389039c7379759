"""linked.yaml: the files that are kept in step with their entries."""

from __future__ import annotations

from collections.abc import Iterable
from typing import get_args

from kbnotes.codec.emit import scalar
from kbnotes.codec.reader import Field, read_map
from kbnotes.errors import FormatError
from kbnotes.model import By, LinkedFile

HEAD = "# Files that `kb sync-file` keeps in step with their entries; `kb import --keep FILE` adds one.\n"
_KEYS = ("encoding", "by")


def decode_linked(text: str, *, name: str) -> tuple[LinkedFile, ...]:
    """Return the linked files in the order of the text, the content of the file `name`.

    Raises FormatError naming the file and the line.
    """
    return tuple(_linked(file, field, name) for file, field in read_map(text, name=name).items())


def encode_linked(linked: Iterable[LinkedFile]) -> str:
    """Return the text of the file that names `linked`."""
    return HEAD + "".join(f"{scalar(each.file)}:{_settings(each)}\n" for each in linked)


def _linked(file: str, field: Field, name: str) -> LinkedFile:
    where = f"{name}, line {field.line}"
    value = field.value or {}
    if not isinstance(value, dict) or any(
        key not in _KEYS or not isinstance(each, str) for key, each in value.items()
    ):
        raise FormatError(f"{where}: a linked file has `encoding` and `by` only.")
    by = value.get("by")
    if by not in (None, *get_args(By)):
        raise FormatError(f"{where}: `by` is list, heading or file.")
    encoding = value.get("encoding")
    return LinkedFile(file=file, encoding=str(encoding) if encoding else None, by=by)  # type: ignore[arg-type]


def _settings(linked: LinkedFile) -> str:
    lines = [
        f"\n  {key}: {scalar(value)}"
        for key, value in zip(_KEYS, (linked.encoding, linked.by), strict=True)
        if value
    ]
    return "".join(lines) or " {}"
