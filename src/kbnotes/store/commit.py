"""Carrying out changes: checked first, then made one by one, then written into the journal."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from kbnotes import codec
from kbnotes.errors import ConflictError, StorageError
from kbnotes.model import Change, FileState, Operation
from kbnotes.record import replace
from kbnotes.store import files
from kbnotes.store.history import History
from kbnotes.store.journal import Journal
from kbnotes.store.planned import Done, Planned

_NO_FILE = (errno.ENOENT, errno.ENOTDIR, errno.EISDIR, errno.ELOOP, errno.EINVAL)  # no regular file


class Committer:
    """Makes the changes of an operation, each durable and whole, in one base."""

    def __init__(self, base: Path, history: History, journal: Journal) -> None:
        self._base = base
        self._history = history
        self._journal = journal

    def commit(
        self,
        command: str,
        planned: Sequence[Planned],
        *,
        undoes: int | None = None,
        sources: tuple[FileState, ...] = (),
        done: Callable[[], None] | None = None,
    ) -> Done:
        """Make the changes of `planned` and journal them as one operation.

        Nothing is written if a file is not as its change expects it: ConflictError. Several changes are
        announced in the journal first. A StorageError in the middle leaves each change made or not made.
        """
        self._check(planned)
        operation = Operation(
            number=self._next_number(),
            time=datetime.now(UTC).replace(microsecond=0),
            command=command,
            changes=tuple(each.change for each in planned),
            undoes=undoes,
            sources=sources,
            finished=len(planned) < 2,
        )
        if not operation.finished:
            with files.writing(self._journal.path):
                self._journal.append(operation)
        made = self._make(planned, done)
        operation = replace(operation, changes=tuple(made))
        try:
            if operation.finished:
                self._journal.append(operation)
            else:
                self._journal.finish(operation)
        except OSError as error:
            return Done(operation=operation, unrecorded=files.reason(error))
        return Done(operation=replace(operation, finished=True))

    def is_at(self, state: FileState) -> bool:
        """Tell whether a file is there and has the content that `state` says.

        Raises StorageError for a file that is there and cannot be read: that says nothing about its content.
        """
        path = self._base / state.path
        with files.reading(path):
            try:
                return codec.digest(files.read(path)) == state.digest
            except OSError as error:
                if error.errno in _NO_FILE:
                    return False
                raise

    def _is_as_expected(self, change: Change) -> bool:
        if change.before is not None:
            return self.is_at(change.before)
        return change.after is None or not os.path.lexists(self._base / change.after.path)

    def _next_number(self) -> int:
        with files.reading(self._journal.path):
            return self._journal.next_number()

    def _check(self, planned: Sequence[Planned]) -> None:
        changed = [each for each in planned if not self._is_as_expected(each.change)]
        if not changed:
            return
        kept = [self._keep_out(each) for each in changed if each.content is not None]
        who = ", ".join(str(each.change.id) for each in changed)
        raise ConflictError(
            f"Entr{'y' if len(changed) == 1 else 'ies'} {who} changed while you were at it, so nothing was "
            "overwritten.",
            hint=f"your version is kept in {', '.join(map(str, kept))}" if kept else "nothing was changed",
        )

    def _keep_out(self, each: Planned) -> Path:
        with files.writing(self._history.directory):
            return self._history.add(each.change.id, each.content or b"", label="yours")

    def _make(self, planned: Sequence[Planned], done: Callable[[], None] | None) -> list[Change]:
        made: list[Change] = []
        fresh: set[Path] = set()  # directories with new names that are not durable yet
        try:
            for each in planned:
                with files.writing(self._base / _path(each.change)):
                    made.append(self._make_one(each, fresh))
                if done:
                    done()
        except StorageError as error:
            if made:
                error.hint = (
                    f"{len(made)} of {len(planned)} changes were made; `kb undo` takes them back, and the "
                    "same command makes the rest once there is room"
                )
            raise
        finally:
            for directory in fresh:
                with files.writing(directory):
                    files.sync(directory)
        return made

    def _make_one(self, each: Planned, fresh: set[Path]) -> Change:
        before, after = each.change.before, each.change.after
        if before is None and after is not None:
            path = self._base / after.path
            files.create(path, each.content or b"", sync_directory=False)
            fresh.add(path.parent)
        elif before is not None and after is None:
            self._history.move(each.change.id, self._base / before.path, before.digest)
        elif before is not None and after is not None and before.path == after.path:
            self._replace(each, before, after)
        elif before is not None and after is not None:
            target = self._base / after.path
            files.make_directory(target.parent)
            files.move(self._base / before.path, target)
        return replace(each.change, after=after and self._as_written(after))

    def _replace(self, each: Planned, before: FileState, after: FileState) -> None:
        """Give the old version its name in the history, see that it is what was expected, and replace it."""
        path = self._base / before.path
        kept = self._history.keep(each.change.id, path, before.digest, label=each.label)
        if codec.digest(files.read(kept)) != before.digest:
            kept.unlink()
            self._check([each])
        files.replace(self._base / after.path, each.content or b"")

    def _as_written(self, state: FileState) -> FileState:
        return replace(state, mtime_ns=(self._base / state.path).lstat().st_mtime_ns)


def _path(change: Change) -> str:
    state = change.after or change.before
    return state.path if state else ""
