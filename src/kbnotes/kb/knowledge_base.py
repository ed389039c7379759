"""KnowledgeBase, the facade over one base: every command of kb is one call of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from kbnotes.errors import FormatError, InputError, SelectorError, StorageError
from kbnotes.index import is_full
from kbnotes.kb.consent import ask_before_tagging, ask_if_many, ask_if_shrunk
from kbnotes.kb.intake import Intake, Progress
from kbnotes.kb.searches import SavedSearches
from kbnotes.kb.tags import retagged
from kbnotes.model import Backup, By, FileState, Report, Retagging, StoredEntry, Summary
from kbnotes.record import replace
from kbnotes.store import Planned

if TYPE_CHECKING:
    from kbnotes.kb.doctor import Health
    from kbnotes.kb.drafts import Drafts
    from kbnotes.kb.past import Past


class KnowledgeBase(SavedSearches, Intake):
    """A directory of entries. Every change is on the disk when its call returns."""

    # Importing

    def import_file(
        self,
        path: Path,
        *,
        encoding: str | None = None,
        by: By | None = None,
        keep: bool = False,
        dry_run: bool = False,
        yes: bool = False,
        progress: Progress | None = None,
    ) -> Report:
        """Make entries of a file, or bring those that a Markdown file made before up to date.

        `by` says what begins an entry; without it the file's own numbers do, in whatever form they are. With
        `keep`, the file is linked: from then on an import of it goes both ways.
        Raises InputError if the file cannot be read, ConsentError without `yes` if it changes very much; with
        `dry_run`, nothing is written.
        """
        (report,) = self.import_files(
            [path], encoding=encoding, by=by, keep=keep, dry_run=dry_run, yes=yes, progress=progress
        )
        if isinstance(report, InputError):
            raise report
        return report

    # Making and changing entries

    def add(self, body: str, *, title: str = "", tags: Iterable[str] = ()) -> Summary:
        """Add an entry and return it; its tags are those given and those the topics propose."""
        from kbnotes.codec import clean_tags
        from kbnotes.kb.changes import new_entry

        given, tagger = clean_tags(tags), self._forgiving_tagger()
        with self._store.writing():
            entry_id = self._store.next_id(self._store.used_ids())
            now = self._now()
            entry = new_entry(body, entry_id=entry_id, title=title, tags=given, tagger=tagger, now=now)
            (name,) = self._commit("add", [self._store.creation(entry)])
        self._index.refresh([name])
        return StoredEntry(entry=entry, path=str(self._store.entries / name), digest="").summary

    def edit(
        self,
        selector: str,
        *,
        title: str | None = None,
        tags: Iterable[str] | None = None,
        body: str | None = None,
        yes: bool = False,
    ) -> Summary | None:
        """Change what is given of one entry, as it is by then, and return it; None if that changes nothing.

        Raises ConsentError without `yes` if the text shrinks by more than 80 %.
        """
        from kbnotes.codec import clean_tags

        (summary,) = self.select([selector])
        cleaned = None if tags is None else clean_tags(tags)
        with self._store.writing():
            stored = self._current(summary)
            saved = self._change(stored, title=title, tags=cleaned, body=body, yes=yes)
        self._index.refresh([Path(stored.path).name])
        return saved

    def new_draft(self, *, title: str = "", tags: Iterable[str] = (), body: str = "\n") -> Path:
        """Write a draft for a new entry, to be edited and then handed to `save_draft`."""
        from kbnotes.codec import clean_tags

        return self.drafts.begin(title=title, tags=clean_tags(tags), body=body)

    def edit_draft(self, selector: str) -> Path:
        """Write a draft of an existing entry, to be edited and then handed to `save_draft`."""
        (summary,) = self.select([selector])
        return self.drafts.begin_edit(self._store.read(Path(summary.path).name))

    def save_draft(
        self, path: Path, *, to: str = "", resumed: bool = False, yes: bool = False
    ) -> Summary | None:
        """Make the entry that a draft holds durable, then drop the draft; None if it says nothing new.

        With `to`, a new one becomes a note of that linked file, too.
        If the entry it edits is gone, a `resumed` draft becomes a new one: it could never be saved otherwise.
        Raises a KbError whose hint says where the text is kept.
        """
        from kbnotes.errors import ConflictError, KbError
        from kbnotes.kb.drafts import kept

        drafts = self.drafts
        content = drafts.content(path)
        try:
            draft = drafts.read(path)
            try:
                stored = drafts.entry_of(path)
            except SelectorError:
                if not resumed:
                    raise
                stored = None
            if drafts.is_untouched(draft, stored, path):
                saved = None
                if drafts.says_nothing(path):
                    return None  # kept: its editor may be open still
            elif stored is None:
                add = partial(self.linked.append, to) if to else self.add
                saved = add(draft.body, title=draft.title or "", tags=draft.tags or ())
            else:
                with self._store.writing():
                    saved = self._change(stored, title=draft.title, tags=draft.tags, body=draft.body, yes=yes)
                self._index.refresh([Path(stored.path).name])
        except KbError as error:
            error.hint = kept(error, path)
            if isinstance(error, ConflictError):
                drafts.drop(path, content)
            raise
        drafts.drop(path, content)
        return saved

    def remove(self, selectors: Sequence[str], *, yes: bool = False) -> tuple[Summary, ...]:
        """Move entries to the trash and return them. Raises ConsentError without `yes` for very many."""
        picked = self.select(selectors)
        ask_if_many(len(picked), what="removed", yes=yes)
        with self._store.writing():
            planned = [self._store.removal(self._current(summary)) for summary in picked]
            self._commit("rm", planned)
        self._index.refresh([])
        return picked

    def restore(self, ids: Iterable[int], *, yes: bool = False) -> tuple[Summary, ...]:
        """Bring entries back from the trash. Raises SelectorError if one is not there."""
        wanted = list(dict.fromkeys(ids))
        ask_if_many(len(wanted), what="brought back", yes=yes)
        with self._store.writing():
            trash = {each.entry.id: each for each in self._store.trashed()}
            missing = [str(number) for number in wanted if number not in trash]
            if missing:
                raise SelectorError(
                    f"Not in the trash: {', '.join(missing)}.",
                    hint="`kb restore` without an id shows the trash, `kb log ID` the versions of an entry",
                )
            found = [trash[number] for number in wanted]
            names = self._commit("restore", [self._store.revival(stored) for stored in found])
        self._index.refresh(names)
        paths = [str(self._store.entries / name) for name in names]
        return tuple(replace(stored, path=path).summary for stored, path in zip(found, paths, strict=True))

    # Tags

    def apply(self, retagging: Retagging, *, yes: bool = False) -> None:
        """Change the tags of the entries that a Retagging names, as they are by then.

        Raises ConsentError without `yes` for very many, and for a new tag that is perhaps another, mistyped.
        """
        if not yes:
            ask_before_tagging(len(retagging.changes), self.tidy.of_retagging(retagging))
        with self._store.writing():
            planned = []
            for summary, after in retagging.changes:
                stored = self._current(summary)
                got = [tag for tag in after if tag not in summary.tags]
                tags = retagged(stored.entry.tags, retagging, planned=got)
                if tags != stored.entry.tags:
                    entry = replace(stored.entry, tags=tags, updated=self._now())
                    planned.append(self._store.replacement(stored, entry))
            names = self._commit("tag", planned)
        self._index.refresh(names)

    # What was done before

    @property
    def past(self) -> Past:
        """What was done to the base, and how to take it back."""
        from kbnotes.kb.past import Past

        return Past(self._store, self._index, self._commit)

    @property
    def drafts(self) -> Drafts:
        """What was being written and is in no entry yet."""
        from kbnotes.kb.drafts import Drafts

        return Drafts(self._store)

    # Keeping a copy

    def back_up(self, archive: Path, *, overwrite: bool = False) -> Backup:
        """Write all files of the base into one archive, and compare every hash in it."""
        from kbnotes.kb.backup import back_up

        return back_up(self._store, archive, overwrite=overwrite)

    @property
    def health(self) -> Health:
        """What is wrong with the base, and how to mend it."""
        from kbnotes.kb.doctor import Health

        return Health(self.base, cache=self._cache)

    # Shared by the above

    def _commit(
        self,
        command: str,
        planned: Sequence[Planned],
        *,
        undoes: int | None = None,
        sources: tuple[FileState, ...] = (),
        done: Callable[[], None] | None = None,
    ) -> list[str]:
        """Carry out changes within `writing` and return the names of the entry files written."""
        if not planned:
            return []
        commit = partial(self._store.commit, command, planned, undoes=undoes, sources=sources, done=done)
        try:
            result = commit()
        except StorageError as error:
            # On a full disk the index goes first. One change that failed was not made; of several, some were.
            if len(planned) > 1 or not is_full(error) or not self._index.make_room():
                raise
            result = commit()
        if result.unrecorded:
            why = result.unrecorded
            self.warnings.append(f"Done, but not journalled ({why}): kb undo cannot take it back.")
        return [Path(each.after.path).name for each in result.operation.changes if each.after]

    def _current(self, summary: Summary) -> StoredEntry:
        """Return an entry as its file is now. Raises SelectorError if it is gone."""
        try:
            return self._store.read(Path(summary.path).name)
        except FormatError:
            found = self._store.find(summary.id)
            if found is None:
                raise SelectorError(f"Entry {summary.id} is gone.") from None
            return found

    def _change(
        self,
        stored: StoredEntry,
        *,
        title: str | None,
        tags: tuple[str, ...] | None,
        body: str | None,
        yes: bool,
    ) -> Summary | None:
        from kbnotes.kb.changes import changed_entry

        entry = changed_entry(stored.entry, title=title, tags=tags, body=body, now=self._now())
        if entry == stored.entry:
            return None
        ask_if_shrunk([(stored.entry, entry)], yes=yes)
        self._commit("edit", [self._store.replacement(stored, entry)])
        return replace(stored, entry=entry).summary
