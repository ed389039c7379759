"""KnowledgeBase, the facade over one base: every command of kb is one call of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from kbnotes import query as query_room
from kbnotes.config import MARKER
from kbnotes.errors import FormatError, SelectorError
from kbnotes.kb.fresh import FreshIndex, read_topics
from kbnotes.kb.select import select
from kbnotes.kb.tags import count_tags, rename, retag, tagged
from kbnotes.model import Listing, Not, Report, Results, Retagging, Shown, StoredEntry, Summary, TagCount
from kbnotes.store import Store

if TYPE_CHECKING:
    from kbnotes.kb.drafts import Drafts
    from kbnotes.tagging import Tagger

Sort = Literal["id", "title", "created", "updated"]
Progress = Callable[[int, int], None]  # done, of how many


class KnowledgeBase:
    """A directory of entries. Reading needs no lock; every change is on the disk when its call returns."""

    def __init__(self, base: Path, *, cache: Path, now: Callable[[], datetime] | None = None) -> None:
        self.base = base
        self._store = Store(base)
        self._index = FreshIndex(self._store, cache)
        self._now = now or (lambda: datetime.now(UTC).replace(microsecond=0))

    @property
    def broken(self) -> dict[str, str]:
        """File -> what is wrong with it, for each file that could not be read at the last question."""
        return self._index.broken

    # Reading

    def search(self, text: str, *, tags: Sequence[str] = (), limit: int = 10) -> Results:
        """Return the hits for what was typed, best first; see docs/reference/query.md for the grammar."""
        parsed = query_room.parse(text, tags=tuple(tags))
        results = self._index.ask(lambda index: index.search(parsed, limit=limit))
        other = query_room.literal(parsed) if results.total == 0 else None
        flags = [part.literal for part in parsed.root.parts if isinstance(part, Not) and part.literal]
        if other and self._index.ask(lambda index: index.spells(flags)):
            again = self._index.ask(lambda index: index.search(other, limit=limit))
            note = "Nothing was found that way, so -words were read as text."
            return replace(again, notes=(*again.notes, note)) if again.total else results
        if results.total == 0 and tags:
            note = f"Only entries tagged {' and '.join(tags)} were searched."
            return replace(results, notes=(*results.notes, note))
        return results

    def list(self, *, tags: Sequence[str] = (), sort: Sort = "id", limit: int | None = None) -> Listing:
        """Return the entries that have all of `tags`, by id or title upwards, by time latest first."""
        found = self._index.ask(lambda index: tagged(index, tags))
        if sort == "title":
            found.sort(key=lambda summary: (summary.title.casefold(), summary.id))
        elif sort == "created":
            found.sort(key=lambda summary: summary.created, reverse=True)
        elif sort == "updated":
            found.sort(key=lambda summary: summary.updated, reverse=True)
        return Listing(total=len(found), entries=tuple(found[:limit]))

    def select(self, selectors: Sequence[str]) -> tuple[Summary, ...]:
        """Return the entries that `selectors` (ids or title words) pick. Raises SelectorError."""
        summaries = self._index.ask(lambda index: index.summaries())
        return select(selectors, summaries, broken=self.broken)

    def show(self, selectors: Sequence[str]) -> tuple[Shown, ...]:
        """Return the entries picked, with all there is to tell. Raises SelectorError."""
        from kbnotes.markdown import read_body

        shown = []
        for summary in self.select(selectors):
            entry = self._store.read(Path(summary.path).name).entry
            content = read_body(entry.body, marker=entry.list_marker)
            shown.append(Shown(summary=summary, entry=entry, content=content))
        return tuple(shown)

    def tags(self) -> tuple[TagCount, ...]:
        """Return each tag with the number of entries that a filter by it finds, most used first."""
        counts = self._index.ask(count_tags)
        ordered = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
        return tuple(TagCount(tag=tag, entries=number) for tag, number in ordered)

    def trashed(self) -> tuple[tuple[int, str], ...]:
        """Return id and title of what was removed, by id."""
        return tuple(sorted((each.entry.id, each.entry.title) for each in self._store.trashed()))

    # Importing

    def import_file(
        self,
        path: Path,
        *,
        encoding: str | None = None,
        dry_run: bool = False,
        progress: Progress | None = None,
    ) -> Report:
        """Make entries of a numbered Markdown file, or bring those it made before up to date.

        Raises InputError if the file cannot be read; with `dry_run`, nothing is written.
        """
        from kbnotes.kb.importing import Importer, carry_out, read_text

        text, warnings = read_text(path, encoding=encoding)
        importer = Importer(self._store, self._tagger(), self._now())
        source = self._source_name(path)
        if dry_run:
            return importer.plan(text, file=source, warnings=warnings).report
        with self._store.writing():
            plan = importer.plan(text, file=source, warnings=warnings)
            total, count = len(plan.new) + len(plan.changed), 0

            def done() -> None:
                nonlocal count
                count += 1
                if progress:
                    progress(count, total)

            names = carry_out(plan, self._store, done=done)
        self._index.refresh(names)
        return plan.report

    # Making and changing entries

    def add(self, body: str, *, title: str = "", tags: Iterable[str] = ()) -> Summary:
        """Add an entry and return it; its tags are those given and those the topics propose."""
        from kbnotes.codec import clean_tags
        from kbnotes.kb.changes import new_entry

        given, tagger = clean_tags(tags), self._forgiving_tagger()
        with self._store.writing():
            entry_id = self._store.next_id(self._store.used_ids())
            entry = new_entry(
                body, entry_id=entry_id, title=title, tags=given, tagger=tagger, now=self._now()
            )
            (path,) = self._store.create([entry])
        self._index.refresh([path.name])
        return StoredEntry(entry=entry, path=str(path), digest="").summary

    def edit(
        self,
        selector: str,
        *,
        title: str | None = None,
        tags: Iterable[str] | None = None,
        body: str | None = None,
    ) -> Summary | None:
        """Change what is given of one entry and return it; None if that changes nothing."""
        from kbnotes.codec import clean_tags

        (summary,) = self.select([selector])
        stored = self._store.read(Path(summary.path).name)
        cleaned = None if tags is None else clean_tags(tags)
        return self._change(stored, title=title, tags=cleaned, body=body)

    def new_draft(self, *, title: str = "", tags: Iterable[str] = (), body: str = "\n") -> Path:
        """Write a draft for a new entry, to be edited and then handed to `save_draft`."""
        from kbnotes.codec import clean_tags

        return self._drafts().begin(title=title, tags=clean_tags(tags), body=body)

    def edit_draft(self, selector: str) -> Path:
        """Write a draft of an existing entry, to be edited and then handed to `save_draft`."""
        (summary,) = self.select([selector])
        return self._drafts().begin_edit(self._store.read(Path(summary.path).name))

    def newest_draft(self) -> Path | None:
        """Return the draft that was left last, or None."""
        return self._drafts().newest()

    def save_draft(self, path: Path, *, resumed: bool = False) -> Summary | None:
        """Make the entry that a draft holds durable, then drop the draft; None if it says nothing new.

        If the entry it edits is gone, a `resumed` draft becomes a new one: it could never be saved otherwise.
        Raises a KbError whose hint says where the text is kept.
        """
        from kbnotes.errors import ConflictError, KbError
        from kbnotes.kb.drafts import kept

        drafts = self._drafts()
        try:
            draft = drafts.read(path)
            try:
                stored = drafts.entry_of(path)
            except SelectorError:
                if not resumed:
                    raise
                stored = None
            if drafts.is_untouched(draft, stored):
                saved = None
            elif stored is None:
                saved = self.add(draft.body, title=draft.title or "", tags=draft.tags or ())
            else:
                saved = self._change(stored, title=draft.title, tags=draft.tags, body=draft.body)
        except KbError as error:
            error.hint = kept(error, path)
            if isinstance(error, ConflictError):
                drafts.drop(path)
            raise
        drafts.drop(path)
        return saved

    def remove(self, selectors: Sequence[str]) -> tuple[Summary, ...]:
        """Move entries to the trash and return them."""
        picked = self.select(selectors)
        with self._store.writing():
            for summary in picked:
                self._store.remove(Path(summary.path).name)
        self._index.refresh([])
        return picked

    def restore(self, ids: Iterable[int]) -> tuple[Summary, ...]:
        """Bring entries back from the trash. Raises SelectorError if one is not there."""
        wanted = list(dict.fromkeys(ids))
        with self._store.writing():
            trash = {each.entry.id: each for each in self._store.trashed()}
            missing = [str(number) for number in wanted if number not in trash]
            if missing:
                raise SelectorError(
                    f"Not in the trash: {', '.join(missing)}.",
                    hint="`kb restore` without an id shows the trash",
                )
            paths = [(trash[number], self._store.restore(trash[number])) for number in wanted]
        self._index.refresh([path.name for _, path in paths])
        return tuple(replace(stored, path=str(path)).summary for stored, path in paths)

    # Tags

    def proposed_tags(self, summary: Summary) -> tuple[str, ...]:
        """Return the tags that the topics propose for an entry and that it does not have."""
        from kbnotes.markdown import read_body

        entry = self._store.read(Path(summary.path).name).entry
        found = self._forgiving_tagger().tags_for(read_body(entry.body, marker=entry.list_marker))
        return tuple(tag for tag in found if tag not in entry.tags)

    def retag(
        self, picked: Iterable[Summary], *, add: Iterable[str] = (), remove: Iterable[str] = ()
    ) -> Retagging:
        """Return what adding and removing tags would change; `apply` does it."""
        return retag(picked, add=add, remove=remove)

    def rename_tag(self, old: str, new: str) -> Retagging:
        """Return what giving a tag another name would change, in its place; `apply` does it."""
        return rename(self._index.ask(lambda index: index.summaries()), old, new)

    def apply(self, retagging: Retagging) -> None:
        """Write the tags of a Retagging."""
        names = []
        with self._store.writing():
            for summary, tags in retagging.changes:
                stored = self._store.read(Path(summary.path).name)
                entry = replace(stored.entry, tags=tags, updated=self._now())
                names.append(self._store.replace(stored, entry).name)
        self._index.refresh(names)

    # Shared by the above

    def _change(
        self, stored: StoredEntry, *, title: str | None, tags: tuple[str, ...] | None, body: str | None
    ) -> Summary | None:
        from kbnotes.kb.changes import changed_entry

        entry = changed_entry(stored.entry, title=title, tags=tags, body=body, now=self._now())
        if entry == stored.entry:
            return None
        with self._store.writing():
            path = self._store.replace(stored, entry)
        self._index.refresh([path.name])
        return replace(stored, entry=entry).summary

    def _drafts(self) -> Drafts:
        from kbnotes.kb.drafts import Drafts

        return Drafts(self._store)

    def _tagger(self) -> Tagger:
        from kbnotes.tagging import Tagger

        return Tagger(read_topics(self.base / MARKER))

    def _forgiving_tagger(self) -> Tagger:
        """Return the tagger; without topics and with a warning where they are broken."""
        from kbnotes.tagging import Tagger

        try:
            return self._tagger()
        except FormatError as error:
            self._index.broken[MARKER] = error.message
            return Tagger(())

    def _source_name(self, path: Path) -> str:
        """Return what an entry's source calls a file: relative to the base inside it, else absolute."""
        real = path.resolve()
        base = self.base.resolve()
        return real.relative_to(base).as_posix() if real.is_relative_to(base) else str(real)
