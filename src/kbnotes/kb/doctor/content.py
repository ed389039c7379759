"""Checks of what the files hold: readable, as kb wrote it, all there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

from kbnotes.config import MARKER
from kbnotes.errors import FormatError
from kbnotes.kb.doctor.exam import DIRECTORIES, LAST_ID, Exam, note, problem
from kbnotes.kb.doctor.record import is_same_time
from kbnotes.kb.doctor.survey import Item
from kbnotes.kb.linked_files import LINKED, read_linked
from kbnotes.kb.past import KEPT_DAYS
from kbnotes.kb.searches import SEARCHES, read_searches
from kbnotes.model import Finding, Operation
from kbnotes.store.journal import NAME as JOURNAL
from kbnotes.store.names import is_entry

FEW = 20  # entries that a person may have deleted by hand


def directories(exam: Exam) -> Iterator[Finding]:
    """Find directories that are missing, unreadable, or something else."""
    gone = exam.survey.items.get("entries")
    if gone is None and not exam.survey.items["."].error:
        known = len([path for path in exam.record.ids if path.startswith("entries/")])
        said = f"is missing, and with it {known} entries" if known else "is missing"
        yield problem(
            "entries",
            said,
            "is its disk or folder there? Bring it back from a backup; kb takes nothing for deleted",
        )
    for path in (".", *DIRECTORIES):
        item = exam.survey.items.get(path)
        if item and item.kind in ("file", "other"):
            yield problem(path, "is no directory", "move it elsewhere")
    for item in exam.survey.items.values():
        if item.kind == "directory" and item.error:
            yield problem(item.path, f"cannot be read: {item.error}", "no file in it was checked")


def unreadable(exam: Exam) -> Iterator[Finding]:
    """Find files that cannot be read, and entry files that hold no entry."""
    for item in exam.survey.items.values():
        if item.kind == "file" and item.error:
            yield problem(item.path, f"cannot be read: {item.error}")
        elif item.wrong:
            yield problem(item.path, item.wrong, ways_back(exam, item))
        elif item.kind in ("directory", "other") and item.place == "entries" and is_entry(item.name):
            yield problem(item.path, "is no file, so no entry is read from it", "move it elsewhere")


def damaged(exam: Exam) -> Iterator[Finding]:
    """Find content that changed without a trace of anyone changing it."""
    for item in exam.survey.files():
        said = _damage(exam, item)
        if said:
            yield problem(item.path, said, ways_back(exam, item))


def _damage(exam: Exam, item: Item) -> str:
    """Return why a file's content must be damage, or ""."""
    states = exam.record.states.get(item.path, ())
    if item.digest in [state.digest for state in states]:
        return ""
    if any(is_same_time(state.mtime_ns, item.mtime_ns) for state in states):
        who = "kb read" if item.path in exam.record.sources else "kb wrote"
        return f"is not what {who}, although its time of change says that it is"
    seen = exam.memory.get(item.path)
    if seen and seen.digest != item.digest and is_same_time(seen.mtime_ns, item.mtime_ns):
        return "is not what it was at the last `kb doctor`, although its time of change says that it is"
    if item.place == "trash" and states:
        return "is not what kb put into the trash; only kb writes there"
    return ""


def changed(exam: Exam) -> Iterator[Finding]:
    """Find entries, topics and imported files that someone else changed: that is allowed."""
    for item in exam.survey.files():
        digests = exam.record.digests(item.path)
        if not digests or item.digest in digests or item.place == "trash":
            continue
        if item.wrong or _damage(exam, item):
            continue  # a problem, which is told already
        if item.path == MARKER:
            yield note(item.path, "was changed since kb made it")
        elif item.path in exam.record.sources:
            hint = f"`kb import {item.path}` brings the entries up to date"
            yield note(item.path, "was changed since kb imported it", hint)
        else:
            yield note(item.path, "was changed outside kb")


