"""Results -> lines: rank, id, title, tags, and the passage with its words marked."""

from __future__ import annotations

from rich.cells import cell_len
from rich.text import Text

from kbnotes.model import Hit, Results, Summary
from kbnotes.render.safe import safe, safe_line
from kbnotes.render.screen import Screen, tags_text

BROKEN = "This file cannot be read as an entry, only as text: `kb doctor` says why."


def write_results(screen: Screen, results: Results) -> None:
    """Write the hits, best first, a blank line between them."""
    rank_width = len(str(len(results.hits))) + 1
    id_width = max((len(_id(hit.summary)) for hit in results.hits), default=1)
    for rank, hit in enumerate(results.hits, 1):
        if rank > 1:
            screen.line()
        _write_hit(screen, hit, f"{rank}.".rjust(rank_width), id_width)


def _write_hit(screen: Screen, hit: Hit, rank: str, id_width: int) -> None:
    summary = hit.summary
    lead = Text.assemble((rank, "kb.rank"), " ", (_id(summary).rjust(id_width), "kb.id"), "  ")
    title, tags = Text(safe_line(summary.title), "kb.title"), tags_text(summary.tags)
    indent = len(lead)
    fits = indent + cell_len(title.plain) + 3 + cell_len(tags.plain) <= screen.width
    if fits:
        screen.line(lead, title, "   ", tags)
    else:
        screen.paragraph(title, indent=indent, lead=lead)
        if summary.tags:
            screen.paragraph(tags, indent=indent)
    if summary.broken:
        screen.paragraph(Text(BROKEN, "kb.warning"), indent=indent)
    if hit.snippet:
        screen.paragraph(marked(hit.snippet, hit.marks), indent=indent)


def _id(summary: Summary) -> str:
    return str(summary.id) if summary.id or not summary.broken else "-"


def marked(snippet: str, marks: tuple[tuple[int, int], ...]) -> Text:
    """Return a safe snippet with its marks styled."""
    text = Text()
    at = 0
    for start, end in marks:
        text.append(safe(snippet[at:start]))
        text.append(safe(snippet[start:end]), "kb.mark")
        at = end
    text.append(safe(snippet[at:]))
    return text
