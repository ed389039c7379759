"""Listings, related entries, tag counts and saved searches -> lines in columns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from kbnotes.model import Listing, Related, TagCount
from kbnotes.render.line import Line, width_of
from kbnotes.render.safe import safe_line
from kbnotes.render.screen import SEPARATOR, Screen, tags_text

MIN_TITLE = 24  # columns kept for a title, however long what stands behind it is

Row = tuple[int, str, Line]  # id, title, and what stands behind it


def write_listing(screen: Screen, listing: Listing) -> None:
    """Write id, title and tags of each entry."""
    _write_rows(screen, [(each.id, each.title, tags_text(each.tags)) for each in listing.entries], part=3)


def write_related(screen: Screen, related: Sequence[Related]) -> None:
    """Write id and title of each entry, and why it is there."""
    rows = [(each.summary.id, each.summary.title, _reasons(each.reasons)) for each in related]
    _write_rows(screen, rows, part=2)


def write_tags(screen: Screen, counts: Sequence[TagCount], *, flat: bool) -> None:
    """Write each tag with its count; unless `flat`, indented below each tag that it implies.

    What stands below a tag is written where the tag comes first.
    """
    rows = [(count, 0, False) for count in counts] if flat else list(_tree(counts))
    number_width = max((len(str(count.entries)) for count in counts), default=1)
    for count, depth, is_cut in rows:
        tag = Line(safe_line(count.tag), "kb.tag")
        number = Line(str(count.entries).rjust(number_width), "kb.id")
        screen.line(number, "  ", "  " * depth, tag, Line(" …" if is_cut else "", "kb.dim"))


def _tree(counts: Sequence[TagCount]) -> Iterator[tuple[TagCount, int, bool]]:
    """Yield each tag with its depth, and whether what is below it stands elsewhere already."""
    below: dict[str, list[TagCount]] = {}
    for count in counts:
        for up in count.implies:
            below.setdefault(up, []).append(count)
    seen: set[str] = set()
    waiting = [(count, 0) for count in reversed(counts) if not count.implies]
    while waiting:
        count, depth = waiting.pop()
        children = below.get(count.tag, [])
        yield count, depth, bool(children) and count.tag in seen
        if count.tag not in seen:
            seen.add(count.tag)
            waiting += [(child, depth + 1) for child in reversed(children)]


def write_searches(screen: Screen, searches: Mapping[str, str]) -> None:
    """Write each saved search: its name as a query calls it, and its text."""
    names = {f"@{safe_line(name)}": safe_line(text) for name, text in searches.items()}
    width = max(map(len, names), default=0)
    for name, text in names.items():
        screen.line(Line(name.ljust(width), "kb.id"), "  ", text)


def _reasons(reasons: Sequence[str]) -> Line:
    return Line(SEPARATOR.join(map(safe_line, reasons)), "kb.dim")


def _write_rows(screen: Screen, rows: Sequence[Row], *, part: int) -> None:
    """Write rows in columns; a terminal's last column may claim one `part`-th of its width."""
    id_width = max((len(str(number)) for number, _, _ in rows), default=1)
    titles = [safe_line(title) for _, title, _ in rows]
    longest = max((behind.width for _, _, behind in rows), default=0)
    kept = screen.width - id_width - 4 - min(longest, screen.width // part)
    title_width = min(max(map(width_of, titles), default=0), max(MIN_TITLE, kept))
    for (number, _, behind), title in zip(rows, titles, strict=True):
        cells = (
            _fit(title, title_width) if screen.is_terminal else title + " " * (title_width - width_of(title))
        )
        room = screen.width - id_width - title_width - 4
        shown = behind.cut(room) if screen.is_terminal else behind
        screen.line(Line(str(number).rjust(id_width), "kb.id"), "  ", Line(cells), "  ", shown)


def _fit(text: str, width: int) -> str:
    shown = text
    if width_of(text) > width:
        end = next(at for at in range(len(text), -1, -1) if width_of(text[:at]) < width)
        shown = text[:end].rstrip() + "…"
    return shown + " " * (width - width_of(shown))
