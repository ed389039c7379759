"""Operations, versions and differences -> lines."""

from __future__ import annotations

from kbnotes.model import Change, Difference, Log, Operation, Undone, Version
from kbnotes.render.line import Line
from kbnotes.render.safe import safe, safe_line
from kbnotes.render.screen import Screen

MANY = 20  # entries of an undo named one by one
NAMED = 3  # entries of an operation named one by one
_COLOURS = {"+": "kb.tag", "-": "kb.error", "@": "kb.dim"}


def write_log(screen: Screen, log: Log) -> None:
    """Write an entry's versions, if one was asked for, then the operations; the latest first."""
    for version in log.versions:
        screen.line(*_version(version))
    if log.versions and log.operations:
        screen.line()
    for operation in log.operations:
        screen.line(*_operation(operation, log))


def write_undone(screen: Screen, undone: Undone) -> None:
    """Write what became of each entry."""
    operation = undone.operation
    screen.line(
        "undone  ",
        Line(f"{operation.number}", "kb.id"),
        f"  {safe_line(operation.command)} of {_when(operation)}",
    )
    told = sorted(undone.taken_back, key=lambda change: change.id)
    for change in told[:MANY]:
        name = change.after or change.before
        path = Line(safe_line(name.path) if name else "", "kb.dim")
        lead = Line.assemble("  ", Line(f"{change.id:>4}", "kb.id"), "  ")
        screen.paragraph(Line.assemble(f"{_said(change)}  ", path), indent=8, lead=lead)
    if len(told) > MANY:
        screen.line(f"  … and {len(told) - MANY} more")


def write_difference(screen: Screen, difference: Difference) -> None:
    """Write a diff, its lines coloured where that is possible."""
    for line in difference.lines:
        screen.line(Line(safe(line), _COLOURS.get(line[:1], "")))


def _version(version: Version) -> list[Line | str]:
    what = {"": "replaced", "yours": "kept out by a conflict", "file": "what the linked file says"}.get(
        version.label, version.label
    )
    return [Line(f"@{version.number}", "kb.id"), f"  {version.time:%Y-%m-%d %H:%M}  {what}"]


def _operation(operation: Operation, log: Log) -> list[Line | str]:
    dim = operation.number in log.undone
    pieces: list[Line | str] = [
        Line(f"{operation.number:>5}", "kb.id"),
        f"  {_when(operation)}  ",
        Line(f"{safe_line(operation.command):8}", "kb.dim" if dim else ""),
    ]
    pieces += ["  ", _entries(operation, log)]
    if operation.undoes is not None:
        pieces.append(Line(f"  of {operation.undoes}", "kb.dim"))
    if dim:
        pieces.append(Line("  undone", "kb.warning"))
    if not operation.finished:
        pieces.append(Line("  interrupted", "kb.warning"))
    return pieces


def _entries(operation: Operation, log: Log) -> str:
    ids = [change.id for change in operation.changes]
    if len(ids) == 1:
        return f"{ids[0]}  {safe_line(log.titles.get(ids[0], ''))}".rstrip()
    named = ", ".join(str(each) for each in ids[:NAMED])
    return f"{len(ids)} entries: {named}{' …' if len(ids) > NAMED else ''}" if ids else ""


def _said(change: Change) -> str:
    """Return in a word what a change did."""
    before, after = change.before, change.after
    if after is None:
        return "taken away; its text is in the history"
    if before is None:
        return "brought back from the history"
    if before.path == after.path:
        return "put back to its earlier version"
    return "moved back"


def _when(operation: Operation) -> str:
    return f"{operation.time:%Y-%m-%d %H:%M}"
