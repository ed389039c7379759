"""`kb restore`."""

from __future__ import annotations

from functools import partial
from typing import Annotated

import typer

from kbnotes.cli.consent import with_consent
from kbnotes.cli.options import Yes
from kbnotes.cli.session import Session
from kbnotes.cli.versions import read_version


def run(
    context: typer.Context,
    what: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[ID[@VERSION]]...",
            help="Removed entries by id; or an entry with the version to bring back.",
            show_default=False,
        ),
    ] = None,
    yes: Yes = False,
) -> int:
    """Bring entries back from the trash, or a version from the history; without an id, show the trash.

    `kb log ID` lists the versions of an entry. The content that a version replaces becomes a version, too.
    """
    session: Session = context.obj
    wanted = [read_version(each) for each in what or ()]
    removed = [entry_id for entry_id, number in wanted if number is None]
    with session.open() as (base, output):
        if removed:
            for summary in with_consent(partial(base.restore, removed), yes=yes):
                output.change("restored", summary)
        for entry_id, number in wanted:
            if number is not None:
                summary = with_consent(partial(base.past.bring_back, entry_id, number), yes=yes)
                output.change("restored", summary)
        if not wanted:
            trash = base.trashed()
            for entry_id, title in trash:
                output.text(f"{entry_id:>4}  {title}")
            if not trash:
                output.notice("The trash is empty.")
    return 0
