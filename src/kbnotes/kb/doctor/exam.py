"""What every check is given: the survey, the journal's record and doctor's memory; and how it reports."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path

from kbnotes.config import MARKER
from kbnotes.errors import BaseError
from kbnotes.index import Index
from kbnotes.kb.doctor.memory import Seen
from kbnotes.kb.doctor.record import Record, recorded
from kbnotes.kb.doctor.survey import Survey
from kbnotes.kb.linked_files import LINKED
from kbnotes.kb.searches import SEARCHES
from kbnotes.model import Finding, Operation, Version
from kbnotes.store import Store, files
from kbnotes.store.journal import NAME as JOURNAL

LAST_ID = "last-id"
DIRECTORIES = ("entries", "history", "trash", "drafts", "linked")
OWN_FILES = (MARKER, SEARCHES, LINKED, JOURNAL, LAST_ID)


@dataclass(frozen=True)
class Exam:
    """One look at a base. Everything in it was read; nothing is written."""

    store: Store
    index: Index
    survey: Survey
    memory: Mapping[str, Seen]
    now: datetime = field(default_factory=lambda: datetime.now(UTC))

    @cached_property
    def operations(self) -> tuple[Operation, ...]:
        """The operations of the journal; none where it cannot be read, which a check of its own says."""
        try:
            return self.store.journal.operations()
        except (OSError, ValueError, KeyError, TypeError):
            return ()

    @cached_property
    def record(self) -> Record:
        """What the journal says of each file."""
        return recorded(self.operations)

    @cached_property
    def versions(self) -> dict[str, Version]:
        """The earlier versions of all entries, by their path relative to the base."""
        if not self.survey.is_directory("history"):
            return {}
        try:
            found = list(self.store.history.all())
        except BaseError:
            return {}
        paths = ((Path(each.path).relative_to(self.store.base).as_posix(), each) for each in found)
        return {path: each for path, each in paths if path in self.survey.items}

    @cached_property
    def newest(self) -> dict[int, int]:
        """The number of each entry's last version that was its content, by id."""
        found: dict[int, int] = {}
        for version in self.versions.values():
            if not version.label:
                found[version.id] = max(version.number, found.get(version.id, 0))
        return found

    @cached_property
    def journal(self) -> bytes:
        """The bytes of the journal; none where it cannot be read."""
        try:
            return files.read(self.store.journal.path)
        except OSError:
            return b""

    def known_ids(self) -> set[int]:
        """Return every id that is or was in use, as far as anything in the base tells."""
        entries = {item.entry.id for item in self.survey.entries("entries", "trash") if item.entry}
        changed = {change.id for each in self.operations for change in each.changes}
        return entries | changed | {version.id for version in self.versions.values()}


def problem(path: str, said: str, hint: str = "") -> Finding:
    """Return a finding that makes the exit code 1."""
    return Finding(level="problem", path=path, said=said, hint=hint)


def note(path: str, said: str, hint: str = "") -> Finding:
    """Return a finding of something that is allowed."""
    return Finding(level="note", path=path, said=said, hint=hint)
