"""`kb edit`."""

from __future__ import annotations

from functools import partial
from typing import Annotated

import typer

from kbnotes.cli.completing import complete_ids
from kbnotes.cli.editor import edit_draft
from kbnotes.cli.options import Title, Yes
from kbnotes.cli.retagging import settle_doubts
from kbnotes.cli.session import Session


def run(
    context: typer.Context,
    selector: Annotated[
        str,
        typer.Argument(
            metavar="ID",
            help="An id, or words of a title that pick one entry.",
            show_default=False,
            autocompletion=complete_ids,
        ),
    ],
    title: Title = None,
    yes: Yes = False,
) -> int:
    """Change an entry in your editor, or only its title with --title.

    Nothing is locked while you edit: if the entry changes meanwhile, both versions are kept and you are told.
    """
    session: Session = context.obj
    with session.open() as (base, output):
        (before,) = base.select([selector])
        if title is not None:
            saved = base.edit(selector, title=title, yes=yes)
        else:
            saved = edit_draft(base, session.config(), partial(base.edit_draft, selector), yes=yes)
        if saved is not None:
            output.change("changed", saved)
            settle_doubts(base, output, saved, before=before.tags, yes=yes)
            if proposed := base.proposed_tags(saved):
                tags = " ".join(proposed)
                output.notice(f"The topics also suggest {', '.join(proposed)}: kb tag add {saved.id} {tags}")
        else:
            output.notice("Nothing was changed.")
    return 0
