"""Findings -> lines, grouped by check."""

from __future__ import annotations

from itertools import groupby

from kbnotes.model import Check, Diagnosis, Finding
from kbnotes.render.line import Line
from kbnotes.render.safe import safe_line
from kbnotes.render.screen import Screen

SHOWN = 50  # findings of one check told one by one
_STYLES = {"problem": "kb.error", "note": "kb.warning"}


def write_diagnosis(screen: Screen, diagnosis: Diagnosis, *, explain: bool) -> None:
    """Write what was mended, then a line a finding, then the numbers.

    With `explain`, each check that found something is explained, or all if none did.
    """
    for repair in diagnosis.repairs:
        screen.line(Line("mended  ", "kb.tag"), f"{safe_line(repair.path)} {safe_line(repair.said)}")
    if diagnosis.repairs:
        screen.line()
    about = {check.name: check for check in diagnosis.checks}
    for name, group in groupby(diagnosis.findings, key=lambda each: each.check):
        screen.line(Line(name, "bold"))
        if explain:
            _write_check(screen, about[name])
        _write_findings(screen, list(group))
    if explain and not diagnosis.findings:
        for check in diagnosis.checks:
            screen.line(Line(check.name, "bold"))
            _write_check(screen, check)
    if diagnosis.findings or explain:
        screen.line()
    screen.line(_counted(diagnosis))


def _write_findings(screen: Screen, findings: list[Finding]) -> None:
    for each in findings[:SHOWN]:
        said = f"{safe_line(each.path)} {safe_line(each.said)}"
        hint = f"; {safe_line(each.hint)}" if each.hint else ""
        screen.line("  ", Line(f"{each.level:7}", _STYLES[each.level]), "  ", said, Line(hint, "kb.dim"))
    if len(findings) > SHOWN:
        screen.line(f"  … and {len(findings) - SHOWN} more; --json names them all")


def _write_check(screen: Screen, check: Check) -> None:
    for label, text in (("what", check.meaning), ("why", check.cause), ("do", check.remedy)):
        screen.paragraph(Line(text), indent=8, lead=Line(f"  {label:6}", "kb.dim"))


def _counted(diagnosis: Diagnosis) -> str:
    files, problems, notes = diagnosis.files, len(diagnosis.problems), len(diagnosis.notes)
    return f"{_count(files, 'file')} checked, {_count(problems, 'problem')}, {_count(notes, 'note')}"


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
