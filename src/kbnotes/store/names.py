"""Names of entry files: `0018-kv-cache.yaml`; and what names a directory holds."""

from __future__ import annotations

import os
import re
import unicodedata
from pathlib import Path

from kbnotes.errors import BaseError
from kbnotes.store import files

MAX_SLUG = 48

_NAME = re.compile(r"(\d+)(?:-[^/\0]*)?\.yaml")
_NOT_SLUG = re.compile(r"[^a-z0-9]+")


def file_name(entry_id: int, title: str) -> str:
    """Return the name for a new entry's file: the id in four digits or more, then a slug of its title."""
    plain = unicodedata.normalize("NFKD", title.replace("'", "").replace("’", "")).lower()
    ascii_only = "".join(c for c in plain if not unicodedata.combining(c))
    slug = _NOT_SLUG.sub("-", ascii_only).strip("-")
    if len(slug) > MAX_SLUG:
        slug = slug[: MAX_SLUG + 1].rpartition("-")[0] or slug[:MAX_SLUG]
    return f"{entry_id:04d}-{slug}.yaml" if slug else f"{entry_id:04d}.yaml"


def id_in(name: str) -> int | None:
    """Return the id that a file name begins with, or None for a name that no entry has."""
    found = _NAME.fullmatch(name)
    return int(found[1]) if found and len(found[1]) <= 18 else None


def is_entry(name: str) -> bool:
    """Tell whether a file in `entries/` is read as one; hidden and temporary files are not."""
    return name.endswith(".yaml") and not name.startswith(".")


def is_text(name: str) -> bool:
    """Tell whether a name is UTF-8: on Linux it may be any bytes."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def listed(place: Path) -> list[Path]:
    """Return what stands in a directory that need not exist yet, sorted by name. Raises BaseError."""
    return [place / name for name in sorted(names_in(place))]


def names_in(place: Path) -> list[str]:
    """Return the names in a directory that need not exist yet, in no particular order. Raises BaseError."""
    try:
        return os.listdir(place)  # noqa: PTH208 (10,000 paths take 20 times as long as names)
    except FileNotFoundError:
        return []
    except OSError as error:
        raise BaseError(f"{place} cannot be read: {files.reason(error)}.") from error