def missing(exam: Exam) -> Iterator[Finding]:
    """Find files that should be there, as the journal says, and are gone without kb having removed them."""
    if not exam.survey.is_directory("entries"):
        return  # which says it all
    used = {item.entry.id for item in exam.survey.entries("entries", "trash") if item.entry}
    gone = [path for path in exam.record.ids if _is_gone(exam, path, used)]
    entries = [path for path in gone if path.startswith("entries/")]
    left = len(exam.survey.files("entries"))
    many = len(entries) > FEW or (len(entries) > 1 and len(entries) > left)
    for path in gone:
        level = problem if many and path in entries else note
        yield level(path, "is gone, and it was not kb that removed it", _versions_hint(exam, path))
    if MARKER not in exam.survey.items:
        yield note(MARKER, "is missing: no tags are proposed", "`kb init` makes a new one")
    yield from _missing_versions(exam)


def _is_gone(exam: Exam, path: str, used: set[int]) -> bool:
    operation = exam.record.written[path]
    if path in exam.survey.items or exam.record.ids[path] in used or not operation.finished:
        return False
    # `kb prune` removes what is old from the trash and writes nothing down.
    return not path.startswith("trash/") or _is_recent(exam, operation)


def _is_recent(exam: Exam, operation: Operation) -> bool:
    return exam.now - operation.time < timedelta(days=KEPT_DAYS - 1)


def _missing_versions(exam: Exam) -> Iterator[Finding]:
    kept = {(version.id, version.digest) for version in exam.versions.values()}
    for operation in exam.operations:
        if not operation.finished or not _is_recent(exam, operation):
            continue
        for change in operation.changes:
            before, after = change.before, change.after
            if before is None or (after and after.digest == before.digest):
                continue
            if (change.id, before.digest[:16]) not in kept:
                said = f"has no version of entry {change.id} from before operation {operation.number}"
                hint = f"`kb undo {operation.number}` cannot take it back"
                yield note("history", f"{said} ({operation.command})", hint)


def topics(exam: Exam) -> Iterator[Finding]:
    """Find topics that cannot be read."""
    from kbnotes.kb.fresh import read_topics

    if said := _misread(exam, MARKER, lambda: read_topics(exam.store.base / MARKER)):
        yield problem(MARKER, f"cannot be read: {said}", "until it is mended, no tags are proposed")


def searches(exam: Exam) -> Iterator[Finding]:
    """Find saved searches that cannot be read."""
    if said := _misread(exam, SEARCHES, lambda: read_searches(exam.store.base)):
        yield problem(SEARCHES, f"cannot be read: {said}", "until it is mended, no saved search can be asked")


def linked(exam: Exam) -> Iterator[Finding]:
    """Find a list of linked files that cannot be read."""
    if said := _misread(exam, LINKED, lambda: read_linked(exam.store.base)):
        yield problem(LINKED, f"cannot be read: {said}", "until it is mended, no file is kept in step")


def _misread(exam: Exam, name: str, read: Callable[[], object]) -> str:
    """Return what is wrong with a file as its reader says it, or ""."""
    item = exam.survey.items.get(name)
    if item is None or item.kind != "file" or item.error:
        return ""
    try:
        read()
    except FormatError as error:
        return error.message.removeprefix(name).lstrip(",: ").removesuffix(".")
    return ""


def ways_back(exam: Exam, item: Item) -> str:
    """Return what to do about a damaged file, in words."""
    from kbnotes.kb.doctor.restoring import proven_source

    if source := proven_source(exam, item.path):
        return f"`kb doctor --fix` brings back what it held, from {source.path}"
    if item.path in (JOURNAL, LAST_ID):
        return ""
    if older := _versions_hint(exam, item.path):
        return older
    if item.wrong:
        return "mend it by hand, or bring it back from a backup"
    return f"bring it back from a backup; if it is right as it is, `touch {item.path}`"


def _versions_hint(exam: Exam, path: str) -> str:
    """Return where older versions of an entry are, if there are any."""
    item = exam.survey.items.get(path)
    entry_id = exam.record.ids.get(path) or (item.entry.id if item and item.entry else None)
    newest = exam.newest.get(entry_id or 0)
    if newest is None:
        return ""
    return f"`kb log {entry_id}` lists older versions, `kb restore {entry_id}@{newest}` brings the last back"
