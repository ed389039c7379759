"""What the journal says of each file: the content that kb wrote last, and when."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from kbnotes.model import FileState, Operation

_SECOND = 1_000_000_000
_CLOSE_NS = 2_000  # programs that set times as floating point numbers are so far off


@dataclass(slots=True)
class Record:
    """The state of the files of a base after all operations."""

    states: dict[str, tuple[FileState, ...]] = field(default_factory=dict)  # several: any may be there
    ids: dict[str, int] = field(default_factory=dict)  # of the entries and removed entries, by path
    sources: set[str] = field(default_factory=set)  # paths of files that kb read and did not write
    written: dict[str, Operation] = field(default_factory=dict)  # path -> the operation that wrote it last

    def digests(self, path: str) -> list[str]:
        """Return the digests of the contents that may stand there, the latest last."""
        return [state.digest for state in self.states.get(path, ())]


def recorded(operations: Iterable[Operation]) -> Record:
    """Return what a journal says of the files."""
    record = Record()
    for operation in operations:
        for change in operation.changes:
            before, after = change.before, change.after
            if not operation.finished:
                _either(record, before, after, change.id)
            else:
                if before and (after is None or after.path != before.path):
                    record.states.pop(before.path, None)
                    record.ids.pop(before.path, None)
                if after:
                    record.states[after.path] = (after,)
                    record.ids[after.path] = change.id
            for state in (before, after):
                if state:
                    record.written[state.path] = operation
        for source in operation.sources:
            record.states[source.path] = (source,)
            record.sources.add(source.path)
    return record


def _either(record: Record, before: FileState | None, after: FileState | None, entry_id: int) -> None:
    """Take in a change that was made or not made."""
    for state in (before, after):
        if state is None:
            continue
        known = record.states.get(state.path, ())
        if state.digest not in [each.digest for each in known]:
            record.states[state.path] = (*known, state)
        record.ids[state.path] = entry_id


def is_same_time(recorded_ns: int, mtime_ns: int) -> bool:
    """Tell whether a file's mtime is the recorded one, perhaps with digits lost when it was copied."""
    if not recorded_ns:
        return False
    whole = mtime_ns % _SECOND == 0 and mtime_ns // _SECOND == recorded_ns // _SECOND
    return whole or abs(recorded_ns - mtime_ns) <= _CLOSE_NS
