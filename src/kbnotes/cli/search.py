"""`kb search`."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Annotated

import typer

from kbnotes.cli.answers import tell_results
from kbnotes.cli.completing import complete_searches
from kbnotes.cli.options import Json, Offset, Since, Tags, Until
from kbnotes.cli.saved import Forget, Save, Saved, about_saved, as_query
from kbnotes.cli.session import Session
from kbnotes.errors import FormatError, SelectorError
from kbnotes.model import Asked, Mode, Order, Results, Shown

if TYPE_CHECKING:
    from kbnotes.kb import KnowledgeBase

Words = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="WORDS...",
        help='What to look for: words, "a phrase", OR, NOT or -word, ( ), chip*, tag:x, title:x, @name.',
        show_default=False,
        autocompletion=complete_searches,
    ),
]
Sort = Annotated[Order, typer.Option("--sort", help="The order; times are latest first.")]
Number = Annotated[int, typer.Option("-n", "--number", min=1, help="How many hits to show.")]
How = Annotated[Mode, typer.Option("--mode", help="What the hits are found and ranked by.")]
Facets = Annotated[bool, typer.Option("--facets", help="Count the tags of all hits, too.")]
Full = Annotated[bool, typer.Option("--full", help="Show whole entries instead of passages.")]
Explain = Annotated[
    bool, typer.Option("--explain", help="Say how the query was read, and where each score came from.")
]


def run(  # noqa: PLR0913, PLR0917 (an option each)
    context: typer.Context,
    words: Words = None,
    tag: Tags = None,
    since: Since = "",
    until: Until = "",
    sort: Sort = "score",
    number: Number = 10,
    offset: Offset = 0,
    mode: How = "both",
    facets: Facets = False,
    full: Full = False,
    explain: Explain = False,
    save: Save = None,
    saved: Saved = False,
    forget: Forget = None,
    json: Json = False,
) -> int:
    """Find entries, best first.

    Entries with all words come first, in any inflection, then those with some. Where none has them all, kb
    tries corrected spellings, too, and says so. Put -- before words that begin with a dash. Exits with 1 when
    nothing is found.
    """
    session: Session = context.obj
    if saved or forget is not None or not words:
        return about_saved(session, words=words or [], forget=forget, saved=saved, json=json)
    asked = Asked(limit=number, offset=offset, order=sort, mode=mode, facets=facets, explain=explain)
    query, tags = " ".join(words), tag or ()
    with session.open(json=json) as (base, output):
        results = base.search(query, tags=tags, since=since, until=until, asked=asked)
        if save is not None:
            base.save_search(save, as_query(query, tags=tags, since=since, until=until))
            output.notice(f"Saved; kb search @{save.removeprefix('@')} asks it again.")
        code = tell_results(output, results, asked=asked, whole=_whole(base, results) if full else ())
    return 0 if save is not None else code


def _whole(base: KnowledgeBase, results: Results) -> tuple[Shown, ...]:
    """Return the entries of a page of hits, but those that cannot be picked or read by now."""
    ids = [str(hit.summary.id) for hit in results.hits if not hit.summary.broken]
    try:
        return base.show(ids, related=0)
    except (SelectorError, FormatError):
        shown: list[Shown] = []
        for each in ids:
            with suppress(SelectorError, FormatError):
                shown += base.show([each], related=0)
        return tuple(shown)
