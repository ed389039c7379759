"""What is written of an answer, for the commands and for their short cut."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from kbnotes.model import Asked, Listing, Results, Shown
from kbnotes.render import Output

if TYPE_CHECKING:
    from kbnotes.kb import Asking

INDEXING = "Reading entries"  # what a progress bar says
_EMPTY = "There are no entries yet; try kb add."


def tell_results(output: Output, results: Results, *, asked: Asked, whole: Sequence[Shown] = ()) -> int:
    """Write what a search found, and return its exit code."""
    output.results(results, asked=asked, whole=whole)
    return 0 if results.hits else 1


def tell_listing(
    output: Output, listing: Listing, *, offset: int = 0, tags: Sequence[str] = (), is_query: bool = False
) -> int:
    """Write a list of entries, or why it is empty, and return the exit code."""
    output.listing(listing, offset=offset)
    if not listing.total and is_query:
        output.notice("No entry is what was asked for; kb search says what comes nearest.")
    elif not listing.total:
        output.notice(f"No entry is tagged {' and '.join(tags)}." if tags else _EMPTY)
    return 0


def tell_broken(output: Output, base: Asking) -> None:
    """Name what there is to know of the base beside the answer."""
    for said in base.warnings:
        output.warning(said)
    output.broken(base.broken)
