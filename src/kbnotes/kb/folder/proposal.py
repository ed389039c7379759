"""What a note of a folder proposes for its entry: title, tags, times."""

from __future__ import annotations

from datetime import datetime
from pathlib import PurePosixPath

from kbnotes.codec import FrontMatter, read_front_matter, tag_of
from kbnotes.errors import FormatError
from kbnotes.kb.folder.naming import tag_in, title_in
from kbnotes.kb.making import UNTITLED
from kbnotes.model import Content
from kbnotes.record import record
from kbnotes.tagging import Tagger


@record
class Proposal:
    """What a note says about itself, and what the topics say about it."""

    titles: tuple[str, str]  # of a whole file; of a part of one, which its heading names
    given: tuple[str, ...]  # tags of its front matter, its text and its folder
    topics: tuple[str, ...]  # tags that the topics propose
    created: datetime | None = None
    updated: datetime | None = None

    @property
    def tags(self) -> tuple[str, ...]:
        """All tags, each once."""
        return tuple(dict.fromkeys((*self.given, *self.topics)))


class Proposer:
    """Reads what notes propose."""

    def __init__(self, tagger: Tagger, *, folder_tags: bool) -> None:
        self._tagger = tagger
        self._folder_tags = folder_tags

    def propose(self, content: Content, front: FrontMatter, *, path: str) -> Proposal:
        """Return what a note at `path` proposes, by its content and its file's front matter."""
        name = title_in(path) or content.title or PurePosixPath(path).stem or UNTITLED
        part = content.heading or name
        folder = tag_in(path) if self._folder_tags else ""
        inline = (tag_of(word) for word in content.hashtags)
        given = dict.fromkeys(tag for tag in (*front.tags, *inline, folder) if tag)
        created, updated = front.created or front.updated, front.updated or front.created
        if created and updated:
            updated = max(created, updated)
        topics = self._tagger.tags_for(content)
        titles = (front.title or part, part)
        return Proposal(titles=titles, given=tuple(given), topics=topics, created=created, updated=updated)


def front_of(text: str) -> tuple[FrontMatter, str]:
    """Return what front matter says, and what is wrong with it as a whole."""
    if not text:
        return FrontMatter(), ""
    try:
        return read_front_matter(text), ""
    except FormatError as error:
        return FrontMatter(), error.message
