"""What a change did, or would do."""

from __future__ import annotations

from typing import Literal

from kbnotes.model.entry import Summary
from kbnotes.record import record

Action = Literal["add", "update", "keep", "conflict", "missing", "removed"]


@record
class Step:
    """What an import does, or would do, with one section or entry."""

    action: Action
    id: int
    title: str
    tags: tuple[str, ...]
    number: int | None
    first_line: int
    last_line: int
    note: str = ""  # why, where the action alone does not say


@record
class Report:
    """What an import of one file did, or would do, in the order of the file."""

    file: str
    steps: tuple[Step, ...]
    warnings: tuple[str, ...]
    refused: tuple[str, ...] = ()  # what of the file could not be imported, each with its line and why

    def ids(self, action: Action) -> tuple[int, ...]:
        """Return the ids of the entries to which `action` happened, in the order of the file."""
        return tuple(step.id for step in self.steps if step.action == action)


@record
class Retagging:
    """What changing tags does, or would do: each entry with its new tags, and the rule that gives them."""

    changes: tuple[tuple[Summary, tuple[str, ...]], ...]
    added: tuple[str, ...] = ()
    removed: frozenset[str] = frozenset()
    renamed: tuple[str, str] | None = None  # the old name and the new one
