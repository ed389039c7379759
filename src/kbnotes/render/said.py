"""What is said beside results, on standard error, in sentences."""

from __future__ import annotations

from collections.abc import Iterator

from kbnotes.model import Nearest, Results
from kbnotes.render.screen import SEPARATOR

MAX_TITLE = 48  # characters of a title named among others


def before_hits(results: Results) -> Iterator[str]:
    """Yield what was done to find hits, or what was tried in vain and what comes nearest."""
    yield from results.notes
    if results.corrected is not None:
        yield f"Nothing was found for “{results.query}”; searched for “{results.corrected}”."
    if results.relaxed:
        yield results.relaxed
    if not results.total:
        yield f"Nothing was found for “{results.query}”."
        yield from results.tried
        if results.nearest:
            yield from _nearest(results.nearest)


def _nearest(nearest: Nearest) -> Iterator[str]:
    if nearest.spelling:
        yield f"Nearest spelling: “{nearest.spelling}”."
    if nearest.tags:
        tags = SEPARATOR.join(f"{each.tag} {each.entries}" for each in nearest.tags)
        yield f"Nearest tags: {tags}; kb list --tag {nearest.tags[0].tag} lists the first."
    if nearest.titles:
        titles = SEPARATOR.join(f"{each.id} {_cut(each.title)}" for each in nearest.titles)
        yield f"Nearest titles: {titles}"


def _cut(title: str) -> str:
    return title if len(title) <= MAX_TITLE else f"{title[: MAX_TITLE - 1].rstrip()}…"


def after_hits(results: Results) -> str:
    """Return which of all hits these are, and how to see the next; "" where they are all."""
    about = ""
    if 0 < results.complete < results.total:
        about = f" ({results.complete} hold{'s' if results.complete == 1 else ''} all the words)"
    return page(results.total, shown=len(results.hits), offset=results.offset, what="hits", about=about)


def page(total: int, *, shown: int, offset: int, what: str, about: str = "") -> str:
    """Return which of `total` things are shown, and how to see the next; "" where they are all."""
    if shown == total:
        return ""
    if not shown:
        return f"There are only {total} {what}; --offset {offset} passes over all of them."
    end = offset + shown
    if not offset:
        which = f"{shown} of {total} {what}{about}"
    else:
        which = f"{what.capitalize()} {offset + 1} to {end} of {total}{about}"
    return f"{which}; --offset {end} shows the next." if end < total else f"{which}."
