"""What a change did, or would do."""

from __future__ import annotations

from typing import Literal

from kbnotes.model.entry import Summary
from kbnotes.record import record

Action = Literal["add", "update", "keep", "conflict", "missing", "removed", "move", "write", "merge", "prune"]
Prefer = Literal["kb", "file"]  # whose text holds where both have changed


@record
class Step:
    """What an import, or keeping a file in step, does with one section or entry, or would do."""

    action: Action
    id: int
    title: str
    tags: tuple[str, ...]
    number: int | None
    first_line: int
    last_line: int
    note: str = ""  # why, where the action alone does not say
    file: str = ""  # the source, as entries name it


@record
class LinkCount:
    """Where the links of a folder's notes lead."""

    notes: int  # to notes that are imported, too
    files: int  # to other files that are there
    nothing: int


@record
class Report:
    """What an import of one file or folder did, or would do, in the order of the file."""

    file: str
    steps: tuple[Step, ...]
    warnings: tuple[str, ...]
    kept: str = ""  # where the earlier content of a linked file is, if that was written
    files: int | None = None  # of a folder, how many notes were read; None for a file
    failed: tuple[tuple[str, str], ...] = ()  # what was passed over in a folder, and why
    links: LinkCount | None = None
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
    renamed: tuple[frozenset[str], str] | None = None  # the old names, as keys, and the new one
    suggested: bool = False  # each entry gets the tags that it has in `changes` and lacks now
