"""`kb related`."""

from __future__ import annotations

from typing import Annotated

import typer

from kbnotes.cli.completing import complete_ids
from kbnotes.cli.options import Json
from kbnotes.cli.session import Session


def run(
    context: typer.Context,
    selector: Annotated[
        list[str],
        typer.Argument(
            metavar="ID",
            help="An id, or words of a title that pick one entry.",
            show_default=False,
            autocompletion=complete_ids,
        ),
    ],
    number: Annotated[int, typer.Option("-n", "--number", min=1, help="How many entries to show.")] = 10,
    json: Json = False,
) -> int:
    """List the entries that are most like one, and why: tags, links and rare words that they share.

    Exits with 1 when none is.
    """
    session: Session = context.obj
    with session.open(json=json) as (base, output):
        related = base.related(" ".join(selector), limit=number)
        output.related(related)
        if not related:
            output.notice("No entry is like it.")
    return 0 if related else 1
