"""Notes in folders as bases: the tag of each is its folder, and one fold of them lacks it."""

from __future__ import annotations

import os
import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from unittest import mock

from benchmarks.quality.collection import Document
from kbnotes.codec import clean_tag
from kbnotes.config import MARKER
from kbnotes.kb import KnowledgeBase, create_base
from kbnotes.kb.changes import new_entry
from kbnotes.kb.fresh import read_topics
from kbnotes.model import Entry
from kbnotes.store import Store
from kbnotes.tagging import Tagger

NOW = datetime(2026, 11, 23, tzinfo=UTC)
SEED = 20261127
SHOWN = 3  # tags suggested for an entry


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What was suggested for one note."""

    note: str
    folder: str
    suggested: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fold:
    """A base in which one fold of the notes has no tags."""

    base: KnowledgeBase
    asked: tuple[Document, ...]  # that fold, in the order of the entries' ids
    first: int  # the id of its first entry; the others follow

    def answers(self) -> tuple[list[Answer], float]:
        """Return what is suggested for each note, and the seconds that it took."""
        start = time.perf_counter()
        picked = self.base.list("is:untagged").entries
        found = {each.summary.id: each.tags for each in self.base.tidy.suggestions(picked, limit=SHOWN)}
        took = time.perf_counter() - start
        answers = [
            Answer(
                note=note.id,
                folder=folder_of(note),
                suggested=tuple(tag.tag for tag in found.get(number, ())),
            )
            for number, note in enumerate(self.asked, self.first)
        ]
        return answers, took


def folder_of(note: Document) -> str:
    """Return the folder that a note lies in, as a tag."""
    return clean_tag(note.id.rpartition("/")[0])


def in_folders(documents: Sequence[Document], *, most: int | None) -> list[Document]:
    """Return the notes with a folder and a text, in an order by chance that is always the same."""
    notes = [each for each in documents if "/" in each.id and each.body.strip()]
    random.Random(SEED).shuffle(notes)
    return notes[:most]


def folds(notes: Sequence[Document], place: Path, *, count: int, topics: Path | None) -> Iterator[Fold]:
    """Make a base for each fold, and yield it."""
    for fold in range(count):
        asked = tuple(notes[fold::count])
        tagged = [note for at, note in enumerate(notes) if at % count != fold]
        directory = place / str(fold)
        create_base(directory / "base")
        marker = directory / "base" / MARKER
        marker.write_text(topics.read_text("utf-8") if topics else "{}\n", "utf-8")
        store = Store(directory / "base")
        tagger = Tagger(read_topics(marker))
        entries = [
            *(_entry(note, at, (folder_of(note),), tagger) for at, note in enumerate(tagged, 1)),
            *(_entry(note, at, (), Tagger(())) for at, note in enumerate(asked, len(tagged) + 1)),
        ]
        # As one operation, and without waiting for the disk: these files can be made again.
        with mock.patch.object(os, "fsync", return_value=None), store.writing():
            store.commit("add", [store.creation(entry) for entry in entries])
        base = KnowledgeBase(directory / "base", cache=directory / "cache", now=lambda: NOW)
        base.list()  # makes the index
        yield Fold(base=base, asked=asked, first=len(tagged) + 1)


def _entry(note: Document, number: int, tags: tuple[str, ...], tagger: Tagger) -> Entry:
    return new_entry(note.body, entry_id=number, title=note.title, tags=tags, tagger=tagger, now=NOW)
