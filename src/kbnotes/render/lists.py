"""Listings and tag counts -> lines in columns."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len, set_cell_size
from rich.text import Text

from kbnotes.model import Listing, Summary, TagCount
from kbnotes.render.safe import safe_line
from kbnotes.render.screen import SEPARATOR, Screen, tags_text

MIN_TITLE = 24  # columns kept for a title, however long the tags are


def write_listing(screen: Screen, listing: Listing) -> None:
    """Write id, title and tags of each entry."""
    entries = listing.entries
    id_width = max((len(str(summary.id)) for summary in entries), default=1)
    titles = [safe_line(summary.title) for summary in entries]
    title_width = _title_width(screen, entries, titles, id_width)
    for summary, title in zip(entries, titles, strict=True):
        cells = (
            _fit(title, title_width) if screen.is_terminal else title + " " * (title_width - cell_len(title))
        )
        room = screen.width - id_width - title_width - 4
        tags = tags_text(summary.tags)
        if screen.is_terminal and cell_len(tags.plain) > room:
            tags.truncate(room, overflow="ellipsis")
        screen.line((Text(str(summary.id).rjust(id_width), "kb.id")), "  ", Text(cells), "  ", tags)


def write_tags(screen: Screen, counts: Sequence[TagCount]) -> None:
    """Write each tag with its count."""
    tags = [safe_line(count.tag) for count in counts]
    number_width = max((len(str(count.entries)) for count in counts), default=1)
    for count, tag in zip(counts, tags, strict=True):
        screen.line(Text(str(count.entries).rjust(number_width), "kb.id"), "  ", Text(tag, "kb.tag"))


def _title_width(screen: Screen, entries: Sequence[Summary], titles: Sequence[str], id_width: int) -> int:
    """Return the columns for titles: as many as the longest needs, less where the tags need room."""
    longest = max((cell_len(title) for title in titles), default=0)
    tags = max((cell_len(SEPARATOR.join(summary.tags)) for summary in entries), default=0)
    return min(longest, max(MIN_TITLE, screen.width - id_width - 4 - min(tags, screen.width // 3)))


def _fit(text: str, width: int) -> str:
    if cell_len(text) <= width:
        return set_cell_size(text, width)
    return set_cell_size(set_cell_size(text, width - 1).rstrip() + "…", width)
