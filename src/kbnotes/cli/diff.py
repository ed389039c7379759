"""`kb diff`."""

from __future__ import annotations

from typing import Annotated

import typer

from kbnotes.cli.completing import complete_ids
from kbnotes.cli.session import Session
from kbnotes.cli.versions import read_version


def run(
    context: typer.Context,
    what: Annotated[
        str,
        typer.Argument(
            metavar="ID[@VERSION]",
            help="An entry; @VERSION as `kb log ID` counts them.",
            show_default=False,
            autocompletion=complete_ids,
        ),
    ],
) -> int:
    """Show what changed in an entry since a version, by default since the one before.

    Exits with 1 if nothing did.
    """
    session: Session = context.obj
    entry_id, number = read_version(what)
    with session.open() as (base, output):
        difference = base.past.difference(entry_id, number)
        output.difference(difference)
    return 0 if difference.lines else 1
