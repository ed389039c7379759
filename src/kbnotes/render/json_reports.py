"""Reports on what was done to a base, and on what it needs -> JSON, beside `as_json`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from kbnotes.model import Diagnosis, Log, Operation, Report, Suggestion, Vocabulary, Waiting
from kbnotes.render.as_json import SCHEMA, time_text


def suggestions(found: Iterable[Suggestion]) -> dict[str, Any]:
    """Return the tags suggested for entries."""
    return {
        "schema": SCHEMA,
        "suggestions": [
            {
                "id": each.summary.id,
                "title": each.summary.title,
                "tags": list(each.summary.tags),
                "suggested": [
                    {"tag": tag.tag, "score": tag.score, "reasons": list(tag.reasons)} for tag in each.tags
                ],
            }
            for each in found
        ],
    }


def vocabulary(found: Vocabulary) -> dict[str, Any]:
    """Return the topics, and what was found about them."""
    return {
        "schema": SCHEMA,
        "entries": found.entries,
        "topics": [
            {
                "topic": each.name,
                "line": each.line,
                "entries": each.entries,
                "keywords": list(each.keywords),
                "unused": list(each.unused),
                "implies": list(each.implies),
            }
            for each in found.topics
        ],
        "findings": [
            {
                "check": each.fault,
                "topic": each.topic,
                "line": each.line,
                "said": each.said,
                "names": list(each.names),
            }
            for each in found.findings
        ],
    }


def reports(done: Sequence[tuple[str, Report | None]]) -> dict[str, Any]:
    """Return what imports did; a file without a report failed."""
    return {"schema": SCHEMA, "files": [_report(name, report) for name, report in done if report]}


def log(found: Log) -> dict[str, Any]:
    """Return operations, and the versions of an entry."""
    return {
        "schema": SCHEMA,
        "total": found.total,
        "operations": [_operation(each, undone=each.number in found.undone) for each in found.operations],
        "versions": [
            {
                "version": each.number,
                "id": each.id,
                "replaced": time_text(each.time),
                "label": each.label,
                "path": each.path,
            }
            for each in found.versions
        ],
    }


def _operation(operation: Operation, *, undone: bool) -> dict[str, Any]:
    return {
        "operation": operation.number,
        "time": time_text(operation.time),
        "command": operation.command,
        "undone": undone,
        "undoes": operation.undoes,
        "finished": operation.finished,
        "ids": [change.id for change in operation.changes],
    }


def diagnosis(found: Diagnosis, *, explain: bool) -> dict[str, Any]:
    """Return what was found in a base; with `explain`, what the checks mean."""
    explained = (found.found or found.checks) if explain else ()
    return {
        "schema": SCHEMA,
        "base": found.base,
        "files": found.files,
        "problems": len(found.problems),
        "notes": len(found.notes),
        "findings": [
            {
                "check": each.check,
                "level": each.level,
                "path": each.path,
                "said": each.said,
                "hint": each.hint,
            }
            for each in found.findings
        ],
        "repairs": [{"path": each.path, "said": each.said} for each in found.repairs],
        "checks": [
            {"name": each.name, "meaning": each.meaning, "cause": each.cause, "remedy": each.remedy}
            for each in explained
        ],
    }


def drafts(waiting: Iterable[Waiting], titles: Mapping[int, str]) -> dict[str, Any]:
    """Return drafts; `titles` are those of the entries, by id."""
    return {
        "schema": SCHEMA,
        "drafts": [
            {
                "draft": each.number,
                "path": each.path,
                "changed": time_text(each.changed),
                "id": each.entry_id,
                "title": each.title if each.entry_id is None else titles.get(each.entry_id, each.title),
                "text": each.first_line,
            }
            for each in waiting
        ],
    }


def _report(name: str, report: Report) -> dict[str, Any]:
    told = [f"entry {step.id}: {step.note}" for step in report.steps if step.note]
    answer: dict[str, Any] = {
        "file": name,
        "added": list(report.ids("add")),
        "updated": list(report.ids("update")),
        "unchanged": list(report.ids("keep")),
        "conflicts": list(report.ids("conflict")),
        "missing": list(report.ids("missing")),
        "written": list(report.ids("write")),
        "merged": list(report.ids("merge")),
        "pruned": list(report.ids("prune")),
        "kept": report.kept,
        "refused": list(report.refused),
        "warnings": [*report.warnings, *told],
    }
    if report.files is not None:
        answer["moved"] = list(report.ids("move"))
        answer["entries"] = [
            {"id": step.id, "action": step.action, "file": step.file, "title": step.title}
            for step in report.steps
        ]
        answer["failed"] = [{"file": file, "why": why} for file, why in report.failed]
        links = report.links
        answer["links"] = links and {
            "notes": links.notes,
            "files": links.files,
            "nothing": links.nothing,
        }
    return answer
