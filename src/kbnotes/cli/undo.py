"""`kb undo`."""

from __future__ import annotations

from functools import partial
from typing import Annotated

import typer

from kbnotes.cli.consent import with_consent
from kbnotes.cli.options import Yes
from kbnotes.cli.session import Session
from kbnotes.errors import ConflictError

LINKED = ("sync", "add --to")  # commands whose other side is a file


def run(
    context: typer.Context,
    operation: Annotated[
        int | None,
        typer.Argument(
            metavar="[OPERATION]", help="Its number in `kb log`; or else the last one.", show_default=False
        ),
    ] = None,
    yes: Yes = False,
) -> int:
    """Take back what the last command did, or the operation given.

    Again, it takes back the one before. An entry that was changed since is left as it is, and named (exit
    code 5). To do again what was undone, undo the undo by its number.
    """
    session: Session = context.obj
    with session.open() as (base, output):
        undone = with_consent(partial(base.past.undo, operation), yes=yes)
        output.undone(undone)
        if undone.operation.command in LINKED:
            output.notice("The file stays as it is, so the next `kb sync-file` brings its text back.")
    return ConflictError.exit_code if undone.left else 0
