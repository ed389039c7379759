"""Entries to store, and what a base holds."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from kbnotes.codec import encode_entry
from kbnotes.model import Entry, StoredEntry
from kbnotes.store import Store

NOW = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)


def made(number: int, body: str = "Text.\n") -> Entry:
    """Return an entry whose file is called `0001-entry-1.yaml`, by its number."""
    return Entry(id=number, title=f"Entry {number}", tags=("ml",), created=NOW, updated=NOW, body=body)


def name(number: int) -> str:
    """Return the file name of `made(number)`."""
    return f"{number:04d}-entry-{number}.yaml"


def stored(store: Store, number: int) -> StoredEntry:
    """Return an entry as the store reads it."""
    return store.read(name(number))


def create(store: Store, *entries: Entry) -> None:
    """Create entries as one operation."""
    with store.writing():
        store.commit("add", [store.creation(entry) for entry in entries])


def replace(store: Store, old: StoredEntry, new: Entry) -> None:
    """Put a new version in the place of an entry."""
    with store.writing():
        store.commit("edit", [store.replacement(old, new)])


def remove(store: Store, number: int) -> Path:
    """Move an entry to the trash and return where it is now."""
    with store.writing():
        done = store.commit("rm", [store.removal(stored(store, number))])
    after = done.operation.changes[0].after
    assert after
    return store.base / after.path


def restore(store: Store, removed: StoredEntry) -> None:
    """Move an entry back from the trash."""
    with store.writing():
        store.commit("restore", [store.revival(removed)])


def whole(*entries: Entry) -> dict[str, bytes]:
    """Return the files that these entries are."""
    return {name(entry.id): encode_entry(entry).encode() for entry in entries}


def content_of(directory: Path) -> dict[str, bytes]:
    """Return the bytes of every file below a directory that is not hidden, by its relative path."""
    return {
        path.relative_to(directory).as_posix(): path.read_bytes()
        for path in sorted(directory.rglob("*"))
        if path.is_file() and not path.name.startswith(".")
    }


def temp_files(directory: Path) -> list[str]:
    """Return the names of what a write left behind."""
    return [path.name for path in directory.rglob("*.tmp")]
