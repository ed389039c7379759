"""A folder -> the Markdown files in it, and what had to be passed over, with the reason."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from kbnotes.config import MARKER
from kbnotes.kb.folder.ignore import Ignore
from kbnotes.record import field, mutable_record
from kbnotes.store import files
from kbnotes.store.names import is_text

SUFFIXES = (".md", ".markdown", ".mdown")
OWN = ("entries", "history", "trash", "drafts")  # kb's own folders in a base
MAX_IGNORE = 1_000_000  # bytes of a `.gitignore`
_CONTROL = {chr(code) for code in (*range(32), 127)}


@mutable_record
class Found:
    """What a walk found. Paths are relative to the folder, divided by `/`, sorted within each folder."""

    notes: list[str] = field(default_factory=list)
    others: set[str] = field(default_factory=set)  # files that are no Markdown: attachments
    passed: list[tuple[str, str]] = field(default_factory=list)  # path, and why it was passed over
    left_out: list[str] = field(default_factory=list)  # by a `.gitignore`; folders end with `/`
    is_vault: bool = False  # Obsidian's


class Walker:
    """Looks through one folder; follows no symbolic link, and opens nothing but `.gitignore` files."""

    def __init__(self, folder: Path) -> None:
        self._root = folder.resolve()
        self._found = Found()

    def walk(self) -> Found:
        """Return what is in the folder. What cannot be read is in `passed`."""
        self._found = Found(is_vault=(self._root / ".obsidian").is_dir())
        ignore, prefix = self._above()
        waiting = [("", ignore)]
        while waiting:
            path, ignore = waiting.pop()
            ignore = _with_own(self._root / path, f"{prefix}{path}", ignore)
            folders = list(self._look_into(path, prefix, ignore))
            waiting += [(folder, ignore) for folder in reversed(folders)]
        self._found.notes.sort(key=lambda path: path.split("/"))
        return self._found

    def _above(self) -> tuple[Ignore, str]:
        """Return the patterns that folders above set, and the root's own place below the repository's."""
        outer = [self._root, *self._root.parents]
        top = next((at for at, folder in enumerate(outer) if (folder / ".git").exists()), 0)
        ignore = Ignore()
        for folder in reversed(outer[1 : top + 1]):
            ignore = _with_own(folder, _prefix(folder.relative_to(outer[top])), ignore)
        return ignore, _prefix(self._root.relative_to(outer[top]))

    def _look_into(self, path: str, prefix: str, ignore: Ignore) -> Iterator[str]:
        """Take what stands in one folder, and yield the folders in it, `a/b/`, to be looked into."""
        try:
            with os.scandir(self._root / path) as found:
                items = sorted(found, key=lambda item: item.name)
        except OSError as error:
            self._pass(path, files.reason(error))
            return
        names = {item.name for item in items}
        own = OWN if {MARKER, "entries"} <= names else ()
        for item in items:
            if item.name.startswith(".") or item.name in own:
                continue
            inner = f"{path}{item.name}"
            try:
                is_folder = item.is_dir(follow_symlinks=False)
                if ignore.leaves_out(f"{prefix}{inner}", is_folder=is_folder):
                    if is_folder or is_note(item.name):
                        self._found.left_out.append(f"{inner}/" if is_folder else inner)
                elif is_folder:
                    if self._is_sayable(inner):
                        yield f"{inner}/"
                else:
                    self._take(item, inner)
            except OSError as error:
                self._pass(inner, files.reason(error))

    def _take(self, item: os.DirEntry[str], path: str) -> None:
        if item.is_symlink():
            self._take_link(path)
        elif not is_note(item.name):
            self._found.others.add(path)
        elif not stat.S_ISREG(item.stat(follow_symlinks=False).st_mode):
            self._pass(path, "no regular file")
        elif self._is_sayable(path):
            self._found.notes.append(path)

    def _take_link(self, path: str) -> None:
        """Pass over a symbolic link: what it shows within the folder is imported at its own place."""
        try:
            target = Path(os.path.realpath(self._root / path, strict=True))
        except OSError as error:
            if is_note(path):
                self._pass(path, f"a symbolic link that leads nowhere ({files.reason(error)})")
            return
        is_inside = target.is_relative_to(self._root)
        if not is_inside and (is_note(path) or target.is_dir()):
            self._pass(path, "a symbolic link that leads out of the folder")

    def _is_sayable(self, path: str) -> bool:
        """Tell whether a path can be written down as the source of an entry."""
        if not is_text(path):
            self._pass(path, "its name is not UTF-8")
        elif not _CONTROL.isdisjoint(path):
            self._pass(path, "its name holds a line break or another control character")
        else:
            return True
        return False

    def _pass(self, path: str, why: str) -> None:
        self._found.passed.append((path.rstrip("/") or ".", why))


def is_note(name: str) -> bool:
    """Tell whether a file is Markdown by its name."""
    return name.lower().endswith(SUFFIXES)


def _prefix(path: Path) -> str:
    return "" if path == Path() else f"{path.as_posix()}/"


def _with_own(folder: Path, prefix: str, ignore: Ignore) -> Ignore:
    try:
        text = files.read(folder / ".gitignore", limit=MAX_IGNORE).decode("utf-8", "surrogateescape")
    except OSError:
        return ignore
    return ignore.below(prefix, text)
