"""What Whoosh stores of an entry, and how."""

from __future__ import annotations

import json
import sys
import unicodedata
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import whoosh
from whoosh import fields

from kbnotes.index.analysis import GAP, ExactAnalyzer, StemAnalyzer
from kbnotes.index.initials import initials_of
from kbnotes.model import Document, Summary
from kbnotes.text import tag_key

# Raise the first number whenever the schema, the analysis or what is stored changes: indexes of another
# stamp are thrown away and rebuilt.
STAMP = (
    f"7;whoosh {whoosh.versionstring()};unicode {unicodedata.unidata_version};python {sys.version_info[1]}"
)

# How much a word counts by where it stands. By hand, on the judged queries of the seed notes (2026-11-23);
# the issue on ranking fixes them by cross-validation.
WEIGHTS = {"title": 2.5, "tags": 1.5, "terms": 2.0, "body": 1.0, "urls": 0.4}
INITIALS_WEIGHT = 1.0
EXACT_WEIGHT = 0.6  # on top, where the word is spelled as asked


def make_schema() -> fields.Schema:
    """Return the schema: five stemmed fields, one of exact words over all text, tags, and what is stored."""
    stemmed = {name: fields.TEXT(analyzer=StemAnalyzer(), phrase=True) for name in WEIGHTS}
    return fields.Schema(
        name=fields.ID(unique=True, stored=True),
        tag=fields.KEYWORD(commas=True),
        initials=fields.KEYWORD,
        exact=fields.TEXT(analyzer=ExactAnalyzer(), phrase=True),
        stored=fields.STORED,
        **stemmed,
    )


def to_fields(document: Document) -> dict[str, Any]:
    """Return the field values of one document."""
    entry, content = document.entry, document.content
    written = (form for link in content.links for form in (unquote(link.url), link.url))
    urls = f"\n{GAP}".join(dict.fromkeys(written))  # a part may be looked for as %20 or as a blank
    # The headings above say what an entry is about as its tags do; those that made no entry are found here.
    labels = f"\n{GAP}".join((*entry.tags, *(entry.source.section if entry.source else ())))
    named = (entry.title, *content.terms, *(link.text for link in content.links))
    title = "" if document.broken else entry.title  # a file's name is no title, but its words are found
    body = f"{content.text}\n{GAP}{entry.title}" if document.broken else content.text
    parts = (title, labels, body, urls)
    return {
        "name": document.name,
        "tag": ",".join(tag_key(tag) for tag in entry.tags),
        "title": title,
        "tags": labels,
        "terms": f" {GAP}".join(content.terms),
        "body": body,
        "urls": urls,
        "initials": " ".join(sorted(initials_of(named, content.text))),
        "exact": f"\n{GAP}".join(parts),
        "stored": json.dumps(
            [
                entry.id,
                entry.title,
                list(entry.tags),
                entry.created.isoformat(),
                entry.updated.isoformat(),
                content.text,
                [link.url for link in content.links],
                document.broken,
            ],
            ensure_ascii=False,
        ),
    }


class Stored:
    """What the index gives back of an entry. Text and numbers only: no pickled object of ours."""

    __slots__ = ("_values", "name")

    def __init__(self, fields_of_hit: dict[str, Any]) -> None:
        self.name: str = fields_of_hit["name"]
        self._values: list[Any] = json.loads(fields_of_hit["stored"])

    @property
    def text(self) -> str:
        return str(self._values[5])

    @property
    def urls(self) -> list[str]:
        return list(self._values[6])

    def summary(self, entries: Path) -> Summary:
        """Return what a list shows; `entries` is the directory of the entry files."""
        entry_id, title, tags, created, updated, _, _, broken = self._values
        return Summary(
            id=entry_id,
            title=title,
            tags=tuple(tags),
            path=str(entries / self.name),
            created=datetime.fromisoformat(created),
            updated=datetime.fromisoformat(updated),
            broken=broken,
        )
