"""Defects that the suites about files, editors and processes put into kb to show that they would notice."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import kbnotes.cli.editor as cli_editor
from kbnotes.codec import Draft
from kbnotes.errors import EditorError
from kbnotes.kb import KnowledgeBase, knowledge_base
from kbnotes.kb.drafts import Drafts
from kbnotes.model import Retagging, Summary
from kbnotes.store import Planned, files
from kbnotes.store.commit import Committer
from tests.torture.sabotage import put


def replaced_in_place() -> None:
    """Write a new version over the old one instead of beside it."""

    def replace(path: Path, content: bytes) -> None:
        path.write_bytes(content)
        files.sync(path.parent)

    put(files, "replace", replace)


def created_in_place() -> None:
    """Write a new file under its own name at once."""

    def create(path: Path, content: bytes, *, sync_directory: bool = True) -> None:
        with path.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        files.sync(path.parent)

    put(files, "create", create)


def half_a_write_is_enough() -> None:
    """Take it for granted that one call writes all."""

    def write(handle: int, content: bytes) -> None:
        os.write(handle, content)

    put(files, "_write_all", write)


def draft_dropped_once_read() -> None:
    """Remove a draft before its entry is on the disk."""

    def read(self: Drafts, path: Path) -> Draft:
        draft = before(self, path)
        path.unlink()
        return draft

    before: Callable[[Drafts, Path], Draft] = put(Drafts, "read", read)


def draft_dropped_on_an_error() -> None:
    """Clean up after an editor that failed."""

    def run(command: tuple[str, ...], draft: Path) -> None:
        try:
            before(command, draft)
        except EditorError:
            draft.unlink()
            raise

    before: Callable[[tuple[str, ...], Path], None] = put(cli_editor, "_run", run)


def draft_unlinked() -> None:
    """Remove a draft for good, although an editor may still have it open."""

    def drop(self: Drafts, path: Path, content: bytes) -> None:
        path.unlink(missing_ok=True)

    put(Drafts, "drop", drop)


def odd_bytes_replaced() -> None:
    """Read a draft that is not UTF-8 with question marks for what it is not."""

    def read(self: Drafts, path: Path) -> Draft:
        if path.is_file():
            path.write_text(path.read_bytes().decode("utf-8", "replace"), "utf-8")
        return before(self, path)

    before: Callable[[Drafts, Path], Draft] = put(Drafts, "read", read)


def said_before_it_is_saved() -> None:
    """Tell the person that it is done, and then do it."""

    def add(self: KnowledgeBase, body: str, *, title: str = "", tags: Iterable[str] = ()) -> Summary:
        number = self._store.next_id(self._store.used_ids())
        os.write(1, f"added  {number}  Something\n".encode())
        return before(self, body, title=title, tags=tags)

    before: Callable[..., Summary] = put(KnowledgeBase, "add", add)


def no_lock() -> None:
    """Let every process write when it likes."""

    def flock(handle: int, operation: int) -> None:
        return

    put(fcntl, "flock", flock)


def ids_before_the_lock() -> None:
    """Take the id for a new entry before the lock is held."""

    def add(self: KnowledgeBase, body: str, *, title: str = "", tags: Iterable[str] = ()) -> Summary:
        number = self._store.next_id(self._store.used_ids())
        put(self._store, "next_id", lambda used: number)
        return before(self, body, title=title, tags=tags)

    before: Callable[..., Summary] = put(KnowledgeBase, "add", add)


def whoever_saves_last_wins() -> None:
    """Replace an entry whatever it has become since it was read."""

    def check(self: Committer, planned: Sequence[Planned]) -> None:
        return

    put(Committer, "_check", check)


def tags_from_before_the_lock() -> None:
    """Write the tags that were worked out before the lock was held."""

    def retagged(tags: Iterable[str], rule: Retagging) -> tuple[str, ...]:
        return rule.changes[0][1] if len(rule.changes) == 1 else before(tags, rule)

    before: Callable[[Iterable[str], Retagging], tuple[str, ...]] = put(knowledge_base, "retagged", retagged)
