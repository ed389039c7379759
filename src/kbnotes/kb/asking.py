"""Asking a base: all that reads and changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from kbnotes import query as query_room
from kbnotes.config import MARKER
from kbnotes.errors import FormatError
from kbnotes.index import ENGLISH
from kbnotes.kb.fresh import FreshIndex, read_topics
from kbnotes.model import (
    Asked,
    Form,
    Listing,
    Not,
    Order,
    Query,
    Related,
    Results,
    Retagging,
    Shown,
    Suggestion,
    Summary,
    TagCount,
)
from kbnotes.record import replace
from kbnotes.store import Store

if TYPE_CHECKING:
    from kbnotes.index import Index
    from kbnotes.kb.exporting import Export
    from kbnotes.kb.meanings import Meanings, Question
    from kbnotes.kb.tidy import Tidying
    from kbnotes.tagging import Tagger

DEFAULT = Asked()


class Asking:
    """A directory of entries, to be read. Reading needs no lock."""

    def __init__(
        self,
        base: Path,
        *,
        cache: Path,
        now: Callable[[], datetime] | None = None,
        language: str = ENGLISH,
    ) -> None:
        self.base = base
        self.warnings: list[str] = []  # what to know of a change that was made all the same
        self._cache = cache
        self._store = Store(base)
        self._index = FreshIndex(self._store, cache, language=language)
        self._meanings: Meanings | None = None
        self._now = now or (lambda: datetime.now(UTC).replace(microsecond=0))

    def watch(self, progress: Callable[[int, int], None] | None) -> None:
        """Have `progress` told how far the index is when many files have to be read."""
        self._index.on_progress = progress

    @property
    def broken(self) -> dict[str, str]:
        """File -> what is wrong with it, for each file that could not be read at the last question."""
        return self._index.broken

    def search(
        self,
        text: str,
        *,
        tags: Sequence[str] = (),
        since: str = "",
        until: str = "",
        asked: Asked = DEFAULT,
    ) -> Results:
        """Return the hits for what was typed, best first; see docs/reference/query.md for the grammar.

        Raises UsageError if `since` or `until` is no date.
        """
        now = self._local_now()
        parsed = self._parsed(text, tags=tags, since=since, until=until, now=now)
        results = self._found(parsed, asked)
        if asked.explain:
            results = replace(results, reading=query_room.describe(parsed, zone=now.tzinfo or UTC))
        if results.total == 0 and tags:
            note = f"Only entries tagged {' and '.join(tags)} were searched."
            return replace(results, notes=(*results.notes, note))
        return results

    def _found(self, parsed: Query, asked: Asked) -> Results:
        """Return the hits of a query; if there are none, of its `-words` as text, if the notes have them."""
        results = self._index.ask(
            lambda index: index.search(parsed, asked=asked, meaning=self._meaning(index, asked))
        )
        other = query_room.literal(parsed) if results.total == 0 else None
        flags = [part.literal for part in parsed.root.parts if isinstance(part, Not) and part.literal]
        if not other or not self._index.ask(lambda index: index.spells(flags)):
            return results
        again = self._index.ask(lambda index: index.search(other, asked=asked))
        note = "Nothing was found that way, so -words were read as text."
        return replace(again, notes=(*again.notes, note)) if again.total else results

    def _meaning(self, index: Index, asked: Asked) -> Callable[[str], Question | None] | None:
        """Return what asks by meaning. Raises UsageError if that is wanted by name and not installed."""
        if asked.mode == "words":
            return None
        from kbnotes.kb.meanings import Meanings, require

        if asked.mode == "meaning":
            require()
        self._meanings = self._meanings or Meanings()
        return self._meanings.questions(index)

    def list(
        self,
        query: str = "",
        *,
        tags: Sequence[str] = (),
        since: str = "",
        until: str = "",
        sort: Order = "id",
        limit: int | None = None,
        offset: int = 0,
    ) -> Listing:
        """Return the entries that hold all of a query, by id or title upwards, by time latest first.

        Without one, all of them. Raises UsageError if `since` or `until` is no date.
        """
        parsed = self._parsed(query, tags=tags, since=since, until=until, now=self._local_now())
        return self._index.ask(lambda index: index.listing(parsed, order=sort, limit=limit, offset=offset))

    def related(self, selector: str, *, limit: int = 10) -> tuple[Related, ...]:
        """Return the entries most like the one picked, the likest first. Raises SelectorError."""
        (summary,) = self.select([selector])
        return self._related(summary, limit=limit)

    def _related(self, summary: Summary, *, limit: int) -> tuple[Related, ...]:
        return self._index.ask(lambda index: index.related(Path(summary.path).name, limit=limit))

    def _parsed(self, text: str, *, tags: Sequence[str], since: str, until: str, now: datetime) -> Query:
        saved = {}
        if "@" in text:
            from kbnotes.kb.searches import read_searches

            saved = read_searches(self.base)
        return query_room.parse(text, now=now, tags=tuple(tags), saved=saved, since=since, until=until)

    def _local_now(self) -> datetime:
        """Return the time in the zone of the person, by which they say "yesterday"."""
        return self._now().astimezone()

    def select(self, selectors: Sequence[str]) -> tuple[Summary, ...]:
        """Return the entries that `selectors` (ids or title words) pick. Raises SelectorError."""
        from kbnotes.kb.select import id_of, select

        ids = frozenset(number for each in selectors if (number := id_of(each)) is not None)
        if len(ids) == len(selectors):
            summaries = self._index.ask(lambda index: index.with_ids(ids))
        else:
            summaries = self._index.ask(lambda index: index.summaries())
        return select(selectors, summaries, broken=self.broken)

    def ids_beginning(self, digits: str, *, limit: int) -> tuple[Summary, ...]:
        """Return the entries whose ids begin with what was typed, by id."""
        return self._index.ask(lambda index: index.ids_beginning(digits, limit=limit))

    def saved_searches(self) -> dict[str, str]:
        """Return the text of each saved search by its name. Raises FormatError if the file cannot be read."""
        from kbnotes.kb.searches import read_searches

        return read_searches(self.base)

    def show(self, selectors: Sequence[str], *, related: int = 3) -> tuple[Shown, ...]:
        """Return the entries picked, each with all there is to tell and the few most like it.

        Raises SelectorError.
        """
        from kbnotes.kb.targets import targets_of, wiki_names
        from kbnotes.markdown import read_body

        shown = []
        for summary in self.select(selectors):
            entry = self._store.read(Path(summary.path).name).entry
            content = read_body(entry.body, marker=entry.list_marker)
            like = self._related(summary, limit=related) if related else ()
            names = wiki_names(content.links)
            all_of_them = self._index.ask(lambda index: index.summaries()) if names else ()
            targets = targets_of(names, all_of_them)
            shown.append(Shown(summary=summary, entry=entry, content=content, related=like, targets=targets))
        return tuple(shown)

    def export(self, text: str = "", *, tags: Sequence[str] = (), form: Form) -> Export:
        """Return the entries that `text` finds, as `list` has them, to be taken out in one form."""
        from kbnotes.kb.exporting import Export

        found = self.list(text, tags=tags).entries
        entries = [self._store.read(Path(summary.path).name).entry for summary in found]
        return Export(entries, form=form, base=self.base)

    def tags(self) -> tuple[TagCount, ...]:
        """Return each tag with the number of entries that a filter by it finds, most used first."""
        return self._index.ask(lambda index: index.tags())

    def trashed(self) -> tuple[tuple[int, str], ...]:
        """Return id and title of what was removed, by id."""
        return tuple(sorted((each.entry.id, each.entry.title) for each in self._store.trashed()))

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
        from kbnotes.kb.tags import retag

        return retag(picked, add=add, remove=remove)

    def rename_tag(self, old: str, new: str, *, picked: Iterable[Summary] | None = None) -> Retagging:
        """Return what giving a tag another name would change, in its place; `apply` does it."""
        return self.merge_tags([old], new, picked=picked)

    def merge_tags(
        self, old: Iterable[str], into: str, *, picked: Iterable[Summary] | None = None
    ) -> Retagging:
        """Return what making one tag of `old` would change, in all entries or those picked; see `apply`."""
        from kbnotes.kb.tags import rename

        every = self._index.ask(lambda index: index.summaries()) if picked is None else picked
        return rename(every, old, into)

    def accept(self, suggestions: Iterable[Suggestion]) -> Retagging:
        """Return what giving entries the tags suggested for them would change; `apply` does it."""
        from kbnotes.kb.tags import accept

        return accept(suggestions)

    @property
    def tidy(self) -> Tidying:
        """Which tags entries might have, which are perhaps mistyped, and what the topics match."""
        from kbnotes.kb.tidy import Tidying

        return Tidying(self._store, self._index)

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
