"""`kb list`."""

from __future__ import annotations

from typing import Annotated

import typer

from kbnotes.cli.answers import tell_listing
from kbnotes.cli.completing import complete_searches
from kbnotes.cli.options import Json, ListOrder, Offset, Since, Tags, Until
from kbnotes.cli.session import Session


def run(  # noqa: PLR0913, PLR0917 (an option each)
    context: typer.Context,
    query: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[QUERY]...",
            help="Only what this finds, as kb search reads it: @name, is:untagged, id:11..15.",
            show_default=False,
            autocompletion=complete_searches,
        ),
    ] = None,
    tag: Tags = None,
    since: Since = "",
    until: Until = "",
    sort: Annotated[ListOrder, typer.Option("--sort", help="The order; times are latest first.")] = "id",
    number: Annotated[
        int | None, typer.Option("-n", "--number", min=1, help="How many entries to show.")
    ] = None,
    offset: Offset = 0,
    json: Json = False,
) -> int:
    """List entries with their ids, titles and tags: all of them, or exactly those that a query finds.

    Other than kb search, it tries no other spellings and lets no word go.
    """
    session: Session = context.obj
    words, tags = " ".join(query or ()), tag or ()
    with session.open(json=json) as (base, output):
        listing = base.list(
            words, tags=tags, since=since, until=until, sort=sort, limit=number, offset=offset
        )
        return tell_listing(output, listing, offset=offset, tags=tags, is_query=bool(words or since or until))
