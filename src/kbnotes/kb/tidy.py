"""Keeping tags tidy: which to give, which are perhaps mistyped, and what the topics make of the entries."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from kbnotes.config import MARKER
from kbnotes.errors import FormatError, KbError
from kbnotes.kb.doubts import known_tags, near_tag
from kbnotes.kb.fresh import FreshIndex, read_topics
from kbnotes.kb.suggest import suggested
from kbnotes.model import (
    Content,
    Doubt,
    Mention,
    Retagging,
    StoredEntry,
    Suggestion,
    Summary,
    Topic,
    Vocabulary,
)
from kbnotes.record import replace
from kbnotes.store import Store
from kbnotes.tagging import Tagger
from kbnotes.text import tag_key

Progress = Callable[[int, int], None]  # done, of how many


class Tidying:
    """What a base's tags look like, and what could be better about them. It changes nothing."""

    def __init__(self, store: Store, index: FreshIndex) -> None:
        self._store = store
        self._index = index

    # Suggestions

    def suggestions(self, picked: Sequence[Summary], *, limit: int) -> tuple[Suggestion, ...]:
        """Return the tags that entries might have: by the topics, their own words, and entries like them.

        Entries for which there is none are left out.
        """
        tagger = Tagger(self._topics())
        names = [Path(summary.path).name for summary in picked]
        votes, implied = self._index.ask(lambda index: (index.votes(names), index.state.implied))
        found = []
        for summary, name in zip(picked, names, strict=True):
            stored = self._store.read(name)
            why = tagger.why(_content_of(stored))
            tags = suggested(stored.entry.tags, votes.get(name, ()), why, implied=implied)
            found.append(Suggestion(summary=summary, tags=tags[:limit]))
        return tuple(each for each in found if each.tags)

    # Doubts

    def doubts(self, tags: Iterable[str], *, without: Iterable[str] = ()) -> tuple[Doubt, ...]:
        """Return those of `tags` that nobody has yet and that are perhaps another one, mistyped.

        `without`: tags that are about to go, which nobody can have meant.
        """
        known = known_tags(self._counts(), self._names(), without=without)
        pairs = ((tag, near_tag(tag, known)) for tag in tags)
        return tuple(Doubt(tag=tag, near=near, entries=known[near]) for tag, near in pairs if near)

    def doubts_about(self, saved: Summary, *, before: Iterable[str] = ()) -> tuple[Doubt, ...]:
        """Return the doubtful ones of the tags that an entry, just saved, has and did not have `before`."""
        had = {tag_key(tag) for tag in before}
        given = [tag for tag in saved.tags if tag_key(tag) not in had]
        try:
            counts = self._counts() if given else {}
            new = [tag for tag in given if counts.get(tag_key(tag), 0) <= 1]  # itself
            names = {tag_key(name) for name in self._names()} if new else set()
            return self.doubts(new, without=(tag for tag in new if tag_key(tag) not in names)) if new else ()
        except KbError:  # what was saved is saved
            return ()

    def of_retagging(self, retagging: Retagging) -> tuple[Doubt, ...]:
        """Return the doubtful ones of the tags that a change of tags brings."""
        old, new = retagging.renamed or (frozenset(), "")
        return self.doubts((*retagging.added, *([new] if new else [])), without=old)

    # Topics

    def vocabulary(self, *, progress: Progress | None = None) -> Vocabulary:
        """Return the topics with what they match in all entries, and what is probably not meant about them.

        Raises FormatError if the topics cannot be read.
        """
        from kbnotes.kb.beside import read_text
        from kbnotes.kb.vocabulary import compare

        text = read_text(self._store.base / MARKER)
        summaries = self._index.ask(lambda index: index.summaries())
        contents = []
        for place, summary in enumerate(summaries, 1):
            stored = self._store.read(Path(summary.path).name)
            contents.append(_content_of(stored))
            if progress:
                progress(place, len(summaries))
        used = {tag for summary in summaries for tag in map(tag_key, summary.tags)}
        return compare(text, name=MARKER, contents=contents, used=used)

    def mentions(self, tags: Iterable[str]) -> tuple[Mention, ...]:
        """Return where topics.yaml has any of `tags`: as a topic, or as what a topic implies."""
        from kbnotes.codec import decode_topics, topic_lines
        from kbnotes.kb.beside import read_text

        wanted = {tag_key(tag) for tag in tags}
        try:
            text = read_text(self._store.base / MARKER)
            topics, lines = decode_topics(text, name=MARKER), topic_lines(text, name=MARKER)
        except FormatError:
            return ()
        return tuple(
            Mention(tag=tag, topic=topic.name, line=lines[topic.name])
            for topic in topics
            for tag in (topic.name, *topic.implies)
            if tag in wanted
        )

    def _counts(self) -> dict[str, int]:
        return {count.tag: count.entries for count in self._index.ask(lambda index: index.tags())}

    def _names(self) -> set[str]:
        """Return the names of the topics and of what they imply."""
        return {name for topic in self._topics() for name in (topic.name, *topic.implies)}

    def _topics(self) -> tuple[Topic, ...]:
        try:
            return read_topics(self._store.base / MARKER)
        except FormatError as error:
            self._index.broken[MARKER] = error.message
            return ()


def _content_of(stored: StoredEntry) -> Content:
    """Return what the topics look at: an entry's content, under the title that it has."""
    from kbnotes.markdown import read_body

    entry = stored.entry
    return replace(read_body(entry.body, marker=entry.list_marker), title=entry.title)
