"""The store: the entry files of one knowledge base, their earlier versions and the trash."""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from kbnotes import codec
from kbnotes.errors import BaseError, ConflictError, FormatError, InputError, StorageError
from kbnotes.lock import locked
from kbnotes.model import Entry, Stamp, StoredEntry
from kbnotes.store import files
from kbnotes.store.names import file_name, id_in, is_entry

_ID = re.compile("[0-9]{1,18}")


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
            if self.entries.is_symlink():
                raise OSError(errno.ELOOP, os.strerror(errno.ELOOP))
            with os.scandir(self.entries) as found:
                stamps = {item.name: _stamp(item) for item in found if is_entry(item.name)}
        except OSError as error:
            raise BaseError(
                f"The entries in {self.entries} cannot be read: {files.reason(error)}.",
                hint="if the directory is gone, `kb init` makes a new one; it never deletes anything",
            ) from error
        return {name: stamp for name, stamp in sorted(stamps.items()) if stamp}

    def read(self, name: str) -> StoredEntry:
        """Return the entry in the file `name`. Raises FormatError, naming file and line, if it is none."""
        return self._read(self.entries / name)

    def find(self, entry_id: int) -> StoredEntry | None:
        """Return the entry with an id, or None; a file whose name says the id is looked at first."""
        names = sorted(self.scan(), key=lambda name: id_in(name) != entry_id)
        found = self._readable(self.entries / name for name in names)
        return next((stored for stored in found if stored.entry.id == entry_id), None)

    def trashed(self) -> tuple[StoredEntry, ...]:
        """Return the removed entries, the latest removal last; files that cannot be read are left out."""
        return tuple(self._readable(sorted(_listed(self.trash), key=_moved)))

    def used_ids(self) -> set[int]:
        """Return every id that an entry, a removed entry or an earlier version has."""
        scanned = self.scan()
        names = [*scanned, *(path.name for place in (self.entries, self.trash) for path in _listed(place))]
        found = {number for name in names if (number := id_in(name)) is not None}
        unnamed = (self.entries / name for name in scanned if id_in(name) is None)  # made by hand
        found |= {stored.entry.id for stored in self._readable(unnamed)}
        return found | {int(path.name) for path in _listed(self.history) if _ID.fullmatch(path.name)}

    def next_id(self, used: Iterable[int]) -> int:
        """Return the first id above all that were ever given out. Raises StorageError."""
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
        new = tuple(entries)
        paths: list[Path] = []
        # First, so that no crash lets an id be given twice; one that was never used is no loss.
        self._remember(max((entry.id for entry in new), default=0))
        try:
            for entry in new:
                path = self.entries / file_name(entry.id, entry.title)
                with files.writing(path):
                    files.create(path, codec.encode_entry(entry).encode(), sync_directory=False)
                paths.append(path)
                if done:
                    done()
        finally:
            if paths:
                with files.writing(self.entries):
                    files.sync(self.entries)
        return tuple(paths)

    def replace(self, old: StoredEntry, new: Entry) -> Path:
        """Write a new version of an entry; the old one goes to `history/`. Call it within `writing`.

        Raises ConflictError if the file is no longer what `old` was read from; the new version is then kept
        in `history/`, and the message names it.
        """
        path = Path(old.path)
        content = codec.encode_entry(new).encode()
        with files.writing(path):
            current = files.read(path) if path.is_file() and not path.is_symlink() else b""
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
            files.make_directory(self.trash)
            while True:
                try:
                    files.move(path, target)
                except FileExistsError:
                    target = target.with_name(f"{target.stem}-again.yaml")
                else:
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
            content = files.read(path)
        except OSError as error:
            raise FormatError(f"{path.name} cannot be read: {files.reason(error)}.") from error
        try:
            text = content.decode()
        except UnicodeDecodeError as error:
            line = content.count(b"\n", 0, error.start) + 1
            raise FormatError(f"{path.name}, line {line}: not UTF-8.") from None
        entry = codec.decode_entry(text, name=path.name)
        return StoredEntry(entry=entry, path=str(path), digest=codec.digest(content))

    def _readable(self, paths: Iterable[Path]) -> Iterator[StoredEntry]:
        for path in paths:
            try:
                yield self._read(path)
            except (FormatError, InputError):
                continue

    def _keep(self, entry_id: int, content: bytes, *, label: str = "") -> Path:
        """Put a version into `history/`, named by the time and by what it says."""
        place = self.history / f"{entry_id:04d}"
        for directory in (self.history, place):
            files.make_directory(directory)
        time = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
        path = place / f"{time}-{codec.digest(content)[:8]}{label}.yaml"
        if not path.exists():
            files.create(path, content)
        return path

    def _highest(self) -> int:
        """Return the highest id ever given out by `create`, which may be that of a file deleted by hand.

        Two machines that give out ids leave two lines in a merge of the file: the higher one holds.
        """
        try:
            lines = files.read(self._last_id).decode("ascii", "replace").splitlines()
        except FileNotFoundError:
            return 0
        except OSError as error:
            raise StorageError(f"{self._last_id} cannot be read: {files.reason(error)}.") from error
        return max((int(line) for line in lines if _ID.fullmatch(line)), default=0)

    def _remember(self, highest: int) -> None:
        if highest > self._highest():
            with files.writing(self._last_id):
                files.replace(self._last_id, f"{highest}\n".encode())


def _stamp(item: os.DirEntry[str]) -> Stamp | None:
    """Return the stamp of a regular file; None for all else, and for a file that is gone by now."""
    try:
        if not item.is_file(follow_symlinks=False):
            return None
        stat = item.stat(follow_symlinks=False)
    except FileNotFoundError:
        return None
    return Stamp(mtime_ns=stat.st_mtime_ns, size=stat.st_size, inode=stat.st_ino)


def _moved(path: Path) -> int:
    """Return when a file was last renamed: a link or a rename changes nothing else of it."""
    try:
        return path.lstat().st_ctime_ns
    except OSError:
        return 0


def _listed(place: Path) -> list[Path]:
    """Return what stands in a directory that need not exist yet, sorted by name. Raises BaseError."""
    try:
        return sorted(place.iterdir())
    except FileNotFoundError:
        return []
    except OSError as error:
        raise BaseError(f"{place} cannot be read: {files.reason(error)}.") from error
