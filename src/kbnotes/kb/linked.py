"""Linked files: long numbered files that stay where they are and are kept in step with their entries."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path

from kbnotes import codec
from kbnotes.errors import ConsentError, InputError
from kbnotes.kb.appending import appended
from kbnotes.kb.changes import clean_body, clean_title
from kbnotes.kb.commit import Commit
from kbnotes.kb.consent import ask_if_many, ask_if_shrunk
from kbnotes.kb.fresh import FreshIndex
from kbnotes.kb.importing import to_write
from kbnotes.kb.linked_files import LINKED, read_linked, source_name
from kbnotes.kb.making import Made
from kbnotes.kb.syncing import Round, TwoWay, plan_both
from kbnotes.markdown import decode, encode
from kbnotes.model import By, LinkedFile, Prefer, Report, StoredEntry, Summary
from kbnotes.record import replace
from kbnotes.store import Planned, Store, files
from kbnotes.tagging import Tagger

CONFLICT = "file"  # label of a version that holds what a linked file has


class Linked:
    """The linked files of one base."""

    def __init__(
        self,
        store: Store,
        index: FreshIndex,
        commit: Commit,
        tagger: Callable[[], Tagger],
        now: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._index = index
        self._commit = commit
        self._tagger = tagger
        self._now = now

    # Which files they are

    def files(self) -> tuple[Path, ...]:
        """Return the paths of the linked files. Raises FormatError."""
        return tuple(self._store.base / each.file for each in read_linked(self._store.base))

    def link(self, file: str, *, encoding: str | None = None, by: By | None = None) -> None:
        """Have a file kept in step from now on; `file` is what sources call it."""
        new = LinkedFile(file=file, encoding=encoding, by=by)
        self._edit(lambda linked: [*(each for each in linked if each.file != file), new])

    def forget(self, file: str) -> None:
        """Leave a file alone from now on; it and its entries stay as they are. Raises InputError."""
        self._find(file)
        self._edit(lambda linked: [each for each in linked if each.file != file])

    def named(self, path: Path) -> str:
        """Return what sources call a linked file. Raises InputError if it is none."""
        return self._find(source_name(self._store.base, path)).file

    def _edit(self, change: Callable[[tuple[LinkedFile, ...]], list[LinkedFile]]) -> None:
        with self._store.writing():
            linked = read_linked(self._store.base)
            after = change(linked)
            if tuple(after) != linked:
                with files.writing(self._store.base / LINKED):
                    files.replace(self._store.base / LINKED, codec.encode_linked(after).encode())

    def _find(self, file: str) -> LinkedFile:
        found = [each for each in read_linked(self._store.base) if each.file == file]
        if not found:
            raise InputError(f"{file} is no linked file.", hint=f"`kb import --keep {file}` makes it one")
        return found[0]

    # Keeping one in step

    def sync(
        self,
        file: str,
        *,
        prune: bool = False,
        prefer: Prefer | None = None,
        dry_run: bool = False,
        yes: bool = False,
    ) -> Report:
        """Bring what was edited in a linked file into its entries, and the other way round.

        With `prune`, entries whose notes are gone go to the trash; `prefer` says whose text holds where both
        changed the same lines. Raises InputError if the file cannot be read, ConflictError if it was changed
        meanwhile, ConsentError without `yes` for very much at once.
        """
        linked = self._find(file)
        with self._store.writing():
            path, raw, text = self._read(linked)
            both = plan_both(partial(self._round, prefer), text, file=file, by=linked.by)
            report = both.plan.reports[0]
            gone = both.plan.missing if prune else ()
            if prune:
                report = _pruned(report)
            if dry_run:
                return report
            _ask(both, gone, file, yes=yes)
            if both.text != text:
                kept = self._store.linked.rewrite(
                    path, self._bytes(linked, both.text, raw, text), expected=raw
                )
                report = replace(report, kept=str(kept))
            for entry in both.aside:
                self._store.keep_aside(entry, label=CONFLICT)
            planned = [*to_write(both.plan, self._store), *map(self._store.removal, gone)]
            names = self._commit("sync", planned, sources=self._store.states_of([file]))
        self._index.refresh(names)
        return report

    def append(self, file: str, body: str, *, title: str = "", tags: Iterable[str] = ()) -> Summary:
        """Write a note behind the last one of a linked file, in its style, and return its entry.

        Raises InputError if there is no text, or none that would be one note there.
        """
        given = codec.clean_tags(tags)
        linked, text = self._find(file), clean_body(body)
        if not text.strip():
            raise InputError("There is no text, so nothing was added.")
        with self._store.writing():
            path, raw, before = self._read(linked)
            importer = self._round(None)
            after, made = appended(
                partial(importer.read, file=file, by=linked.by), before, text, title=clean_title(title)
            )
            new = importer.finished(made)
            entry = replace(
                new,
                id=importer.ids([made])[id(made)],
                title=clean_title(title) or new.title,
                tags=tuple(dict.fromkeys((*given, *new.tags))),
            )
            planned = [
                self._store.creation(entry),
                *self._moved(importer, importer.read(after, file=file, by=linked.by)),
            ]
            self._store.linked.rewrite(path, self._bytes(linked, after, raw, before), expected=raw)
            names = self._commit("add --to", planned, sources=self._store.states_of([file]))
        self._index.refresh(names)
        return StoredEntry(entry=entry, path=str(self._store.entries / names[0]), digest="").summary

    def _moved(self, importer: Round, made: Made) -> list[Planned]:
        """Return the changes of entries whose notes stand elsewhere now, or have other lines behind them."""
        changed = importer.begin(made).changed
        return [
            self._store.replacement(old, version)
            for old, version in changed
            if replace(version, source=old.entry.source) == old.entry
        ]

    def _round(self, prefer: Prefer | None) -> Round:
        made = Round(self._store, self._tagger(), self._now())
        made.prefer = prefer
        return made

    def _read(self, linked: LinkedFile) -> tuple[Path, bytes, str]:
        path = self._store.base / linked.file
        try:
            raw = files.read(path)
        except FileNotFoundError:
            raise InputError(
                f"There is no file {path}.", hint=f"gone for good? `kb sync-file --forget {linked.file}`"
            ) from None
        except OSError as error:
            raise InputError(f"{path} cannot be read: {files.reason(error)}.") from None
        text, _ = decode(raw, name=path.name, encoding=linked.encoding)
        return path, raw, text

    def _bytes(self, linked: LinkedFile, text: str, raw: bytes, before: str) -> bytes:
        """Return `text` in the encoding of the file. Raises InputError where that loses anything."""
        name = Path(linked.file).name
        if encode(before, like=raw, name=name, encoding=linked.encoding) != raw:
            raise InputError(
                f"{name} holds bytes that kb cannot write back as they are, so it was not written.",
                hint="a NUL character, for instance; `kb doctor` and an editor find it",
            )
        return encode(text, like=raw, name=name, encoding=linked.encoding)


def _pruned(report: Report) -> Report:
    steps = (
        replace(step, action="prune", note="no longer in the file; moved to the trash")
        if step.action == "missing"
        else step
        for step in report.steps
    )
    return replace(report, steps=tuple(steps))


def _ask(both: TwoWay, gone: Sequence[StoredEntry], file: str, *, yes: bool) -> None:
    report = both.plan.reports[0]
    ask_if_many(len(report.ids("update")) + len(report.ids("merge")), what="changed", yes=yes)
    ask_if_many(len(report.ids("write")) + len(report.ids("merge")), what=f"written to {file}", yes=yes)
    ask_if_many(len(gone), what="removed", yes=yes)
    if len(gone) > 1 and len(gone) == len(report.steps) and not yes:
        raise ConsentError(f"{file} has none of its {len(gone)} notes any more.", hint="--yes removes them")
    ask_if_shrunk(((old.entry, version) for old, version in both.plan.changed), yes=yes)
