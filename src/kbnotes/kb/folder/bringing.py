"""One import of a folder, step by step: look, read, compare, tell."""

from __future__ import annotations

import errno
from collections import defaultdict
from collections.abc import Callable
from itertools import chain
from pathlib import Path

from kbnotes.errors import FormatError, InputError
from kbnotes.kb.folder.folder_importer import FolderImporter, Note, numbered_notes
from kbnotes.kb.folder.links import Links
from kbnotes.kb.folder.walk import OWN, Found, Walker, is_note
from kbnotes.kb.importing import Held, Plan
from kbnotes.markdown import decode
from kbnotes.model import Entry, LinkCount, Report
from kbnotes.record import replace
from kbnotes.store import Planned, Store, files

MAX_NOTE = 4 * 1024 * 1024  # bytes of a file: an entry may have twice as many, which its YAML may need
Progress = Callable[[int, int], None]


class FolderImport:
    """Reads a folder once; what it plans may be planned again, under the writer's lock."""

    def __init__(
        self,
        folder: Path,
        importer: FolderImporter,
        *,
        by: str | None,
        folder_tags: bool | None,
        encoding: str | None,
    ) -> None:
        self._folder = folder
        self._importer = importer
        self._by = by
        self._folder_tags = folder_tags
        self._encoding = encoding
        self._found = Walker(folder).walk() if folder.is_dir() else None
        self._texts: dict[str, tuple[str, tuple[str, ...]]] = {}  # path -> text, warnings
        self._notes: dict[str, Note] = {}
        self._failed: list[tuple[str, str]] = []

    def check(self, base: Path) -> None:
        """Raise InputError for what is no folder, or one of kb's own."""
        if self._found is None:
            raise InputError(f"{self._folder} is no folder.")
        real = self._folder.resolve()
        if any(real.is_relative_to(base.resolve() / own) for own in OWN):
            raise InputError(f"{self._folder} is kb's own: what is in it is in the base already.")
        if self._found.passed and self._found.passed[0][0] == ".":
            raise InputError(f"{self._folder} cannot be read: {self._found.passed[0][1]}.")

    def read(self, progress: Progress | None) -> None:
        """Read all notes."""
        found = self._found
        if found is None:
            return
        self._importer.start(
            folder_tags=not found.is_vault if self._folder_tags is None else self._folder_tags
        )
        self._failed = list(found.passed)
        root = self._folder.resolve()
        for at, path in enumerate(found.notes, 1):
            try:
                raw = files.read(root / path, limit=MAX_NOTE)
                text, warnings = decode(raw, name=path, encoding=self._encoding)
                self._texts[path] = text, warnings
                self._read_note(path, by_heading=self._by == "heading")
            except InputError as error:
                self._failed.append((path, error.message.removeprefix(f"{path} is ").rstrip(".")))
            except OSError as error:
                is_large = error.errno == errno.EFBIG
                why = f"larger than {MAX_NOTE // 1024 // 1024} MB" if is_large else files.reason(error)
                self._failed.append((path, why))
            if progress:
                progress(at, 2 * len(found.notes))

    def told(self, progress: Progress | None, *, of: int) -> Callable[[], None]:
        """Return what is called for each of `of` files written, and tells `progress` the second half."""
        read, count = len(self._texts), 0

        def done() -> None:
            nonlocal count
            count += 1
            if progress:
                progress(read + read * count // of, 2 * read)

        return done

    def plan(self, store: Store) -> tuple[Report, Plan, list[Planned]]:
        """Return what the import does, told and prepared. Writes nothing."""
        importer = self._importer
        held = importer.held(self._is_mine)
        importer.remember(held.stored)
        notes, warnings = self._adapted(held)
        read = {note.made.file for note in notes}
        there = {importer.source_of(path) for path in (*self._texts, *(path for path, _ in self._failed))}
        # An entry whose file is there but was passed over is neither paired nor missing.
        stored = tuple(
            each for each in held.stored if (file := _file(each.entry)) in read or file not in there
        )
        plan = importer.compare([note.made for note in notes], Held(stored, held.trash, ()))
        planned, refused = self._prepared(plan, store)
        warnings += [f"{name} could not be read and was left alone" for name in held.unreadable]
        return self._report(plan, notes, refused, warnings), plan, planned

    def _read_note(self, path: str, *, by_heading: bool) -> None:
        text, warnings = self._texts[path]
        if count := numbered_notes(text):
            said = f"{count} numbered notes; `kb import` of the file itself makes an entry of each"
            warnings = (*warnings, said)
        self._notes[path] = self._importer.read_note(
            text, path=path, warnings=warnings, by_heading=by_heading
        )

    def _is_mine(self, source: str) -> bool:
        root = self._importer.root
        return is_note(source) and (source.startswith(f"{root}/") if root else not source.startswith("/"))

    def _adapted(self, held: Held) -> tuple[list[Note], list[str]]:
        """Return the notes, each in the way its file was imported before, and what to say of that."""
        before: defaultdict[str, list[Entry]] = defaultdict(list)
        for each in held.stored:
            before[self._importer.path_of(_file(each.entry))].append(each.entry)
        left: list[str] = []
        for path, note in self._notes.items():
            entries = before.get(path, ())
            if any(entry.source and entry.source.number is not None for entry in entries):
                left.append(path)
            elif self._by is None and len(entries) > 1 and len(note.made.entries) == 1:
                self._read_note(path, by_heading=True)
        notes = [note for path, note in self._notes.items() if path not in left]
        return notes, [
            f"{path}: left alone, for `kb import` of the file made an entry of each note" for path in left
        ]

    def _prepared(self, plan: Plan, store: Store) -> tuple[list[Planned], dict[int, str]]:
        """Return the changes to make, and why some entries, by id, can't be written."""
        planned: list[Planned] = []
        refused: dict[int, str] = {}
        pairs = chain(((None, entry) for entry in plan.new), plan.changed)
        for old, entry in pairs:
            try:
                planned.append(store.replacement(old, entry) if old else store.creation(entry))
            except (FormatError, InputError) as error:
                refused[entry.id] = error.message.rstrip(".")
        return planned, refused

    def _report(self, plan: Plan, notes: list[Note], refused: dict[int, str], warnings: list[str]) -> Report:
        path_of = self._importer.path_of
        steps = [replace(step, file=path_of(step.file)) for each in plan.reports for step in each.steps]
        failed = self._failed + [(step.file, refused[step.id]) for step in steps if step.id in refused]
        links, lost = self._links(notes)
        said = [f"{path_of(each.file)}: {warning}" for each in plan.reports for warning in each.warnings]
        empty = [path_of(note.made.file) for note in notes if not note.made.entries]
        if empty:
            said.append(f"{_some(empty)}: empty, so no entry was made")
        if out := self._found.left_out if self._found else []:
            said.append(f"left out by .gitignore: {_some(out)}")
        return Report(
            file=str(self._folder),
            steps=tuple(step for step in steps if step.id not in refused),
            warnings=(*warnings, *said, *lost),
            files=len(notes),
            failed=tuple(failed),
            links=links,
        )

    def _links(self, notes: list[Note]) -> tuple[LinkCount, list[str]]:
        path_of = self._importer.path_of
        found = self._found or Found()
        titled = {
            path_of(note.made.file): (*note.aliases, *(entry.title for entry in note.made.entries))
            for note in notes
        }
        links = Links(self._folder.resolve(), found, titled)
        return links.count((path_of(note.made.file), note.links) for note in notes)


def _file(entry: Entry) -> str:
    return entry.source.file if entry.source else ""


def _some(paths: list[str]) -> str:
    more = f" and {len(paths) - 3} more" if len(paths) > 3 else ""
    return ", ".join(paths[:3]) + more
