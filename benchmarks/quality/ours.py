"""kb itself: a base with one entry for each document, asked as `kb search` asks."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from unittest import mock

from benchmarks.quality.collection import Collection, Document
from benchmarks.quality.measures import DEPTH
from benchmarks.quality.ranker import Kind, Ranker, size
from kbnotes.config import MARKER
from kbnotes.kb import KnowledgeBase, create_base
from kbnotes.kb.changes import MAX_TITLE, new_entry
from kbnotes.model import Asked, Entry, Mode
from kbnotes.store import Store
from kbnotes.tagging import Tagger

NOW = datetime(2026, 11, 23, tzinfo=UTC)  # all entries are of the same age: that must not rank them


def place_of(collection: Collection, cache: Path) -> Path:
    """Return where a collection's base is kept: another one if its documents change."""
    return cache / f"{collection.name}-{collection.digest[:16]}"


def base_of(collection: Collection, directory: Path) -> KnowledgeBase:
    """Return the base of a collection in `directory`, made there unless an earlier run has left it."""
    base = directory / "base"
    if not base.is_dir():
        directory.mkdir(parents=True, exist_ok=True)
        made = directory / "unfinished"
        shutil.rmtree(made, ignore_errors=True)  # of a run that was ended
        _make(collection, made)
        made.rename(base)
    return KnowledgeBase(base, cache=directory / "cache", now=lambda: NOW)


def ask(
    base: KnowledgeBase, collection: Collection, text: str, *, mode: Mode, limit: int = DEPTH
) -> list[str]:
    """Return the ids of the documents that `kb search` finds, best first."""
    hits = base.search(text, asked=Asked(limit=limit, mode=mode)).hits
    return [collection.documents[hit.summary.id - 1].id for hit in hits]


def _make(collection: Collection, directory: Path) -> None:
    """Make a base in which the entry of the nth document has the id n."""
    create_base(directory)
    (directory / MARKER).write_text("{}\n", "utf-8")  # the topics of a new base are about other subjects
    store = Store(directory)
    # As one operation, and without waiting for the disk: these files can be made again.
    with mock.patch.object(os, "fsync", return_value=None), store.writing():
        store.commit("add", [store.creation(entry) for entry in entries(collection)])


def entries(collection: Collection) -> Iterator[Entry]:
    """Yield the entries as `kb add` makes them in a base without topics; a document without text has none."""
    tagger = Tagger(())
    for number, document in enumerate(collection.documents, start=1):
        title, body = _given(document)
        if body:
            yield new_entry(body, entry_id=number, title=title, tags=(), tagger=tagger, now=NOW)


def _given(document: Document) -> tuple[str, str]:
    """Return title and body as kb takes them: no body without text, no title that is a text."""
    if not document.body.strip():
        return "", document.title.strip()
    if len(document.title) > MAX_TITLE:
        return "", document.text
    return document.title, document.body


def _kind(name: str, mode: Mode) -> Kind:
    def make(collection: Collection, directory: Path) -> Ranker:
        base = base_of(collection, directory)
        base.search("index", asked=Asked())  # makes the index
        cache = directory / "cache"
        return Ranker(
            ask=lambda text, limit: ask(base, collection, text, mode=mode, limit=limit),
            index_bytes=size(cache),
        )

    lacks = _without_meaning if mode == "meaning" else lambda: ""
    return Kind(name=name, make=make, lacks=lacks, keeps=True)


def _without_meaning() -> str:
    return "" if find_spec("wordllama") else "kbnotes[semantic] not installed"


OURS = (_kind("kb", "both"), _kind("kb-words", "words"), _kind("kb-meaning", "meaning"))
