"""What is being written in an editor. A draft lives in the base until its entry is durable.

A draft that says nothing is not dropped when its editor ends either, nor is one whose entry is durable by
then: some editors hand over to a window and end at once, and what is saved there later needs its file. Such a
draft is shown to nobody, and goes after a day; one that was written to again is a draft like any other.
"""

from __future__ import annotations

import os
import re
import secrets
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from kbnotes import codec
from kbnotes.codec import Draft
from kbnotes.errors import ConflictError, ConsentError, EditorError, FormatError, SelectorError
from kbnotes.model import StoredEntry, Waiting
from kbnotes.record import replace
from kbnotes.store import Store, files

_EDIT = re.compile(r"(?P<id>\d+)-(?P<digest>[0-9a-f]{16})-\w+\.md")
_NEW = re.compile(r"new-\w+-[0-9a-f]{4}(?P<digest>[0-9a-f]{4})\.md")
_SAVED = re.compile(r"(?P<digest>[0-9a-f]{16})-(?P<name>.*)")  # the names in `saved/`
_UNUSED = 24 * 3600  # seconds after which a draft that says nothing is surely in no editor


class Drafts:
    """The drafts of one base: `new-….md`, or `0018-….md` for an entry that exists already.

    What was in one when its entry was saved lies in `saved/`, under a name that begins with its digest.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._directory = store.base / "drafts"
        self._saved = self._directory / "saved"

    def begin(self, *, title: str, tags: tuple[str, ...], body: str) -> Path:
        """Write a draft for a new entry and return its path."""
        when = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
        draft = Draft(title=title, tags=tags, body=body)
        check = codec.digest(codec.write_draft(draft))[:4]
        return self._write(f"new-{when}-{secrets.token_hex(2)}{check}.md", draft)

    def begin_edit(self, stored: StoredEntry) -> Path:
        """Write a draft of an entry and return its path, whose name says which version it began with."""
        name = f"{stored.entry.id:04d}-{stored.digest[:16]}-{secrets.token_hex(2)}.md"
        return self._write(name, as_draft(stored))

    def waiting(self) -> tuple[Waiting, ...]:
        """Return the drafts that say something, the one changed last first."""
        paths = [path for path in self._latest_first() if not self.says_nothing(path)]
        return tuple(self._described(path, number) for number, path in enumerate(paths, 1))

    def newest(self) -> Path | None:
        """Return the draft changed last, one that says something before any that does not; or None."""
        paths = self._latest_first()
        untouched = (path for path in paths if path.parent != self._saved)
        return next((path for path in paths if not self.says_nothing(path)), next(untouched, None))

    def pick(self, which: str) -> Path:
        """Return a draft by its number in `waiting`, or by the name of its file. Raises SelectorError."""
        paths = self._latest_first()
        named = [path for path in paths if which in (path.name, path.stem, str(path))]
        if not named and which.isascii() and which.isdigit():
            named = [Path(each.path) for each in self.waiting() if each.number == int(which)]
        if not named:
            raise SelectorError(f"There is no draft {which}.", hint="`kb drafts` lists what there is")
        return named[0]

    def text(self, path: Path) -> str:
        """Return a draft as it is in its file. Raises StorageError."""
        with files.reading(path):
            return files.read(path).decode("utf-8", "backslashreplace")

    def discard(self, which: str, *, yes: bool = False) -> Path:
        """Move a draft to the trash and return where it is now. Raises ConsentError without `yes`."""
        path = self.pick(which)
        if not yes:
            said = _first_line(self._lenient(path).body) or "no text"
            raise ConsentError(
                f"The draft {path.name} ({said[:60]}) would go to the trash.", hint="--yes does it"
            )
        target = self._store.trash / path.name
        with self._store.writing(), files.writing(target):
            files.make_directory(target.parent)
            while os.path.lexists(target):
                target = target.with_name(f"{target.stem}-again.md")
            files.move(path, target)
        return target

    def sweep(self) -> None:
        """Drop the drafts that say nothing and were not touched for a day."""
        limit = time.time() - _UNUSED
        with suppress(OSError):
            for path in self._latest_first():
                status = path.lstat()
                if max(status.st_mtime, status.st_ctime) < limit and self.says_nothing(path):
                    path.unlink()

    def says_nothing(self, path: Path) -> bool:
        """Tell whether a draft is as it began, or empty: it may go without a loss."""
        try:
            content = files.read(path)
        except OSError:
            return False
        if not content.strip():
            return True
        if path.parent == self._saved and (saved := _SAVED.fullmatch(path.name)):
            return codec.digest(content).startswith(saved["digest"])
        if found := _NEW.fullmatch(path.name):
            body = self._lenient(path).body
            return not body.strip() and codec.digest(content)[:4] == found["digest"]
        return any(content == codec.write_draft(as_draft(began)).encode() for began in self._began(path))

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

    def is_untouched(self, draft: Draft, stored: StoredEntry | None, path: Path) -> bool:
        """Tell whether a draft says nothing, or nothing new."""
        if self.says_nothing(path):
            return True
        if stored is None:
            return not (draft.body.strip() or draft.title or draft.tags)
        return any(_same(draft, as_draft(began)) for began in self._began(path))

    def entry_of(self, path: Path) -> StoredEntry | None:
        """Return the entry that a draft edits, or None for a new one.

        The entry's digest is the one the draft began with, so that a change meanwhile is noticed when it is
        replaced. Raises SelectorError if the entry is gone.
        """
        found = _EDIT.fullmatch(_own_name(path))
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

    def content(self, path: Path) -> bytes:
        """Return what a draft holds now; nothing if it cannot be read."""
        try:
            return files.read(path)
        except OSError:
            return b""

    def drop(self, path: Path, content: bytes) -> None:
        """Put a draft away whose text, `content`, is durable; if it stays, nothing is lost.

        It keeps a name for a day, for an editor that is still open.
        """
        with suppress(OSError):
            if files.read(path) != content:
                return
            try:
                files.make_directory(self._saved)
                path.rename(self._saved / f"{codec.digest(content)[:16]}-{_own_name(path)}")
            except OSError:
                path.unlink()

    def _latest_first(self) -> list[Path]:
        if self._directory.is_symlink() or not self._directory.is_dir():
            return []
        found: list[tuple[int, Path]] = []
        for path in (*self._directory.glob("*.md"), *self._saved.glob("*.md")):
            with suppress(OSError):
                if path.is_file() and not path.is_symlink():
                    found.append((path.stat().st_mtime_ns, path))
        return [path for _, path in sorted(found, reverse=True)]

    def _described(self, path: Path, number: int) -> Waiting:
        draft = self._lenient(path)
        found = _EDIT.fullmatch(_own_name(path))
        return Waiting(
            number=number,
            path=str(path),
            changed=datetime.fromtimestamp(int(path.stat().st_mtime), UTC),
            entry_id=int(found["id"]) if found else None,
            title=draft.title or "",
            first_line=_first_line(draft.body),
        )

    def _lenient(self, path: Path) -> Draft:
        """Return a draft whatever it holds: one whose header cannot be read is all body."""
        try:
            text = files.read(path).decode("utf-8", "replace").replace("\r\n", "\n")
        except OSError as error:
            return Draft(title=None, tags=None, body=f"(cannot be read: {files.reason(error)})")
        try:
            return codec.read_draft(text, name=path.name)
        except FormatError:
            return Draft(title=None, tags=None, body=text)

    def _began(self, path: Path) -> Iterator[StoredEntry]:
        """Yield the version of its entry that a draft began with, if it can be found."""
        found = _EDIT.fullmatch(_own_name(path))
        if not found:
            return
        stored = self._store.find(int(found["id"]))
        if stored and stored.digest.startswith(found["digest"]):
            yield stored
            return
        for version in self._store.history.versions(int(found["id"])):
            if version.digest == found["digest"]:
                with suppress(FormatError):
                    yield self._store.read_file(Path(version.path))

    def _write(self, name: str, draft: Draft) -> Path:
        path = self._directory / name
        with files.writing(path):
            files.make_directory(self._directory)
            files.create(path, codec.write_draft(draft).encode())
        return path


def _own_name(path: Path) -> str:
    """Return the name that a draft began with."""
    found = _SAVED.fullmatch(path.name)
    return found["name"] if found and path.parent.name == "saved" else path.name


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


def _same(draft: Draft, began: Draft) -> bool:
    same_title = draft.title is None or draft.title == began.title
    same_tags = draft.tags is None or draft.tags == began.tags
    return same_title and same_tags and draft.body.rstrip("\n") == began.body.rstrip("\n")


def _first_line(text: str) -> str:
    return next((line.strip() for line in text.split("\n") if line.strip()), "")
