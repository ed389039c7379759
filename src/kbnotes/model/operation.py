"""What was done to a base: operations, the changes they are made of, and the versions they leave behind."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from kbnotes.record import record


@record
class FileState:
    """A file of the base with a certain content."""

    path: str  # relative to the base, with "/": "entries/0018-kv-cache.yaml"
    digest: str  # digest() of its bytes
    mtime_ns: int = 0  # when it was written, by its file system; 0 where that is not known


@record
class Change:
    """What happened to one entry file; None stands for no file."""

    id: int
    before: FileState | None
    after: FileState | None

    @property
    def reverse(self) -> Change:
        """The change that takes this one back."""
        return Change(id=self.id, before=self.after, after=self.before)


@record
class Operation:
    """One command's changes, as the journal has them."""

    number: int  # 1 is the first of the base
    time: datetime  # aware, UTC
    command: str  # "add", "edit", "import" …
    changes: tuple[Change, ...]
    undoes: int | None = None  # the number of the operation it takes back
    sources: tuple[FileState, ...] = ()  # files that were read for it, where they lie within the base
    finished: bool = True  # False: kb was ended in the middle, so that only some of the changes were made


@record
class Version:
    """An earlier content of an entry, or one that a conflict kept from becoming its content."""

    number: int  # 1 is the first that was kept
    id: int
    time: datetime  # aware, UTC: when another took its place
    digest: str  # the first 16 digits of digest() of its bytes
    path: str  # absolute
    label: str = ""  # "yours": what a conflict kept out; "damaged": what a repair replaced


@record
class Log:
    """What was done, and for one entry what is left of its past."""

    operations: tuple[Operation, ...]  # the latest first
    total: int  # operations there are, of which `operations` holds the latest
    undone: frozenset[int]  # the numbers of those that are taken back at present
    titles: Mapping[int, str]  # of the entries there are, by id
    entry_id: int | None = None
    versions: tuple[Version, ...] = ()  # the latest first


@record
class Difference:
    """What changed between a version of an entry and its present content."""

    version: Version
    lines: tuple[str, ...]  # of a unified diff, without its two first lines; empty if nothing changed


@record
class Undone:
    """What taking an operation back did: the changes taken back, and those left alone."""

    operation: Operation
    taken_back: tuple[Change, ...]
    left: tuple[tuple[Change, str], ...]  # with the reason, in a sentence
