"""Values -> JSON. Fields are only ever added; docs/reference/json.md describes them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from kbnotes.errors import KbError
from kbnotes.model import (
    Asked,
    Hit,
    Listing,
    Nearest,
    Related,
    Results,
    Shown,
    Summary,
    TagCount,
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


def error(problem: KbError) -> dict[str, Any]:
    """Return an error."""
    return {"kind": problem.kind, "message": problem.message, "hint": problem.hint}


def _summary(summary: Summary) -> dict[str, Any]:
    return {
        "id": summary.id,
        "title": summary.title,
        "tags": list(summary.tags),
        "path": summary.path,
        "created": time_text(summary.created),
        "updated": time_text(summary.updated),
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


def time_text(time: datetime) -> str:
    """Return a time as all JSON of kb says it."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ")
