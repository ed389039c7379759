"""Values -> JSON. Fields are only ever added; docs/reference/json.md describes them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from kbnotes.errors import KbError
from kbnotes.model import (
    Asked,
    Diagnosis,
    Hit,
    Listing,
    Log,
    Nearest,
    Operation,
    Related,
    Report,
    Results,
    Shown,
    Suggestion,
    Summary,
    TagCount,
    Vocabulary,
    Waiting,
)
from kbnotes.render.safe import safe_json

SCHEMA = 1


def dump(value: dict[str, Any]) -> str:
    """Return one line of JSON, with nothing in it that a terminal would act on."""
    return safe_json(json.dumps(value, ensure_ascii=False))


def results(found: Results, *, asked: Asked, whole: Mapping[str, Shown]) -> dict[str, Any]:
    """Return search results, with what was asked for beside the hits; `whole` are entries by path."""
    answer = {
        "schema": SCHEMA,
        "query": found.query,
        "total": found.total,
        "hits": [_hit(hit, asked, whole.get(hit.summary.path)) for hit in found.hits],
        "corrected": found.corrected,
        "relaxed": bool(found.relaxed),
        "notes": [*([found.relaxed] if found.relaxed else []), *found.notes],
        "offset": found.offset,
        "complete": found.complete,
        "tried": list(found.tried),
        "nearest": found.nearest and _nearest(found.nearest),
    }
    if asked.facets:
        answer["facets"] = [_tag_count(each) for each in found.facets]
    if asked.explain:
        answer["reading"] = list(found.reading)
    return answer


def related(found: Iterable[Related]) -> dict[str, Any]:
    """Return the entries that are like one."""
    return {"schema": SCHEMA, "related": [_related(each) for each in found]}


def searches(saved: Mapping[str, str]) -> dict[str, Any]:
    """Return saved searches."""
    return {"schema": SCHEMA, "searches": [{"name": name, "query": text} for name, text in saved.items()]}


def listing(found: Listing) -> dict[str, Any]:
    """Return a list of entries."""
    return {"schema": SCHEMA, "total": found.total, "entries": [_summary(each) for each in found.entries]}


def entries(shown: Iterable[Shown]) -> dict[str, Any]:
    """Return whole entries."""
    return {"schema": SCHEMA, "entries": [_shown(each) for each in shown]}


def tags(counts: Iterable[TagCount]) -> dict[str, Any]:
    """Return tags with their counts."""
    tags = [{**_tag_count(each), "implies": list(each.implies)} for each in counts]
    return {"schema": SCHEMA, "tags": tags}


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
                "replaced": _time(each.time),
                "label": each.label,
                "path": each.path,
            }
            for each in found.versions
        ],
    }


def _operation(operation: Operation, *, undone: bool) -> dict[str, Any]:
    return {
        "operation": operation.number,
        "time": _time(operation.time),
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
                "changed": _time(each.changed),
                "id": each.entry_id,
                "title": each.title if each.entry_id is None else titles.get(each.entry_id, each.title),
                "text": each.first_line,
            }
            for each in waiting
        ],
    }


def error(problem: KbError) -> dict[str, Any]:
    """Return an error."""
    return {"kind": problem.kind, "message": problem.message, "hint": problem.hint}


def _summary(summary: Summary) -> dict[str, Any]:
    return {
        "id": summary.id,
        "title": summary.title,
        "tags": list(summary.tags),
        "path": summary.path,
        "created": _time(summary.created),
        "updated": _time(summary.updated),
    }


def _hit(hit: Hit, asked: Asked, shown: Shown | None) -> dict[str, Any]:
    found = {
        **_summary(hit.summary),
        "score": hit.score,
        "snippet": hit.snippet,
        "missing": list(hit.missing),
    }
    if asked.explain:
        found["parts"] = [{"reason": part.reason, "score": part.score} for part in hit.parts]
    if hit.summary.broken:
        found["broken"] = hit.summary.broken
    return {**found, **_shown(shown)} if shown else found


def _nearest(nearest: Nearest) -> dict[str, Any]:
    return {
        "spelling": nearest.spelling,
        "tags": [_tag_count(each) for each in nearest.tags],
        "titles": [{"id": each.id, "title": each.title} for each in nearest.titles],
    }


def _tag_count(count: TagCount) -> dict[str, Any]:
    return {"tag": count.tag, "entries": count.entries}


def _related(related: Related) -> dict[str, Any]:
    return {
        "id": related.summary.id,
        "title": related.summary.title,
        "score": related.score,
        "reasons": list(related.reasons),
    }


def _shown(shown: Shown) -> dict[str, Any]:
    source = shown.entry.source
    return {
        **_summary(shown.summary),
        "title": shown.entry.title,
        "tags": list(shown.entry.tags),
        "body": shown.entry.body,
        "terms": list(shown.content.terms),
        "links": [
            {"text": link.text, "url": link.url}
            | ({"id": shown.targets[link.url]} if link.url in shown.targets else {})
            for link in shown.content.links
        ],
        "source": source
        and {
            "file": source.file,
            "number": source.number,
            "first_line": source.first_line,
            "last_line": source.last_line,
            "section": list(source.section),
        },
        "related": [_related(each) for each in shown.related],
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


def _time(time: datetime) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ")
