"""Where the links of a folder's notes lead: to notes, to other files, to nothing."""

from __future__ import annotations

import os
import posixpath
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath
from urllib.parse import unquote

from kbnotes.kb.folder.walk import SUFFIXES, Found
from kbnotes.model import Link, LinkCount

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|//")


class Links:
    """Follows links as Markdown and wikis write them, without opening anything."""

    def __init__(self, root: Path, found: Found, names: Mapping[str, Iterable[str]]) -> None:
        """`names` are the titles and aliases of each note, by its path."""
        self._root = root
        self._notes = set(found.notes)
        self._files = found.others
        self._by_name: defaultdict[str, set[str]] = defaultdict(set)
        for path in found.notes:
            self._by_name[PurePosixPath(path).stem.casefold()].add(path)
            self._by_name[PurePosixPath(path).name.casefold()].add(path)
            for name in names.get(path, ()):
                self._by_name[name.casefold()].add(path)
        self._file_names = {PurePosixPath(path).name.casefold() for path in found.others}

    def count(self, notes: Iterable[tuple[str, Iterable[Link]]]) -> tuple[LinkCount, list[str]]:
        """Count the links of notes by where they lead, and name those that lead to nothing."""
        counts = dict.fromkeys(("notes", "files", "nothing"), 0)
        lost: list[str] = []
        for path, links in notes:
            for link in dict.fromkeys(links):
                if kind := self._kind(link.url, path):
                    counts[kind] += 1
                    if kind == "nothing":
                        lost.append(f"{path}: nothing is at {link.url}")
        return LinkCount(**counts), lost

    def _kind(self, url: str, path: str) -> str:
        if url.startswith("[["):
            return self._kind_of_wiki(url[2:-2].partition("#")[0].strip())
        if _SCHEME.match(url) or url.startswith("#") or not url:
            return ""
        target = unquote(re.split(r"[?#]", url, maxsplit=1)[0])
        # From the note's own folder, as Markdown reads it; from the root, as Obsidian may write it.
        folders = dict.fromkeys(("" if target.startswith("/") else posixpath.dirname(path), ""))
        places = [posixpath.normpath(posixpath.join(folder, target.lstrip("/"))) for folder in folders]
        if any(place + suffix in self._notes for place in places for suffix in ("", *SUFFIXES)):
            return "notes"
        return (
            "files" if any(place in self._files or self._is_there(place) for place in places) else "nothing"
        )

    def _kind_of_wiki(self, name: str) -> str:
        if not name:
            return ""  # a heading of the same note
        last = PurePosixPath(name).name.casefold()
        found = self._by_name.get(name.casefold()) or {
            path for path in self._by_name.get(last, ()) if self._ends_with(path, name)
        }
        if found:
            return "notes"
        return "files" if last in self._file_names else "nothing"

    @staticmethod
    def _ends_with(path: str, name: str) -> bool:
        whole, end = f"/{path}".casefold(), f"/{name.strip('/')}".casefold()
        return whole.endswith((end, *(end + suffix for suffix in SUFFIXES)))

    def _is_there(self, place: str) -> bool:
        try:
            return os.path.lexists(self._root / place)
        except (OSError, ValueError):
            return False
