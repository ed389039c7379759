"""The store: the entry files of one knowledge base, their earlier versions and the trash."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from kbnotes import codec
from kbnotes.errors import BaseError, ConflictError, FormatError, InputError
from kbnotes.lock import locked
from kbnotes.model import Entry, Stamp, StoredEntry
from kbnotes.store import files
from kbnotes.store.names import file_name, id_in, is_entry


class Store:
    """Reads need no lock; every change holds the writer's lock and is durable when it returns."""

    def __init__(self, base: Path) -> None:
        self.base = base
        self.entries = base / "entries"
        self.trash = base / "trash"
        self.history = base / "history"
        self._last_id = base / "last-id"

    # Reading

    def scan(self) -> dict[str, Stamp]:
        """Return the stamp of every entry file by its name, sorted. Opens no file, follows no symlink.

        Raises BaseError if the directory cannot be read: it is never taken for an empty one.
        """
        try:
            with os.scandir(self.entries) as found:
                named = [(item.name, item) for item in found if is_entry(item.name)]
                stats = [(name, item.stat(follow_symlinks=False)) for name, item in named if _is_file(item)]
        except OSError as error:
            raise BaseError(
                f"The entries in {self.entries} cannot be read: {error.strerror}.",
                hint="if the directory is gone, `kb init` makes a new one; it never deletes anything",
            ) from error
        return {
            name: Stamp(mtime_ns=stat.st_mtime_ns, size=stat.st_size, inode=stat.st_ino)
            for name, stat in sorted(stats, key=lambda pair: pair[0])
        }

    def read(self, name: str) -> StoredEntry:
        """Return the entry in the file `name`. Raises FormatError, naming file and line, if it is none."""
        return self._read(self.entries / name)

    def trashed(self) -> tuple[StoredEntry, ...]:
        """Return the removed entries, by file name; files that cannot be read are left out."""
        return tuple(self._readable(self.trash))

    def used_ids(self) -> set[int]:
        """Return every id that an entry, a removed entry or an earlier version has."""
        names = [path.name for place in (self.entries, self.trash) for path in _listed(place)]
        found = {number for name in names if (number := id_in(name)) is not None}
        return found | {int(path.name) for path in _listed(self.history) if path.name.isdecimal()}

    def next_id(self, used: Iterable[int]) -> int:
        """Return the first id above all that were ever given out."""
        return max(self._highest(), *used, 0) + 1

    # Writing

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Hold the writer's lock: ids taken and files compared under it stay true until it is let go."""
        with files.writing(self.entries), locked(self.entries):
            yield

    def create(self, entries: Iterable[Entry], *, done: Callable[[], None] | None = None) -> tuple[Path, ...]:
        """Write new entries and return their paths. Call it within `writing`.

        An interrupted call has written some of them, each whole. `done` is called after each.
        """
        paths: list[Path] = []
        highest = self._highest()
        try:
            for entry in entries:
                path = self.entries / file_name(entry.id, entry.title)
                with files.writing(path):
                    files.create(path, codec.encode_entry(entry).encode(), sync_directory=False)
                paths.append(path)
                highest = max(highest, entry.id)
                if done:
                    done()
        finally:
            if paths:
                with files.writing(self.entries):
                    files.sync(self.entries)
                    self._remember(highest)
        return tuple(paths)

    def replace(self, old: StoredEntry, new: Entry) -> Path:
        """Write a new version of an entry; the old one goes to `history/`. Call it within `writing`.

        Raises ConflictError if the file is no longer what `old` was read from; the new version is then kept
        in `history/`, and the message names it.
        """
        path = Path(old.path)
        content = codec.encode_entry(new).encode()
        with files.writing(path):
            current = path.read_bytes() if path.is_file() and not path.is_symlink() else b""
            if codec.digest(current) != old.digest:
                kept = self._keep(new.id, content, label="-yours")
                raise ConflictError(
                    f"Entry {new.id} changed while you were at it, so it was not overwritten.",
                    hint=f"your version is kept in {kept}",
                )
            self._keep(new.id, current)
            files.replace(path, content)
        return path

    def remove(self, name: str) -> Path:
        """Move an entry file, readable or not, to the trash and return where it is now."""
        path, target = self.entries / name, self.trash / name
        with files.writing(target):
            self.trash.mkdir(mode=0o700, exist_ok=True)
            while target.exists():
                target = target.with_name(f"{target.stem}-again.yaml")
            files.move(path, target)
        return target

    def restore(self, stored: StoredEntry) -> Path:
        """Move an entry from the trash back to where it was."""
        path = Path(stored.path)
        target = self.entries / path.name
        with files.writing(target):
            try:
                files.move(path, target)
            except FileExistsError:
                raise ConflictError(
                    f"There is an entry file {path.name} already.", hint=f"the removed one stays in {path}"
                ) from None
        return target

    # What both need

    def _read(self, path: Path) -> StoredEntry:
        try:
            content = path.read_bytes()
        except OSError as error:
            raise FormatError(f"{path.name} cannot be read: {error.strerror}.") from error
        try:
            text = content.decode()
        except UnicodeDecodeError as error:
            line = content.count(b"\n", 0, error.start) + 1
            raise FormatError(f"{path.name}, line {line}: not UTF-8.") from None
        entry = codec.decode_entry(text, name=path.name)
        return StoredEntry(entry=entry, path=str(path), digest=codec.digest(content))

    def _readable(self, place: Path) -> Iterator[StoredEntry]:
        for path in _listed(place):
            try:
                yield self._read(path)
            except (FormatError, InputError):
                continue

    def _keep(self, entry_id: int, content: bytes, *, label: str = "") -> Path:
        """Put a version into `history/`, named by the time and by what it says."""
        place = self.history / f"{entry_id:04d}"
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        time = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
        path = place / f"{time}-{codec.digest(content)[:8]}{label}.yaml"
        if not path.exists():
            files.create(path, content)
        return path

    def _highest(self) -> int:
        """Return the highest id ever given out by `create`, which may be that of a file deleted by hand."""
        try:
            text = self._last_id.read_text("ascii").strip()
        except (OSError, UnicodeDecodeError):
            return 0
        return int(text) if text.isdecimal() else 0

    def _remember(self, highest: int) -> None:
        if highest > self._highest():
            files.replace(self._last_id, f"{highest}\n".encode())


def _is_file(item: os.DirEntry[str]) -> bool:
    return item.is_file(follow_symlinks=False)


def _listed(place: Path) -> list[Path]:
    """Return what stands in a directory that need not exist yet, sorted by name."""
    return sorted(place.iterdir()) if place.is_dir() else []
