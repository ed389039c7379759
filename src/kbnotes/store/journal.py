"""The journal: what was done to a base, in a file that is only ever appended to.

A line is written and synced after a change; before a change to several files stands a line with the intent,
and the one after it says that all was done. So a crash leaves an operation that is whole, or one known to be
unfinished, or a torn last line, which counts as never written.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from kbnotes import codec
from kbnotes.model import Change, FileState, Operation
from kbnotes.record import replace
from kbnotes.store import files

NAME = "journal.jsonl"

_CHECK = 16  # hex digits of a line's own digest
_HEAD = '{"check": "'
_BEHIND_CHECK = '", '
_TAIL = 64 * 1024  # bytes read first to find the last line


class Journal:
    """The journal of one base. Append to it only while holding the writer's lock."""

    def __init__(self, base: Path) -> None:
        self.path = base / NAME

    def operations(self) -> tuple[Operation, ...]:
        """Return every operation, the first one first. Damaged lines are passed over; see `damaged`.

        Raises OSError if the journal is there and cannot be read.
        """
        found: dict[int, Operation] = {}
        for _, raw in self._lines():
            if raw is None:
                continue
            if "done" in raw:
                if (begun := found.get(raw["done"])) is not None:
                    found[raw["done"]] = _finished(begun, raw["mtimes"])
            else:
                operation = _operation(raw)
                found[operation.number] = operation
        return tuple(found[number] for number in sorted(found))

    def damaged(self) -> tuple[int, ...]:
        """Return the numbers of the lines that are not what kb wrote, a torn last one among them."""
        return tuple(line for line, raw in self._lines() if raw is None)

    def next_number(self) -> int:
        """Return the number for the next operation."""
        size = _TAIL
        while True:
            tail, whole = self._tail(size)
            lines = tail.split(b"\n")
            for line in reversed(lines if whole else lines[1:]):
                if (raw := checked(line)) is not None:
                    return int(raw.get("number", raw.get("done", 0))) + 1
            if whole:
                return 1
            size *= 16

    def append(self, operation: Operation) -> None:
        """Write an operation; it is on the disk when this returns. Raises OSError."""
        self._append(_raw(operation))

    def finish(self, operation: Operation) -> None:
        """Write that an operation whose intent was appended is done. Raises OSError."""
        mtimes = [change.after.mtime_ns if change.after else 0 for change in operation.changes]
        self._append({"done": operation.number, "mtimes": mtimes})

    def _append(self, raw: dict[str, Any]) -> None:
        text = json.dumps(raw)[1:]
        line = f"{_HEAD}{codec.digest(text)[:_CHECK]}{_BEHIND_CHECK}{text}\n"
        files.append_line(self.path, line.encode())

    def _tail(self, size: int) -> tuple[bytes, bool]:
        try:
            return files.read_end(self.path, size)
        except FileNotFoundError:
            return b"", True

    def _lines(self) -> Iterator[tuple[int, dict[str, Any] | None]]:
        """Yield the number of each line with what it holds, or None for a damaged one."""
        try:
            content = files.read(self.path)
        except FileNotFoundError:
            return
        for number, line in enumerate(content.split(b"\n"), 1):
            if line:
                yield number, checked(line)


def checked(line: bytes) -> dict[str, Any] | None:
    """Return what a line holds, or None if it is not, to the byte, what kb wrote."""
    try:
        text = line.decode("ascii")
    except UnicodeDecodeError:
        return None
    start = len(_HEAD) + _CHECK + len(_BEHIND_CHECK)
    check, body = text[len(_HEAD) : len(_HEAD) + _CHECK], text[start:]
    if f"{_HEAD}{check}{_BEHIND_CHECK}{body}" != text or codec.digest(body)[:_CHECK] != check:
        return None
    return dict(json.loads("{" + body))


def _raw(operation: Operation) -> dict[str, Any]:
    raw: dict[str, Any] = {
        "number": operation.number,
        "time": operation.time.isoformat(),
        "command": operation.command,
    }
    if operation.undoes is not None:
        raw["undoes"] = operation.undoes
    if operation.sources:
        raw["sources"] = [_state_raw(state) for state in operation.sources]
    if not operation.finished:
        raw["intent"] = True
    raw["changes"] = [
        [change.id, _state_raw(change.before), _state_raw(change.after)] for change in operation.changes
    ]
    return raw


def _operation(raw: dict[str, Any]) -> Operation:
    changes = (
        Change(id=number, before=_state(before), after=_state(after))
        for number, before, after in raw["changes"]
    )
    sources = (_state(state) for state in raw.get("sources", ()))
    return Operation(
        number=raw["number"],
        time=datetime.fromisoformat(raw["time"]),
        command=raw["command"],
        changes=tuple(changes),
        undoes=raw.get("undoes"),
        sources=tuple(state for state in sources if state),
        finished=not raw.get("intent", False),
    )


def _finished(begun: Operation, mtimes: list[int]) -> Operation:
    changes = (
        replace(change, after=change.after and replace(change.after, mtime_ns=mtime))
        for change, mtime in zip(begun.changes, mtimes, strict=True)
    )
    return replace(begun, changes=tuple(changes), finished=True)


def _state_raw(state: FileState | None) -> list[str | int] | None:
    return None if state is None else [state.path, state.digest, state.mtime_ns]


def _state(raw: list[Any] | None) -> FileState | None:
    if raw is None:
        return None
    path, digest, mtime_ns = raw
    return FileState(path=path, digest=digest, mtime_ns=mtime_ns)
