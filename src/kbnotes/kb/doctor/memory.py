"""What doctor saw in a base at its last run: a file in kb's cache, beside the indexes, never in the base."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from kbnotes import codec
from kbnotes.errors import UnusableIndexError
from kbnotes.index import index_home
from kbnotes.index.place import is_private, make_private
from kbnotes.kb.doctor.survey import Survey
from kbnotes.store import files

_FORMAT = 1


@dataclass(frozen=True, slots=True)
class Seen:
    """A file as it was."""

    size: int
    mtime_ns: int
    digest: str


class Memory:
    """Remembers every file of one base. Missing, damaged or not surely ours, it is simply forgotten."""

    def __init__(self, cache: Path, base: Path) -> None:
        self._directory = cache / "doctor"
        self._path = self._directory / f"{index_home(cache, base).name}.jsonl"
        # A cache that was put into the base has no say: doctor writes nothing there.
        self._usable = not cache.resolve().is_relative_to(base.resolve())

    def load(self) -> dict[str, Seen]:
        """Return the files as they were, by path."""
        try:
            if not self._usable or not is_private(self._directory):
                return {}
            head, _, body = files.read(self._path).partition(b"\n")
            about = json.loads(head)
            if about != {"format": _FORMAT, "digest": codec.digest(body)}:
                return {}
            rows = [json.loads(line) for line in body.splitlines()]
            return {path: Seen(size, mtime_ns, digest) for path, size, mtime_ns, digest in rows}
        except (OSError, ValueError, TypeError, RecursionError):
            return {}

    def save(self, seen: Mapping[str, Seen]) -> str:
        """Remember the files; return "" or why that was not possible."""
        if not self._usable:
            return "the cache is inside the base"
        rows = [json.dumps([path, each.size, each.mtime_ns, each.digest]) for path, each in seen.items()]
        body = "".join(f"{row}\n" for row in rows).encode()
        head = json.dumps({"format": _FORMAT, "digest": codec.digest(body)}).encode()
        try:
            make_private(self._directory)
            files.replace(self._path, head + b"\n" + body)
        except OSError as error:
            return files.reason(error)
        except UnusableIndexError:
            return f"{self._directory} cannot be made"
        return ""


def after(found: Survey, before: Mapping[str, Seen], *, suspects: set[str]) -> dict[str, Seen]:
    """Return what to remember: each file as it is, but a suspect one as it was, so that it stays suspect."""
    seen: dict[str, Seen] = {}
    for path, item in found.items.items():
        if path in suspects or item.error:
            if path in before:
                seen[path] = before[path]
        elif item.digest:
            seen[path] = Seen(item.size, item.mtime_ns, item.digest)
    return seen
