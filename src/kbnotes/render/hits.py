"""Results -> lines: rank, id, title, tags, what is missing, and the passage with its words marked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from kbnotes.model import Hit, Part, Results, Shown, Summary, TagCount
from kbnotes.render.line import Line
from kbnotes.render.marks import Found, marked
from kbnotes.render.safe import safe_line
from kbnotes.render.screen import SEPARATOR, Screen, tags_text

BROKEN = "This file cannot be read as an entry, only as text: `kb doctor` says why."
MIN_ROOM = 60  # columns in which two lines hold enough of a passage
MAX_TAGS = 24  # of all hits, named one by one
_GAP = "   "


def write_results(screen: Screen, results: Results, *, whole: Mapping[str, Shown]) -> None:
    """Write how the query was read, the hits, a blank line between them, and the tags of all hits.

    `whole` are entries by path, to be written as they are instead of a passage.
    """
    _write_reading(screen, results)
    found = Found.of(results) if whole else None
    rank_width = len(str(results.offset + len(results.hits))) + 1
    id_width = max((len(_id(hit.summary)) for hit in results.hits), default=1)
    for rank, hit in enumerate(results.hits, results.offset + 1):
        if rank > results.offset + 1:
            _write_border(screen, between_pages=bool(whole))
        lead = Line.assemble(
            (f"{rank}.".rjust(rank_width), "kb.rank"), " ", (_id(hit.summary).rjust(id_width), "kb.id"), "  "
        )
        if found and (shown := whole.get(hit.summary.path)):
            _write_whole(screen, hit, shown, lead=lead, found=found)
        else:
            _write_hit(screen, hit, lead)
    if results.facets and results.hits:
        screen.line()
        _write_facets(screen, results.facets, total=results.total)


def _write_reading(screen: Screen, results: Results) -> None:
    """Write how the query was read, if that was asked for."""
    lead = Line("Read as ", "kb.dim")
    for place, line in enumerate(results.reading):
        screen.paragraph(Line(safe_line(line), "kb.dim"), indent=lead.width, lead=None if place else lead)
    if results.reading and results.hits:
        screen.line()


def _write_border(screen: Screen, *, between_pages: bool) -> None:
    screen.line()
    if between_pages:
        screen.line(Line("─" * min(screen.width, 40), "kb.dim"))
        screen.line()


def _write_hit(screen: Screen, hit: Hit, lead: Line) -> None:
    summary, indent = hit.summary, lead.width
    title = Line(safe_line(summary.title), "kb.title")
    _write_head(screen, lead, title, [tags_text(summary.tags), _missing(hit.missing)])
    if summary.broken:
        screen.paragraph(Line(BROKEN, "kb.warning"), indent=indent)
    if hit.snippet:
        _write_passage(screen, marked(screen, hit.snippet, hit.marks), indent=indent)
    _write_parts(screen, hit, indent=indent)


def _write_passage(screen: Screen, passage: Line, *, indent: int) -> None:
    """Write a passage; on a terminal in two lines, if that hides no mark and there is room for them."""
    room = screen.width - indent
    if screen.is_terminal and room >= MIN_ROOM:
        first, *more = passage.wrap(room)
        if len(more) > 1 and not any(style for line in more[1:] for _, style in line.pieces):
            second = more[0].wrap(room - len(" …"))[0]
            passage = Line.assemble(first, "\n", second, " …")
    screen.paragraph(passage, indent=indent)


def _write_whole(screen: Screen, hit: Hit, shown: Shown, *, lead: Line, found: Found) -> None:
    from kbnotes.render.entry import write_entry

    write_entry(screen, shown, lead=lead, found=found)
    if hit.missing or hit.parts:
        screen.line()
    if hit.missing:
        screen.line(_missing(hit.missing))
    _write_parts(screen, hit, indent=0)


def _write_head(screen: Screen, lead: Line, title: Line, extras: Iterable[Line]) -> None:
    """Write a title with what belongs to it behind it, as far as the line reaches, and below it."""
    lines = [title]
    for extra in filter(None, extras):
        if lead.width + lines[-1].width + len(_GAP) + extra.width <= screen.width:
            lines[-1] = Line.assemble(lines[-1], _GAP, extra)
        else:
            lines.append(extra)
    for place, line in enumerate(lines):
        screen.paragraph(line, indent=lead.width, lead=None if place else lead)


def _missing(words: Sequence[str]) -> Line:
    named = ", ".join(f"“{safe_line(word)}”" for word in words)
    return Line(f"without {named}" if words else "", "kb.dim")


def _write_parts(screen: Screen, hit: Hit, *, indent: int) -> None:
    """Write where a score came from, if that was asked for."""
    if hit.parts:
        said = f"{hit.score:.2f} = {_first(hit.parts[0])}{''.join(map(_further, hit.parts[1:]))}"
        screen.paragraph(Line(said, "kb.dim"), indent=indent)


def _first(part: Part) -> str:
    return f"{part.score:.2f} {safe_line(part.reason)}"


def _further(part: Part) -> str:
    return f" {'-' if part.score < 0 else '+'} {abs(part.score):.2f} {safe_line(part.reason)}"


def _write_facets(screen: Screen, facets: Sequence[TagCount], *, total: int) -> None:
    tags = [
        Line.assemble((safe_line(facet.tag), "kb.tag"), f" {facet.entries}") for facet in facets[:MAX_TAGS]
    ]
    if len(facets) > MAX_TAGS:
        tags.append(Line(f"and {len(facets) - MAX_TAGS} more", "kb.dim"))
    of = f"all {total} hits" if total > 1 else "the hit"
    line = Line.assemble((f"Tags of {of}: ", "bold"), Line.assemble((SEPARATOR, "kb.dim")).join(tags))
    screen.paragraph(line, indent=0)


def _id(summary: Summary) -> str:
    return str(summary.id) if summary.id or not summary.broken else "-"
