"""Asking a base: all that reads and changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from kbnotes import query as query_room
from kbnotes.config import MARKER
from kbnotes.errors import FormatError
from kbnotes.kb.fresh import FreshIndex, read_topics
from kbnotes.kb.select import select
from kbnotes.kb.tags import count_tags, rename, retag, tagged
from kbnotes.model import Asked, Listing, Not, Results, Retagging, Shown, Summary, TagCount
from kbnotes.store import Store

if TYPE_CHECKING:
    from kbnotes.tagging import Tagger

Sort = Literal["id", "title", "created", "updated"]


class Asking:
    """A directory of entries, to be read. Reading needs no lock."""

    def __init__(self, base: Path, *, cache: Path, now: Callable[[], datetime] | None = None) -> None:
        self.base = base
        self._store = Store(base)
        self._index = FreshIndex(self._store, cache)
        self._now = now or (lambda: datetime.now(UTC).replace(microsecond=0))

    @property
    def broken(self) -> dict[str, str]:
        """File -> what is wrong with it, for each file that could not be read at the last question."""
        return self._index.broken

    def search(self, text: str, *, tags: Sequence[str] = (), asked: Asked = Asked()) -> Results:
        """Return the hits for what was typed, best first; see docs/reference/query.md for the grammar."""
        parsed = query_room.parse(text, tags=tuple(tags))
        results = self._index.ask(lambda index: index.search(parsed, asked=asked))
        other = query_room.literal(parsed) if results.total == 0 else None
        flags = [part.literal for part in parsed.root.parts if isinstance(part, Not) and part.literal]
        if other and self._index.ask(lambda index: index.spells(flags)):
            again = self._index.ask(lambda index: index.search(other, asked=asked))
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
