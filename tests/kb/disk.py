"""What a test looks at on the disk."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from kbnotes.kb import KnowledgeBase
from kbnotes.model import Asked


def fingerprint(directory: Path) -> dict[str, tuple[bytes, int]]:
    """Return content and mtime of every file below `directory`."""
    files = (path for path in sorted(directory.rglob("*")) if path.is_file())
    return {str(path): (path.read_bytes(), path.stat().st_mtime_ns) for path in files}


def reopened(base: KnowledgeBase, cache: Path) -> KnowledgeBase:
    """Return the base as the next command sees it."""
    return KnowledgeBase(base.base, cache=cache)


def ids(base: KnowledgeBase, query: str) -> list[int]:
    """Return the ids of what `query` finds, smallest first."""
    return sorted(hit.summary.id for hit in base.search(query, asked=Asked(limit=1000)).hits)


def entry_file(base: KnowledgeBase, entry_id: int) -> Path:
    """Return the file of an entry."""
    (path,) = (base.base / "entries").glob(f"{entry_id:04d}*.yaml")
    return path


def change(path: Path, old: str, new: str) -> None:
    """Change a file as an editor or git does."""
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def later_and_later() -> Callable[[], datetime]:
    """Return a clock that goes on a minute at each look."""
    now = datetime(2026, 11, 23, 12, tzinfo=UTC)

    def tick() -> datetime:
        nonlocal now
        now += timedelta(minutes=1)
        return now

    return tick
