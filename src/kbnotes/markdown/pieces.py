"""A whole Markdown file -> the pieces that become entries: all of it, or one for each of its headings."""

from __future__ import annotations

from collections import Counter

from kbnotes.markdown.lines import lines_of
from kbnotes.markdown.parser import block_tokens
from kbnotes.model import Piece
from kbnotes.record import record


@record
class _Cut:
    """A heading at which the text may be cut; lines are 0-based."""

    line: int
    end: int  # the line behind the heading
    level: int
    heading: str


def pieces_of(text: str, *, front: str, by_heading: bool) -> tuple[Piece, ...]:
    """Return `text`, which begins with the front matter `front`, as pieces that are the text, put together.

    With `by_heading` it is cut at the highest level of heading that occurs more than once, and at those above
    it. A file of front matter only is one piece, which is that; one of blanks is none.
    """
    lines = lines_of(text)
    start = len(lines_of(front))
    if not "".join(lines[start:]).strip():
        start = 0
    if not text.strip():
        return ()
    cuts = _cuts(lines, start) if by_heading else []
    headings: list[_Cut] = []
    pieces: list[Piece] = []
    lead = 0
    begins = [*([start] if not cuts or cuts[0].line > start else []), *(cut.line for cut in cuts)]
    by_line = {cut.line: cut for cut in cuts}
    level = max((cut.level for cut in cuts), default=0)
    for at, begin in enumerate(begins):
        end = begins[at + 1] if at + 1 < len(begins) else len(lines)
        cut = by_line.get(begin)
        if cut:
            headings = [above for above in headings if above.level < cut.level] + [cut]
        is_last = at + 1 == len(begins)
        only_above = cut is not None and cut.level < level and not "".join(lines[cut.end : end]).strip()
        is_blank = not "".join(lines[begin:end]).strip()
        if not is_last and (only_above or is_blank):
            continue  # it leads the next piece
        path = tuple(above.heading for above in headings if above is not cut)
        pieces.append(_piece(lines, lead, begin, end, path=path, is_cut=cut is not None))
        lead = end
    return tuple(pieces)


def _piece(
    lines: list[str], lead: int, begin: int, end: int, *, path: tuple[str, ...], is_cut: bool
) -> Piece:
    """Make a piece of lines [begin, end); those from `lead` on stand before it."""
    while not lines[begin].strip():
        begin += 1
    last = end
    while not lines[last - 1].strip():
        last -= 1
    return Piece(
        lead="".join(lines[lead:begin]),
        body="".join(lines[begin:last]),
        tail="".join(lines[last:end]),
        first_line=begin + 1,
        last_line=last,
        path=path,
        is_cut=is_cut,
    )


def _cuts(lines: list[str], start: int) -> list[_Cut]:
    tokens = block_tokens("".join(lines[start:]))
    found: list[_Cut] = []
    for token in tokens:
        if token.type == "heading_open" and token.level == 0 and token.map:
            first, end = (start + line for line in token.map)
            heading = "\n".join(line.rstrip("\r\n") for line in lines[first:end]).strip()
            found.append(_Cut(first, end, int(token.tag[1:]), heading))
    counts = Counter(cut.level for cut in found)
    level = min((level for level, count in counts.items() if count > 1), default=0)
    return [cut for cut in found if cut.level <= level]
