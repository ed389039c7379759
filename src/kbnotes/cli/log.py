"""`kb log`."""

from __future__ import annotations

from typing import Annotated

import typer

from kbnotes.cli.completing import complete_ids
from kbnotes.cli.options import Json
from kbnotes.cli.session import Session


def run(
    context: typer.Context,
    entry_id: Annotated[
        int | None,
        typer.Argument(
            metavar="[ID]",
            help="Only what became of this entry, with its versions.",
            autocompletion=complete_ids,
        ),
    ] = None,
    number: Annotated[int, typer.Option("-n", "--number", min=1, help="How many operations to show.")] = 20,
    json: Json = False,
) -> int:
    """Show what was done, the latest first; for an entry, its versions, too.

    `kb undo NUMBER` takes an operation back, `kb diff ID@VERSION` shows a version, `kb restore ID@VERSION`
    brings it back.
    """
    session: Session = context.obj
    with session.open(json=json) as (base, output):
        output.log(base.past.log(entry_id, limit=number))
    return 0
