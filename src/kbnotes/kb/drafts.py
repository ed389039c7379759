"""What is being written in an editor. A draft lives in the base until its entry is durable."""

from __future__ import annotations

import re
import secrets
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from kbnotes import codec
from kbnotes.codec import Draft
from kbnotes.errors import ConflictError, EditorError, FormatError, SelectorError
from kbnotes.model import StoredEntry
from kbnotes.store import Store, files

_EDIT = re.compile(r"(?P<id>\d+)-(?P<digest>[0-9a-f]{16})-\w+\.md")


class Drafts:
    """The drafts of one base: `new-….md`, or `0018-….md` for an entry that exists already."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._directory = store.base / "drafts"

    def begin(self, *, title: str, tags: tuple[str, ...], body: str) -> Path:
        """Write a draft for a new entry and return its path."""
        time = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
        return self._write(f"new-{time}-{secrets.token_hex(2)}.md", Draft(title=title, tags=tags, body=body))

    def begin_edit(self, stored: StoredEntry) -> Path:
        """Write a draft of an entry and return its path, whose name says which version it began with."""
        name = f"{stored.entry.id:04d}-{stored.digest[:16]}-{secrets.token_hex(2)}.md"
        return self._write(name, as_draft(stored))

    def newest(self) -> Path | None:
        """Return the draft that was changed last, or None."""
        if not self._directory.is_dir():
            return None
        found = [path for path in self._directory.glob("*.md") if path.is_file() and not path.is_symlink()]
        return max(found, key=lambda path: path.stat().st_mtime_ns, default=None)

    def read(self, path: Path) -> Draft:
        """Return what the editor left. Raises EditorError, with the draft kept."""
        try:
            text = files.read(path).decode()
            return codec.read_draft(text.replace("\r\n", "\n"), name=path.name)
        except FileNotFoundError:
            raise EditorError("The editor left no file behind, so nothing was saved.") from None
        except (OSError, UnicodeDecodeError) as error:
            said = files.reason(error) if isinstance(error, OSError) else "it is not UTF-8"
            raise EditorError(f"The draft cannot be read: {said}.") from None
        except FormatError as error:
            raise EditorError(error.message, hint=error.hint) from None

    def is_untouched(self, draft: Draft, stored: StoredEntry | None) -> bool:
        """Tell whether a draft says nothing, or nothing new."""
        if stored is None:
            return not draft.body.strip()
        began = as_draft(stored)
        same_title = draft.title is None or draft.title == began.title
        same_tags = draft.tags is None or draft.tags == began.tags
        return same_title and same_tags and draft.body.rstrip("\n") == began.body.rstrip("\n")

    def entry_of(self, path: Path) -> StoredEntry | None:
        """Return the entry that a draft edits, or None for a new one.

        The entry's digest is the one the draft began with, so that a change meanwhile is noticed when it is
        replaced. Raises SelectorError if the entry is gone.
        """
        found = _EDIT.fullmatch(path.name)
        if not found:
            return None
        stored = self._store.find(int(found["id"]))
        if stored is None:
            raise SelectorError(
                f"Entry {int(found['id'])} is gone.", hint="taken up again, it is a new entry"
            )
        return (
            stored if stored.digest.startswith(found["digest"]) else replace(stored, digest=found["digest"])
        )

    def drop(self, path: Path) -> None:
        """Remove a draft whose entry is durable, or that says nothing; if it stays, nothing is lost."""
        with suppress(OSError):
            path.unlink(missing_ok=True)

    def _write(self, name: str, draft: Draft) -> Path:
        path = self._directory / name
        with files.writing(path):
            files.make_directory(self._directory)
            files.create(path, codec.write_draft(draft).encode())
        return path


def as_draft(stored: StoredEntry) -> Draft:
    """Return an entry as its draft begins."""
    entry = stored.entry
    return Draft(title=" ".join(entry.title.split()), tags=entry.tags, body=entry.body)


def kept(error: Exception, path: Path) -> str:
    """Return the hint that says where the typed text is; a conflict has kept it in history already."""
    if isinstance(error, ConflictError) or not path.exists():
        return getattr(error, "hint", "")
    hint = getattr(error, "hint", "")
    return (f"{hint}; " if hint else "") + f"your text is kept in {path}; `kb add --resume` takes it up again"
