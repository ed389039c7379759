"""Small words for tests that ask."""

from __future__ import annotations

from pathlib import Path

from kbnotes.kb import KnowledgeBase, create_base
from kbnotes.model import Asked


def found(base: KnowledgeBase, query: str, *, limit: int = 10_000) -> list[int]:
    """Return the ids of the hits for `query`, best first."""
    return [hit.summary.id for hit in base.search(query, asked=Asked(limit=limit)).hits]


def exactly(base: KnowledgeBase, query: str) -> list[int]:
    """Return the ids of the hits that hold all of the query as it was asked."""
    results = base.search(query, asked=Asked(limit=10_000))
    as_asked = [] if results.corrected or results.relaxed else results.hits
    return [hit.summary.id for hit in as_asked if not hit.missing]


def base_of(place: Path, *notes: str) -> KnowledgeBase:
    """Return a base with one entry for each of `notes`, their ids counted from 1."""
    create_base(place / "base")
    base = KnowledgeBase(place / "base", cache=place / "cache")
    file = place / "notes.md"
    file.write_text("\n\n".join(f"{at}. {note}" for at, note in enumerate(notes, 1)) + "\n", "utf-8")
    base.import_file(file)
    return base
