"""What comes into a base from outside: numbered files, standard input, folders. A call is one operation."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from kbnotes.errors import InputError
from kbnotes.kb.asking import Asking
from kbnotes.kb.consent import ask_if_many, ask_if_shrunk
from kbnotes.kb.linked_files import read_linked, source_name
from kbnotes.model import By, FileState, Report
from kbnotes.store import Planned

if TYPE_CHECKING:
    from kbnotes.kb.importing import Importer, Plan
    from kbnotes.kb.linked import Linked
    from kbnotes.kb.making import Made

Progress = Callable[[int, int], None]  # done, of how many


class Intake(Asking):
    """The imports of a knowledge base."""

    @property
    def linked(self) -> Linked:
        """The files that are kept in step with their entries."""
        from kbnotes.kb.linked import Linked

        return Linked(self._store, self._index, self._commit, self._tagger, self._now)

    def import_files(
        self,
        paths: Sequence[Path],
        *,
        encoding: str | None = None,
        by: By | None = None,
        keep: bool = False,
        dry_run: bool = False,
        yes: bool = False,
        progress: Progress | None = None,
    ) -> list[Report | InputError]:
        """Make entries of numbered Markdown files, or bring those made before up to date; or of records.

        `by` says what begins an entry; without it the file's own numbers do, in whatever form they are. With
        `keep`, the files are linked from then on: linked files are kept in step, each by itself. Return a
        report or what went wrong for each path, in order. Raises ConsentError without `yes` if very much
        would change; with `dry_run`, nothing is written.
        """
        from kbnotes.kb.making import read_text
        from kbnotes.kb.records import FORMS, RecordImporter

        importer = self._importer()
        linked = {each.file for each in read_linked(self.base)}
        read: dict[str, Made | Report | InputError] = {}
        names = [source_name(self.base, path) for path in paths]
        for path, name in zip(paths, names, strict=True):
            if name not in read:
                try:
                    if name in linked:
                        read[name] = self.linked.sync(name, dry_run=dry_run, yes=yes)
                        continue
                    text, warnings = read_text(path, encoding=encoding)
                    if path.suffix.lower() in FORMS:
                        records = RecordImporter(self._store, self._tagger(), self._now())
                        plan = partial(records.plan, text, file=name, warnings=warnings)
                        (read[name],) = self._import(
                            plan, [name], dry_run=dry_run, yes=yes, progress=progress
                        )
                        continue
                    read[name] = importer.read(text, file=name, by=by, warnings=warnings)
                except InputError as error:
                    read[name] = error
        made = [each for each in read.values() if not isinstance(each, InputError | Report)]
        files = [each.file for each in made]
        reports = self._import(
            partial(importer.plan, made), files, dry_run=dry_run, yes=yes, progress=progress
        )
        told = {report.file: report for report in reports}
        if keep and not dry_run:
            for each in made:
                self.linked.link(each.file, encoding=encoding, by=by)
        return [told[name] if name in told else read[name] for name in names]  # type: ignore[misc]

    def import_text(
        self,
        raw: bytes,
        *,
        name: str,
        encoding: str | None = None,
        by: By | None = None,
        dry_run: bool = False,
        yes: bool = False,
        progress: Progress | None = None,
    ) -> Report:
        """Make entries of numbered Markdown that is in no file; `name` stands for one, now and next time.

        Raises InputError if it is empty or no text.
        """
        from kbnotes.markdown import decode

        if not raw.strip():
            raise InputError(f"There is nothing in {name}.", hint="kb import - < notes.md")
        text, warnings = decode(raw, name=name, encoding=encoding)
        importer = self._importer()
        made = [importer.read(text, file=name, by=by, warnings=warnings)]
        plan = partial(importer.plan, made)
        return self._import(plan, [name], dry_run=dry_run, yes=yes, progress=progress)[0]

    def import_folder(
        self,
        folder: Path,
        *,
        by: By | None = None,
        folder_tags: bool | None = None,
        encoding: str | None = None,
        dry_run: bool = False,
        yes: bool = False,
        progress: Progress | None = None,
    ) -> Report:
        """Make entries of the Markdown files in a folder, or bring those made before up to date.

        An entry a file, or with `by` "heading" several. `folder_tags` makes tags of the folders' names; None
        does so except in an Obsidian vault. What cannot be read is in the report's `failed`.
        """
        from kbnotes.kb.folder.bringing import FolderImport
        from kbnotes.kb.folder.folder_importer import FolderImporter

        root = source_name(self.base, folder)
        importer = FolderImporter(self._store, self._tagger(), self._now(), root="" if root == "." else root)
        work = FolderImport(folder, importer, by=by, folder_tags=folder_tags, encoding=encoding)
        work.check(self.base)
        work.read(progress)
        if dry_run:
            return work.plan(self._store)[0]
        with self._store.writing():
            report, plan, planned = work.plan(self._store)
            self._ask(plan, count=len(plan.changed), yes=yes)
            done = work.told(progress, of=len(planned))
            names = self._commit("import", planned, done=done)
        self._index.refresh(names)
        return report

    def _importer(self) -> Importer:
        from kbnotes.kb.importing import Importer

        return Importer(self._store, self._tagger(), self._now())

    def _import(
        self,
        plan_now: Callable[[], Plan],
        files: Sequence[str],
        *,
        dry_run: bool,
        yes: bool,
        progress: Progress | None,
    ) -> tuple[Report, ...]:
        """Carry out a plan, made under the writer's lock, as one operation."""
        from kbnotes.kb.importing import to_write

        if dry_run:
            return plan_now().reports
        with self._store.writing():
            plan = plan_now()
            self._ask(plan, count=sum(len(each.ids("update")) for each in plan.reports), yes=yes)
            planned = to_write(plan, self._store)
            count = 0

            def done() -> None:
                nonlocal count
                count += 1
                if progress:
                    progress(count, len(planned))

            sources = self._store.states_of(files)
            names = self._commit("import", planned, sources=sources, done=done)
        self._index.refresh(names)
        return plan.reports

    @staticmethod
    def _ask(plan: Plan, *, count: int, yes: bool) -> None:
        ask_if_many(count, what="changed", yes=yes)
        ask_if_shrunk(((old.entry, version) for old, version in plan.changed), yes=yes)

    def _commit(
        self,
        command: str,
        planned: Sequence[Planned],
        *,
        undoes: int | None = None,
        sources: tuple[FileState, ...] = (),
        done: Callable[[], None] | None = None,
    ) -> list[str]:
        raise NotImplementedError
