"""The store: the entry files of one knowledge base, their earlier versions and the trash."""

from __future__ import annotations

import errno
import os
import re
import stat
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from kbnotes import codec
from kbnotes.errors import BaseError, ConflictError, FormatError, InputError, StorageError
from kbnotes.lock import locked
from kbnotes.model import Change, Entry, FileState, Stamp, StampTable, StoredEntry
from kbnotes.record import replace
from kbnotes.store import files
from kbnotes.store.names import file_name, id_in, is_entry, is_text, listed, names_in
from kbnotes.store.planned import Done, Planned
from kbnotes.store.stamps import stamps_in

if TYPE_CHECKING:
    from kbnotes.store.commit import Committer
    from kbnotes.store.history import History
    from kbnotes.store.journal import Journal
    from kbnotes.store.linked import LinkedFiles

_LAST_ID = re.compile("([0-9]{1,18})(?: ([0-9a-f]{8}))?")


class Store:
    """Reads need no lock; every change holds the writer's lock and is durable when it returns."""

    def __init__(self, base: Path) -> None:
        self.base = base
        self.entries = base / "entries"
        self.trash = base / "trash"
        self._last_id = base / "last-id"

    # What a change needs, and a search does not

    @cached_property
    def history(self) -> History:
        """The versions of all entries."""
        from kbnotes.store.history import History

        return History(self.base)

    @cached_property
    def journal(self) -> Journal:
        """What was done to the base."""
        from kbnotes.store.journal import Journal

        return Journal(self.base)

    @cached_property
    def linked(self) -> LinkedFiles:
        """What linked files held before."""
        from kbnotes.store.linked import LinkedFiles

        return LinkedFiles(self.base)

    @cached_property
    def _committer(self) -> Committer:
        from kbnotes.store.commit import Committer

        return Committer(self.base, self.history, self.journal)

    # Reading

    def scan(self, *, before: StampTable | None = None) -> StampTable:
        """Return the stamp of every entry file by its name, sorted. Opens no file, follows no symlink.

        `before`: what was returned while the directory had the same files; it is returned again if none has
        changed. Raises BaseError if the directory cannot be read: it is never taken for an empty one.
        """
        with self._listing():
            return stamps_in(self.entries, before=before)

    def stamp(self, name: str) -> Stamp | None:
        """Return the stamp of one entry file; None where it is none, or gone."""
        try:
            found = os.stat(f"{self.entries}/{name}", follow_symlinks=False)  # noqa: PTH116 (a Path takes twice as long)
        except OSError:
            return None
        is_file = stat.S_ISREG(found.st_mode)
        return Stamp(max(0, found.st_mtime_ns), found.st_size, found.st_ino) if is_file else None

    def folder_ns(self) -> int:
        """Return when the directory of entries last changed, which what comes or goes moves; -1 for none.

        Other programs set mtimes (`rsync -a`, `tar`); a change time nobody can set. Windows has none.
        """
        try:
            found = self.entries.lstat()
        except OSError:
            return -1
        changed = found.st_mtime_ns if os.name == "nt" else found.st_ctime_ns
        return changed if stat.S_ISDIR(found.st_mode) else -1

    def read(self, name: str) -> StoredEntry:
        """Return the entry in the file `name`. Raises FormatError, naming file and line, if it is none."""
        return self._read(self.entries / name)

    def is_without(self, name: str, texts: Iterable[bytes]) -> bool:
        """Tell whether a file, whole as kb writes it, has none of some texts anywhere in it."""
        try:
            content = files.read(self.entries / name, limit=codec.MAX_SIZE)
        except OSError:
            return False
        return content.endswith(b"...\n") and not any(text in content for text in texts)

    def read_file(self, path: Path) -> StoredEntry:
        """Return the entry in any file of the base, an earlier version for one. Raises FormatError."""
        return self._read(path)

    def find(self, entry_id: int) -> StoredEntry | None:
        """Return the entry with an id, or None; a file whose name says the id is looked at first."""
        names = sorted(self.scan(), key=lambda name: id_in(name) != entry_id)
        found = self._readable(self.entries / name for name in names)
        return next((stored for stored in found if stored.entry.id == entry_id), None)

    def trashed(self) -> tuple[StoredEntry, ...]:
        """Return the removed entries, the latest removal last; files that cannot be read are left out."""
        return tuple(self._readable(sorted(listed(self.trash), key=_moved)))

    def old_trash(self, limit: datetime) -> tuple[Path, ...]:
        """Return the files that came into the trash before `limit`."""
        return tuple(path for path in listed(self.trash) if _moved(path) < limit.timestamp() * 1e9)

    def exists(self, path: str) -> bool:
        """Tell whether there is anything under a path relative to the base."""
        return os.path.lexists(self.base / path)

    def is_taken(self, path: str, *, other_than: str) -> bool:
        """Tell whether `path` is the name of another file; a crash in a move leaves one under both names."""
        if not self.exists(path):
            return False
        return not (self.exists(other_than) and files.is_same(self.base / path, self.base / other_than))

    def used_ids(self) -> set[int]:
        """Return every id that an entry, a removed entry or an earlier version has."""
        return self.present_ids() | self.history.ids()

    def present_ids(self) -> set[int]:
        """Return every id that an entry or a removed entry has."""
        with self._listing():
            entries = os.listdir(self.entries)  # noqa: PTH208 (10,000 paths take 20 times as long as names)
        ids = {name: id_in(name) for name in entries}
        found = {
            number for number in (*ids.values(), *map(id_in, names_in(self.trash))) if number is not None
        }
        by_hand = (self.entries / name for name, number in ids.items() if number is None and is_entry(name))
        return found | {stored.entry.id for stored in self._readable(by_hand)}

    @contextmanager
    def _listing(self) -> Iterator[None]:
        """Turn an OSError into a BaseError: what cannot be read is never taken for an empty directory."""
        try:
            if self.entries.is_symlink():
                raise OSError(errno.ELOOP, os.strerror(errno.ELOOP))
            yield
        except OSError as error:
            raise BaseError(
                f"The entries in {self.entries} cannot be read: {files.reason(error)}.",
                hint="if the directory is gone, `kb init` makes a new one; it never deletes anything",
            ) from error

    def given_ids(self) -> set[int]:
        """Return every id that an entry has or, as the journal knows, ever had. Raises StorageError."""
        with files.reading(self.journal.path):
            operations = self.journal.operations()
        return self.used_ids() | {change.id for each in operations for change in each.changes}

    def next_id(self, used: Iterable[int]) -> int:
        """Return the first id above all that were ever given out. Raises StorageError."""
        return max(self._highest(), *used, 0) + 1

    # Writing: changes are planned by the methods here, and carried out by `commit`

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Hold the writer's lock: ids taken and files compared under it stay true until it is let go."""
        with files.writing(self.entries), locked(self.entries):
            yield

    def creation(self, entry: Entry) -> Planned:
        """Return the change that makes a file of a new entry."""
        content = codec.encode_entry(entry).encode()
        after = _state(f"entries/{file_name(entry.id, entry.title)}", content)
        return Planned(change=Change(id=entry.id, before=None, after=after), content=content)

    def replacement(self, old: StoredEntry, new: Entry) -> Planned:
        """Return the change that puts a new version in the place of `old`, as it was when it was read."""
        content = codec.encode_entry(new).encode()
        before = self.state_of(old)
        return Planned(
            change=Change(id=new.id, before=before, after=_state(before.path, content)), content=content
        )

    def unreadable(self, entry_id: int) -> FileState | None:
        """Return the file that is an entry by its name and cannot be read as one, or None."""
        for name in self.scan():
            if id_in(name) == entry_id:
                try:
                    self.read(name)
                except FormatError:
                    with files.reading(self.entries / name):
                        return _state(f"entries/{name}", files.read(self.entries / name))
        return None

    def keep_aside(self, entry: Entry, *, label: str) -> None:
        """Keep a version of an entry that does not become its content, unless it is kept already."""
        content = codec.encode_entry(entry).encode()
        if self.history.content(entry.id, codec.digest(content)) is None:
            with files.writing(self.history.directory):
                self.history.add(entry.id, content, label=label)

    def return_to(self, entry_id: int, present: FileState, content: bytes, *, label: str = "") -> Planned:
        """Return the change that makes `content`, an earlier version, the entry's content again."""
        change = Change(id=entry_id, before=present, after=_state(present.path, content))
        return Planned(change=change, content=content, label=label)

    def state_of(self, stored: StoredEntry) -> FileState:
        """Return the file of an entry as it was when it was read."""
        return FileState(path=f"entries/{Path(stored.path).name}", digest=stored.digest)

    def removal(self, stored: StoredEntry) -> Planned:
        """Return the change that moves an entry to the trash."""
        path = Path(stored.path)
        target = self.trash / path.name
        while self.is_taken(f"trash/{target.name}", other_than=f"entries/{path.name}"):
            target = target.with_name(f"{target.stem}-again.yaml")
        return self._move(stored, f"entries/{path.name}", f"trash/{target.name}")

    def revival(self, stored: StoredEntry) -> Planned:
        """Return the change that moves an entry back from the trash."""
        name = Path(stored.path).name
        if self.is_taken(f"entries/{name}", other_than=f"trash/{name}"):
            raise ConflictError(
                f"There is an entry file {name} already.", hint=f"the removed one stays in {stored.path}"
            )
        return self._move(stored, f"trash/{name}", f"entries/{name}")

    def reversal(self, change: Change) -> Planned | None:
        """Return the change that takes a change back; None if the content it asks for is no longer there."""
        back = change.reverse
        if back.after is None or (back.before and back.before.digest == back.after.digest):
            return Planned(change=back)
        content = self.history.content(back.id, back.after.digest)
        return None if content is None else Planned(change=back, content=content)

    def commit(
        self,
        command: str,
        planned: Sequence[Planned],
        *,
        undoes: int | None = None,
        sources: tuple[FileState, ...] = (),
        done: Callable[[], None] | None = None,
    ) -> Done:
        """Carry out changes as one operation; call it within `writing`. See `Committer.commit`."""
        made = [each.change.id for each in planned if each.change.before is None]
        if made:  # first, so that no crash lets an id be given twice; one that was never used is no loss
            self._remember(max(made))
        return self._committer.commit(command, planned, undoes=undoes, sources=sources, done=done)

    def states_of(self, paths: Iterable[str]) -> tuple[FileState, ...]:
        """Return what files of the base that are no entries hold now; paths out of it are left out."""
        return tuple(state for path in paths if not Path(path).is_absolute() if (state := self._found(path)))

    def _found(self, path: str) -> FileState | None:
        try:
            state = _state(path, files.read(self.base / path))
            return replace(state, mtime_ns=(self.base / path).lstat().st_mtime_ns)
        except OSError:
            return None

    def is_at(self, state: FileState) -> bool:
        """Tell whether a file is there and has the content that `state` says."""
        return self._committer.is_at(state)

    # What both need

    def _read(self, path: Path) -> StoredEntry:
        if not is_text(path.name):
            raise FormatError(f"{path.name}: its name is not UTF-8.")
        try:
            content = files.read(path, limit=codec.MAX_SIZE)
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

    def _move(self, stored: StoredEntry, path: str, target: str) -> Planned:
        before = FileState(path=path, digest=stored.digest)
        after = FileState(path=target, digest=stored.digest)
        return Planned(change=Change(id=stored.entry.id, before=before, after=after))

    def _highest(self) -> int:
        """Return the highest id ever given out by `commit`, which may be that of a file deleted by hand.

        Two machines that give out ids leave two lines in a merge of the file: the higher one holds. Where a
        line is damaged, the journal knows.
        """
        numbers, damaged = self.last_ids()
        if damaged:
            numbers |= self.given_ids()
        return max(numbers, default=0)

    def last_ids(self) -> tuple[set[int], bool]:
        """Return the ids that `last-id` names, and whether a line of it is not as kb wrote it."""
        try:
            lines = files.read(self._last_id).decode("ascii", "replace").split("\n")
        except FileNotFoundError:
            return set(), False
        except OSError as error:
            raise StorageError(f"{self._last_id} cannot be read: {files.reason(error)}.") from error
        found = [_LAST_ID.fullmatch(line) for line in lines if line]
        good = [int(each[1]) for each in found if each and each[2] in (None, _check_of(each[1]))]
        return set(good), len(good) < len(found) or not found

    def write_last_id(self, highest: int) -> None:
        """Put `highest` on record as the highest id ever given out. Raises StorageError."""
        with files.writing(self._last_id):
            files.replace(self._last_id, f"{highest} {_check_of(str(highest))}\n".encode())

    def _remember(self, highest: int) -> None:
        if highest > self._highest():
            self.write_last_id(highest)


def _check_of(number: str) -> str:
    """Return what stands behind a number in `last-id`, so that damage shows."""
    return codec.digest(number)[:8]


def _state(path: str, content: bytes) -> FileState:
    return FileState(path=path, digest=codec.digest(content))


def _moved(path: Path) -> int:
    """Return when a file was last renamed: a link or a rename changes nothing else of it."""
    try:
        return path.lstat().st_ctime_ns
    except OSError:
        return 0
