"""Checks of the files that only kb writes: history, journal, last-id; and of what a crash left half done."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kbnotes import codec
from kbnotes.errors import StorageError
from kbnotes.kb.doctor.content import ways_back
from kbnotes.kb.doctor.exam import LAST_ID, Exam, note, problem
from kbnotes.kb.doctor.survey import Item
from kbnotes.model import Finding, Operation
from kbnotes.store import files
from kbnotes.store.journal import NAME as JOURNAL
from kbnotes.store.journal import checked
from kbnotes.store.linked import version_digest

_NAMED = 5  # entries named one by one
_FAR = 1000  # ids that a number without check digits may be ahead of all that are known
_PLAIN = re.compile("[0-9]{1,18}")
_CHECKED = re.compile("[0-9]{1,18} [0-9a-f]{8}")


def history(exam: Exam) -> Iterator[Finding]:
    """Find versions that do not hold what their names say."""
    for path, version in exam.versions.items():
        item = exam.survey.items[path]
        if item.digest and not item.digest.startswith(version.digest):
            yield problem(path, "does not hold what its name says", ways_back(exam, item))
    for item in exam.survey.items.values():
        digest = version_digest(item.name) if item.place.startswith("linked/") and item.digest else None
        if digest is not None and not item.digest.startswith(digest):
            yield problem(item.path, "does not hold what its name says", ways_back(exam, item))


def journal(exam: Exam) -> Iterator[Finding]:
    """Find lines of the journal that are not as kb wrote them, and lines that are gone."""
    item = exam.survey.items.get(JOURNAL)
    seen = exam.memory.get(JOURNAL)
    if item is None:
        # A clone of a base in git has none; an older kb kept none, and wrote last-id without check digits.
        if seen or any(_CHECKED.fullmatch(line) for line in _last_id_lines(exam)):
            level = problem if seen else note
            yield level(JOURNAL, "is missing", "what was done before is no longer known to `kb log`")
        return
    content = exam.journal
    lines = content.split(b"\n")
    for number in exam.store.journal.damaged() if content else ():
        line = lines[number - 1]
        if _is_torn(line):
            yield note(JOURNAL, f"has a line {number} that a crash cut off; kb passes it over")
        else:
            yield problem(
                JOURNAL,
                f"has a line {number} that is not what kb wrote",
                "kb passes it over; the others hold",
            )
    if not content and not item.error:
        yield problem(JOURNAL, "is empty")
    if seen and (len(content) < seen.size or codec.digest(content[: seen.size]) != seen.digest):
        yield problem(JOURNAL, "has lost what it held at the last `kb doctor`; kb only ever appends to it")
    yield from _skipped(exam)


def _is_torn(line: bytes) -> bool:
    """Tell a line whose end was never written from one that was damaged in its last character."""
    head = b'{"check": "'
    begins = line.startswith(head[: len(line)]) if len(line) < len(head) else line.startswith(head)
    return (
        begins
        and not line.endswith(b"}")
        and not any(map(_is_whole, (line[:-1] + b"}", line + b"}", line[:-1])))
    )


def _is_whole(line: bytes) -> bool:
    return checked(line) is not None


def _skipped(exam: Exam) -> Iterator[Finding]:
    numbers = [operation.number for operation in exam.operations]
    absent = sorted(set(range(1, max(numbers, default=0) + 1)) - set(numbers))
    if absent:
        named = ", ".join(map(str, absent[:_NAMED])) + (" …" if len(absent) > _NAMED else "")
        yield problem(JOURNAL, f"lacks the operation {named}", "nothing else is wrong because of that")


def last_id(exam: Exam) -> Iterator[Finding]:
    """Find a last-id that is not as kb wrote it."""
    if LAST_ID not in exam.survey.items:
        if any(change.before is None for each in exam.operations for change in each.changes):
            yield note(
                LAST_ID, "is missing: the next id is taken from what is there", "--fix writes it again"
            )
        return
    try:
        numbers, is_damaged = exam.store.last_ids()
    except StorageError:
        return  # which `unreadable` or `symlinks` says
    wild = unchecked(exam)
    if is_damaged or wild:
        yield problem(LAST_ID, "is not as kb wrote it", "`kb doctor --fix` writes it again")
    elif not numbers:
        yield problem(LAST_ID, "is empty", "`kb doctor --fix` writes it again")


def unchecked(exam: Exam) -> set[int]:
    """Return the numbers in last-id that have no check digits and are far above all ids that are known.

    kb wrote numbers without check digits once; a damaged one can look the same.
    """
    lines = _last_id_lines(exam)
    plain = {int(line) for line in lines if _PLAIN.fullmatch(line)}
    limit = max(exam.known_ids(), default=0) + _FAR
    return {number for number in plain if number > limit}


def _last_id_lines(exam: Exam) -> list[str]:
    try:
        return files.read(exam.store.base / LAST_ID).decode("ascii", "replace").split("\n")
    except OSError:
        return []


def unfinished(exam: Exam) -> Iterator[Finding]:
    """Find operations that began and never ended, where some of their changes are still not made."""
    undone = {each.undoes for each in exam.operations}
    for operation in exam.operations:
        if not operation.finished and operation.number not in undone:
            yield from _unfinished(exam, operation)


def _unfinished(exam: Exam, operation: Operation) -> Iterator[Finding]:
    made: list[int] = []
    open_: list[int] = []
    for change in operation.changes:
        before, after = change.before, change.after
        path = after.path if after else before.path if before else ""
        if exam.record.written.get(path) is not operation:
            continue  # changed again since
        item = exam.survey.items.get(path)
        if after is None or before is None:
            is_made = (item is None) == (after is None)
        else:
            is_made = item is not None and item.digest == after.digest
        (made if is_made else open_).append(change.id)
    if not open_:
        return
    what = f"operation {operation.number} ({operation.command}) was cut off"
    done = f"made for {_named(made)}" if made else "made for none"
    yield note(
        JOURNAL,
        f"says that {what}: {done}, not made for {_named(open_)}",
        f"`kb undo {operation.number}` takes it back, the same command makes the rest",
    )


def _named(ids: list[int]) -> str:
    if len(ids) > _NAMED:
        return f"{len(ids)} entries ({', '.join(map(str, ids[:_NAMED]))} …)"
    return f"entr{'y' if len(ids) == 1 else 'ies'} {', '.join(map(str, ids))}"


def two_names(exam: Exam) -> Iterator[Finding]:
    """Find files that stand under two names, as a crash in the middle of a move leaves them."""
    for first, second in doubles(exam):
        yield problem(
            first.path,
            f"stands also as {second.path}: kb was ended in the middle of a move",
            "`kb doctor --fix` finishes it",
        )


def doubles(exam: Exam) -> Iterator[tuple[Item, Item]]:
    """Yield each file of entries/ or trash/ that has a second name in trash/ or history/, with that name."""
    found: dict[tuple[int, int], list[Item]] = {}
    for item in exam.survey.files():
        if item.place in ("entries", "trash") or item.path in exam.versions:
            found.setdefault(item.identity, []).append(item)
    order = ("entries", "trash")
    for items in found.values():
        items.sort(key=lambda item: order.index(item.place) if item.place in order else len(order))
        if len(items) > 1:
            yield items[0], items[-1]
