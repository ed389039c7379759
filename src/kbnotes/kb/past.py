"""What was done to a base: the log, the versions of an entry, and how to take things back."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from difflib import unified_diff
from pathlib import Path

from kbnotes.errors import ConflictError, ConsentError, InputError, SelectorError
from kbnotes.kb.commit import Commit
from kbnotes.kb.consent import ask_if_many, ask_if_shrunk
from kbnotes.kb.fresh import FreshIndex
from kbnotes.model import Change, Difference, FileState, Log, Operation, StoredEntry, Summary, Undone, Version
from kbnotes.record import replace
from kbnotes.store import Planned, Store, files

KEPT_DAYS = 90  # a version is kept at least so long


class Past:
    """The past of one base."""

    def __init__(self, store: Store, index: FreshIndex, commit: Commit) -> None:
        self._store = store
        self._index = index
        self._commit = commit

    # Looking back

    def operations(self) -> tuple[Operation, ...]:
        """Return what was done, the latest first. Raises StorageError."""
        with files.reading(self._store.journal.path):
            return tuple(reversed(self._store.journal.operations()))

    def log(self, entry_id: int | None = None, *, limit: int | None = None) -> Log:
        """Return the latest operations, or those that changed one entry together with its versions.

        Raises SelectorError for an entry that never was.
        """
        everything = self.operations()
        found = [
            each
            for each in everything
            if entry_id is None or any(change.id == entry_id for change in each.changes)
        ]
        versions = self.versions(entry_id) if entry_id is not None else ()
        titles = {each.id: each.title for each in self._index.ask(lambda index: index.summaries())}
        if entry_id is not None and not found and not versions and entry_id not in titles:
            raise SelectorError(f"There is no entry {entry_id}, and there never was.")
        return Log(
            operations=tuple(found[:limit]),
            total=len(found),
            undone=_undone(everything),
            titles=titles,
            entry_id=entry_id,
            versions=versions[::-1],
        )

    def difference(self, entry_id: int, number: int | None) -> Difference:
        """Return what changed in an entry since a version; without a number, since the one before."""
        version = self.version(entry_id, number)
        stored = self._store.find(entry_id)
        if stored is None:
            raise SelectorError(
                f"There is no entry {entry_id}.", hint=f"in the trash? `kb restore {entry_id}` first"
            )
        lines = unified_diff(_lines(self.stored(version)), _lines(stored), lineterm="")
        return Difference(version=version, lines=tuple(lines)[2:])

    def versions(self, entry_id: int) -> tuple[Version, ...]:
        """Return the earlier versions of an entry, the first one first."""
        return self._store.history.versions(entry_id)

    def version(self, entry_id: int, number: int | None) -> Version:
        """Return a version; without a number, the last that was the entry's content. Raises SelectorError."""
        versions = self.versions(entry_id)
        if number is None:
            found = [each for each in versions if not each.label]
        else:
            found = [each for each in versions if each.number == number]
        if not found:
            which = "an earlier version" if number is None else f"a version {number}"
            raise SelectorError(
                f"There is no such thing as {which} of entry {entry_id}.",
                hint=f"`kb log {entry_id}` lists what there is",
            )
        return found[-1]

    def stored(self, version: Version) -> StoredEntry:
        """Return a version as an entry. Raises FormatError."""
        return self._store.read_file(Path(version.path))

    # Taking back

    def undo(self, number: int | None = None, *, yes: bool = False) -> Undone:
        """Take back an operation, by default the last that is not taken back yet.

        A change is taken back where the entry is as the operation left it, and left alone elsewhere.
        Raises SelectorError if there is no such operation, ConflictError if nothing of it could be taken
        back, ConsentError without `yes` for very many.
        """
        with self._store.writing():
            operation = self._pick(number)
            planned: list[Planned] = []
            left: list[tuple[Change, str]] = []
            for change in reversed(operation.changes):
                reason = self._obstacle(change)
                step = None if reason else self._store.reversal(change)
                if step:
                    planned.append(step)
                elif reason != _NOT_MADE or operation.finished:
                    left.append((change, reason or "its earlier version is no longer in the history"))
            if not planned:
                why = f": {left[0][1]}" if left else ", for nothing of it was done"
                raise ConflictError(
                    f"Operation {operation.number} ({operation.command}) was not undone{why}.",
                    hint="`kb log` lists what was done, `kb restore ID@VERSION` brings a version back",
                )
            ask_if_many(len(planned), what=f"put back to what was before the {operation.command}", yes=yes)
            names = self._commit("undo", planned, undoes=operation.number)
        self._index.refresh(names)
        return Undone(
            operation=operation, taken_back=tuple(each.change for each in planned), left=tuple(left)
        )

    def bring_back(self, entry_id: int, number: int | None, *, yes: bool = False) -> Summary:
        """Make a version the entry's content again; the present one, readable or not, goes to the history."""
        version = self.version(entry_id, number)
        with self._store.writing():
            stored = self._store.find(entry_id)
            present = self._store.state_of(stored) if stored else self._store.unreadable(entry_id)
            if present is None:
                raise SelectorError(
                    f"There is no entry {entry_id}.", hint=f"in the trash? `kb restore {entry_id}` first"
                )
            again = _seen_as(stored, self.stored(version))
            if again.digest == present.digest or (stored and again.entry == stored.entry):
                raise InputError(f"Version {version.number} is what entry {entry_id} says already.")
            if stored:
                ask_if_shrunk([(stored.entry, again.entry)], yes=yes)
            names = self._commit("restore", [self._return(again, stored, present)])
        self._index.refresh(names)
        path = str(self._store.entries / names[0])
        return StoredEntry(entry=again.entry, path=path, digest=again.digest).summary

    def _return(self, again: StoredEntry, stored: StoredEntry | None, present: FileState) -> Planned:
        """Return the change that makes a version the content again, byte for byte where it can be."""
        if stored and not again.digest:
            return self._store.replacement(stored, again.entry)
        content, label = files.read(Path(again.path)), "" if stored else "damaged"
        return self._store.return_to(again.entry.id, present, content, label=label)

    # Letting go

    def prune(self, *, days: int = KEPT_DAYS, dry_run: bool = False, yes: bool = False) -> tuple[Path, ...]:
        """Remove versions and trash older than `days`, and return them; an entry's newest version stays.

        Raises InputError for less than 90 days, ConsentError without `yes`.
        """
        if days < KEPT_DAYS:
            raise InputError(f"Versions are kept at least {KEPT_DAYS} days.")
        limit = datetime.now(UTC) - timedelta(days=days)
        with self._store.writing():
            found = [*self._old_versions(limit), *self._old_contents(limit), *self._store.old_trash(limit)]
            if dry_run or not found:
                return tuple(found)
            if not yes:
                raise ConsentError(f"{len(found)} files would be deleted for good.", hint="--yes does it")
            for path in found:
                with files.writing(path):
                    files.remove(path)
        return tuple(found)

    def _old_versions(self, limit: datetime) -> Iterable[Path]:
        newest: dict[int, int] = {}
        versions = list(self._store.history.all())
        for version in versions:
            newest[version.id] = max(version.number, newest.get(version.id, 0))
        for version in versions:
            if version.time < limit and version.number != newest[version.id]:
                yield Path(version.path)

    def _old_contents(self, limit: datetime) -> Iterable[Path]:
        """Return what linked files held before `limit`; the last of each stays."""
        found = list(self._store.linked.versions())
        newest = {path.parent: path for path, _ in found}
        return [path for path, time in found if time < limit and path != newest[path.parent]]

    # Shared by the above

    def _pick(self, number: int | None) -> Operation:
        operations = self.operations()
        if number is not None:
            found = [each for each in operations if each.number == number]
            if not found:
                raise SelectorError(f"There is no operation {number}.", hint="`kb log` lists what was done")
            return found[0]
        undone = _undone(operations)
        interrupted = {each.undoes for each in operations if not each.finished}
        for each in operations:
            if not each.changes or each.undoes is not None or each.number in undone:
                continue
            if each.number in interrupted and all(self._obstacle(one) == _NOT_MADE for one in each.changes):
                continue  # the undo was cut off when all was done
            return each
        raise SelectorError("There is nothing to undo.", hint="`kb log` lists what was done")

    def _obstacle(self, change: Change) -> str:
        """Return why a change cannot be taken back, in words; "" if it can."""
        before, after = change.before, change.after
        if after and self._store.is_at(after):
            if before and self._store.is_taken(before.path, other_than=after.path):
                return f"there is another file {before.path} by now"
            return ""
        if after is None and before and not self._store.exists(before.path):
            return ""
        is_undone = not self._store.exists(after.path) if before is None and after else False
        if is_undone or (before and self._store.is_at(before)):
            return _NOT_MADE
        return f"entry {change.id} was changed since"


_NOT_MADE = "it is as it was before that already"


def _seen_as(stored: StoredEntry | None, again: StoredEntry) -> StoredEntry:
    """Return a version with what the entry's source says now: what its file had last is no older for that.

    Otherwise a version as it was imported would pass for an entry that nobody has edited, and the file for
    one that was, and the next import would overwrite what was brought back.
    """
    if stored is None or stored.entry.source in (None, again.entry.source):
        return again
    entry = replace(again.entry, source=stored.entry.source)
    return StoredEntry(entry=entry, path=again.path, digest="")


def _lines(stored: StoredEntry) -> list[str]:
    entry = stored.entry
    return [f"title: {entry.title}", f"tags: {', '.join(entry.tags)}", "", *entry.body.split("\n")]


def _undone(operations: Iterable[Operation]) -> frozenset[int]:
    """Return the numbers of the operations taken back, given the latest first; an undo may be, too."""
    undone: set[int] = set()
    for each in operations:
        if each.undoes is not None and each.finished and each.number not in undone:
            undone.add(each.undoes)
    return frozenset(undone)
