"""linked.yaml, in which a base names its linked files."""

from __future__ import annotations

from pathlib import Path

from kbnotes.kb.beside import read_text
from kbnotes.model import LinkedFile

LINKED = "linked.yaml"


def read_linked(base: Path) -> tuple[LinkedFile, ...]:
    """Return the linked files of a base. Raises FormatError if the file that names them is wrong."""
    from kbnotes.codec import decode_linked

    text = read_text(base / LINKED)
    return decode_linked(text, name=LINKED) if text else ()


def source_name(base: Path, path: Path) -> str:
    """Return what an entry's source calls a file: relative to the base inside it, else absolute."""
    real, inside = path.resolve(), base.resolve()
    return real.relative_to(inside).as_posix() if real.is_relative_to(inside) else str(real)
