"""`kb restore`."""

from __future__ import annotations

from typing import Annotated

import typer

from kbnotes.cli.session import Session


def run(
    context: typer.Context,
    ids: Annotated[
        list[int] | None,
        typer.Argument(metavar="[ID]...", help="Ids of removed entries.", show_default=False),
    ] = None,
) -> int:
    """Bring entries back from the trash; without an id, show what is in it."""
    session: Session = context.obj
    with session.open() as (base, output):
        if ids:
            for summary in base.restore(ids):
                output.change("restored", summary)
            return 0
        trash = base.trashed()
        for entry_id, title in trash:
            output.text(f"{entry_id:>4}  {title}")
        if not trash:
            output.notice("The trash is empty.")
    return 0
