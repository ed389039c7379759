"""`kb list`."""

from __future__ import annotations

from typing import Annotated

import typer

from kbnotes.cli.options import Json, Sort, Tags
from kbnotes.cli.session import Session


def run(
    context: typer.Context,
    tag: Tags = None,
    sort: Annotated[Sort, typer.Option("--sort", help="The order; times are latest first.")] = Sort.ID,
    number: Annotated[
        int | None, typer.Option("-n", "--number", min=1, help="How many entries to show.")
    ] = None,
    json: Json = False,
) -> int:
    """List entries with their ids, titles and tags."""
    session: Session = context.obj
    with session.open(json=json) as (base, output):
        listing = base.list(tags=tag or (), sort=sort.value, limit=number)
        output.listing(listing)
        if not listing.total:
            output.notice(
                f"No entry is tagged {' and '.join(tag)}." if tag else "There are no entries yet; try kb add."
            )
    return 0
