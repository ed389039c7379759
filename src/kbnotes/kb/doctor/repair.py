"""Repairs: only where a proven source exists, and with the damaged file kept."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from kbnotes import codec
from kbnotes.kb.doctor.exam import LAST_ID, Exam
from kbnotes.kb.doctor.names import is_superfluous, is_temp, too_wide
from kbnotes.kb.doctor.own import doubles, unchecked
from kbnotes.kb.doctor.restoring import entry_id_of, proven_source
from kbnotes.kb.doctor.survey import Item
from kbnotes.model import Change, FileState, Finding, Repair
from kbnotes.store import Planned, files

_CONTENT = ("unreadable", "damaged", "history")


def repair(exam: Exam, findings: Iterable[Finding]) -> Iterator[Repair]:
    """Mend what can be, one by one, within `store.writing()`. Raises StorageError."""
    wanted = {name: [each for each in findings if each.check == name] for name in {f.check for f in findings}}
    for path in dict.fromkeys(each.path for name in _CONTENT for each in wanted.get(name, ())):
        yield from _restore(exam, path)
    if "two-names" in wanted:
        yield from _finish_moves(exam)
    if "temp-files" in wanted:
        yield from _remove_temp_files(exam)
    if "last-id" in wanted:
        yield from _rewrite_last_id(exam)
    if "permissions" in wanted:
        yield from _tighten(exam)


def _restore(exam: Exam, path: str) -> Iterator[Repair]:
    """Bring back what a file held, from a file that holds it still; keep the damaged one in the history."""
    item, source = exam.survey.items.get(path), proven_source(exam, path)
    entry_id = entry_id_of(exam, item) if item else None
    if item is None or source is None or entry_id is None or not item.digest:
        return
    target = exam.store.base / path
    with files.writing(target):
        right, wrong = files.read(exam.store.base / source.path), files.read(target)
        if codec.digest(right) != source.digest or codec.digest(wrong) != item.digest:
            return  # they have changed since they were read
        kept = exam.store.history.add(entry_id, wrong, label="damaged")
        files.replace(target, right)
    where = kept.relative_to(exam.store.base).as_posix()
    yield Repair(path=path, said=f"holds again what it held, from {source.path}; the damaged file is {where}")


def _finish_moves(exam: Exam) -> Iterator[Repair]:
    for first, second in doubles(exam):
        if second.path in exam.versions:
            with files.writing(exam.store.base / second.path):
                files.remove(exam.store.base / second.path)
            yield Repair(path=second.path, said=f"is gone: the file stands as {first.path}, as before")
        elif first.place != second.place and first.entry:
            yield _finish_move(exam, first, second, first.entry.id)


def _finish_move(exam: Exam, entry: Item, trashed: Item, entry_id: int) -> Repair:
    """Finish what moved an entry to the trash or back: away from where the journal knows it to be."""
    to_entries = exam.record.ids.get(trashed.path) == entry_id and entry.path not in exam.record.ids
    old, new = (trashed, entry) if to_entries else (entry, trashed)
    change = Change(
        id=entry_id,
        before=FileState(path=old.path, digest=old.digest),
        after=FileState(path=new.path, digest=new.digest),
    )
    exam.store.commit("doctor", [Planned(change=change)])
    return Repair(path=old.path, said=f"is now {new.path} only: the move is finished")


def _remove_temp_files(exam: Exam) -> Iterator[Repair]:
    for item in exam.survey.files():
        if is_temp(item) and is_superfluous(exam, item):
            path = exam.store.base / item.path
            with files.writing(path):
                files.remove(path)
            yield Repair(path=item.path, said="is removed: nothing was in it that is not elsewhere")


def _rewrite_last_id(exam: Exam) -> Iterator[Repair]:
    """Write last-id from every id that is or was in use, and from what it holds that is not damaged."""
    stands = exam.store.last_ids()[0] - unchecked(exam)
    highest = max(stands | exam.known_ids() | exam.store.used_ids(), default=0)
    exam.store.write_last_id(highest)
    yield Repair(path=LAST_ID, said=f"says {highest} now, the highest id that is or was in use")


def _tighten(exam: Exam) -> Iterator[Repair]:
    for item in too_wide(exam):
        path = Path(exam.store.base / item.path)
        mode = 0o700 if item.kind == "directory" else 0o600
        with files.writing(path):
            if not path.is_symlink():
                path.chmod(mode)
        yield Repair(path=item.path, said=f"is private now (mode {mode:04o})")
