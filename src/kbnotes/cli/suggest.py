"""`kb tag suggest`."""

from __future__ import annotations

from typing import Annotated

import typer

from kbnotes.cli.options import Json, Yes
from kbnotes.cli.retagging import carry_out
from kbnotes.cli.session import Session
from kbnotes.errors import UsageError

UNTAGGED = "is:untagged"


def run(
    context: typer.Context,
    selectors: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[ID]...", help="An id, or words of a title that pick one entry.", show_default=False
        ),
    ] = None,
    query: Annotated[
        str | None,
        typer.Option("--query", "-q", help="All entries that hold this, instead of ids; see `kb list`."),
    ] = None,
    number: Annotated[int, typer.Option("-n", "--number", min=1, help="How many tags for an entry.")] = 3,
    apply: Annotated[bool, typer.Option("--apply", help="Give the entries the tags suggested.")] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="With --apply: show what would happen; write nothing.")
    ] = False,
    yes: Yes = False,
    json: Json = False,
) -> int:
    """Suggest tags for entries, the likeliest first, and say why: topics, and the entries most like them.

    Without ids or a query, for all entries that have no tag. Exits with 1 when there is nothing to suggest.
    """
    session: Session = context.obj
    if selectors and query is not None:
        raise UsageError("Ids and --query do not go together.")
    if apply and json:
        raise UsageError("--apply and --json do not go together.")
    with session.open(json=json) as (base, output):
        asked = UNTAGGED if query is None else query
        picked = base.select(selectors) if selectors else base.list(asked).entries
        found = base.tidy.suggestions(picked, limit=number)
        if apply and found:
            return carry_out(base, output, base.accept(found), dry_run=dry_run, yes=yes)
        output.suggestions(found)
        if not picked:
            output.notice("No entry is what was asked for." if query else "Every entry has a tag.")
        elif not found:
            output.notice("There is nothing to suggest.")
    return 0 if found else 1
