"""What an import or a change of tags did, or would do -> lines."""

from __future__ import annotations

from collections import Counter, defaultdict

from kbnotes.model import LinkCount, Report, Retagging, Step, Summary
from kbnotes.render.line import Line
from kbnotes.render.safe import safe_line
from kbnotes.render.screen import Screen, tags_text

_COUNTED = (
    ("add", "added"),
    ("update", "updated"),
    ("write", "written to the file"),
    ("merge", "merged"),
    ("move", "moved"),
    ("keep", "unchanged"),
    ("conflict", "left alone"),
    ("missing", "no longer in the file"),
    ("removed", "in the trash"),
    ("prune", "moved to the trash"),
)
_STYLES = {"conflict": "kb.error", "missing": "kb.warning", "prune": "kb.warning", "removed": "kb.warning"}
_CHANGES = ("add", "update", "move", "write", "merge", "prune")
MANY_FOLDERS = 20  # told one by one
MANY = 40  # steps above which an import that was not a dry run gives numbers only


def write_report(screen: Screen, report: Report, *, dry_run: bool) -> None:
    """Write what happened to each entry, then the numbers."""
    told = report.steps if dry_run else [step for step in report.steps if step.action != "keep"]
    if dry_run or len(told) <= MANY:
        for step in told:
            _write_step(screen, step, dry_run=dry_run, in_folder=report.files is not None)
    elif report.files is not None:
        write_folder(screen, report)
    counts = [f"{len(report.ids(action))} {word}" for action, word in _COUNTED if report.ids(action)]  # type: ignore[arg-type]
    changes = any(step.action in _CHANGES for step in report.steps)
    said = ", ".join(counts) or ("no entries in it" if report.files != 0 else "no Markdown files in it")
    lead = "" if changes or not report.steps else "nothing changed: "
    screen.line(
        Line(safe_line(report.file), "bold"), ": ", "would be " if dry_run and changes else "", lead, said
    )
    if report.kept:
        screen.line(Line(f"what the file held before: {safe_line(report.kept)}", "kb.dim"))
    if report.links:
        _write_links(screen, report.links)


def write_folder(screen: Screen, report: Report) -> None:
    """Write what happened in each folder of a folder, where that is too much to name each entry."""
    told: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for step in report.steps:
        if step.action != "keep":
            told[step.file.partition("/")[0] + "/" if "/" in step.file else "./"][step.action] += 1
    named = sorted(told, key=lambda name: (-told[name].total(), name))[:MANY_FOLDERS]
    width = max((Line(safe_line(name)).width for name in named), default=0)
    for name in sorted(named):
        counts = ", ".join(f"{told[name][action]} {word}" for action, word in _COUNTED if told[name][action])
        shown = safe_line(name)
        screen.line("  ", Line(shown + " " * (width - Line(shown).width), "bold"), "  ", counts)
    if rest := len(told) - len(named):
        entries = sum(counts.total() for name, counts in told.items() if name not in named)
        screen.line("  ", Line(f"and {rest} more folders with {entries} entries", "kb.dim"))


def _write_links(screen: Screen, links: LinkCount) -> None:
    """Write where the links lead, if there are any."""
    counts = (
        (links.notes, "to imported notes"),
        (links.files, "to other files that are there"),
        (links.nothing, "to nothing"),
    )
    said = ", ".join(f"{count} {where}" for count, where in counts if count)
    if said:
        screen.line(Line(f"links: {said}", "kb.dim"))


def _write_step(screen: Screen, step: Step, *, dry_run: bool, in_folder: bool) -> None:
    lines = (
        f"{step.first_line}" if step.last_line <= step.first_line else f"{step.first_line}-{step.last_line}"
    )
    where = f"line{'s' if '-' in lines else ''} {lines}".ljust(14)
    if in_folder:
        where = f"{safe_line(step.file)}  "
    lead = (Line(f"{step.action:8}", _STYLES.get(step.action, "")), " ", Line(f"{step.id:>4}", "kb.id"), "  ")
    text = (
        Line(where if dry_run or in_folder else "", "kb.dim"),
        Line(safe_line(step.title), "kb.title"),
        "   ",
        tags_text(step.tags),
    )
    screen.paragraph(Line.assemble(*text), indent=15, lead=Line.assemble(*lead))
    if step.note:
        screen.paragraph(Line(step.note, "kb.dim"), indent=15)


def write_retagging(screen: Screen, retagging: Retagging) -> None:
    """Write each entry with the tags it loses and gets."""
    for summary, after in retagging.changes:
        lost = [Line(f"-{safe_line(tag)} ", "kb.error") for tag in summary.tags if tag not in after]
        got = [Line(f"+{safe_line(tag)} ", "kb.tag") for tag in after if tag not in summary.tags]
        text = Line.assemble(Line(safe_line(summary.title)), "   ", *lost, *got)
        screen.paragraph(text, indent=6, lead=Line.assemble(Line(f"{summary.id:>4}", "kb.id"), "  "))


def write_change(screen: Screen, verb: str, summary: Summary) -> None:
    """Write one line about one entry: `added  21  Title   tags`."""
    head = (f"{verb}  ", Line(str(summary.id), "kb.id"), "  ", Line(safe_line(summary.title), "kb.title"))
    screen.line(*head, "   ", tags_text(summary.tags))
