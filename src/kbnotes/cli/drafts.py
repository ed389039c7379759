"""`kb drafts`."""

from __future__ import annotations

from functools import partial
from typing import Annotated

import typer

from kbnotes.cli.consent import with_consent
from kbnotes.cli.options import Json, Yes
from kbnotes.cli.session import Session
from kbnotes.errors import UsageError


def run(
    context: typer.Context,
    show: Annotated[
        str | None, typer.Option("--show", metavar="DRAFT", help="Write this draft.", show_default=False)
    ] = None,
    discard: Annotated[
        str | None,
        typer.Option("--discard", metavar="DRAFT", help="Move this draft to the trash.", show_default=False),
    ] = None,
    yes: Yes = False,
    json: Json = False,
) -> int:
    """List what was written in an editor and is in no entry yet, the latest first.

    DRAFT is a number of this list or the name of a file. `kb add --resume DRAFT` takes it up again.
    """
    session: Session = context.obj
    if show and discard:
        raise UsageError("--show and --discard do not go together.")
    with session.open(json=json) as (base, output):
        base.drafts.sweep()
        if show:
            output.draft(base.drafts.text(base.drafts.pick(show)))
        elif discard:
            moved = with_consent(partial(base.drafts.discard, discard), yes=yes)
            output.notice(f"The draft is in the trash now: {moved}")
        else:
            waiting = base.drafts.waiting()
            edits = any(each.entry_id is not None for each in waiting)
            titles = {each.id: each.title for each in base.list().entries} if edits else {}
            output.drafts(waiting, titles)
    return 0
