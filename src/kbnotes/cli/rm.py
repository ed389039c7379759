"""`kb rm`."""

from __future__ import annotations

from functools import partial

import typer

from kbnotes.cli.consent import with_consent
from kbnotes.cli.options import Selectors, Yes
from kbnotes.cli.session import Session


def run(context: typer.Context, selectors: Selectors, yes: Yes = False) -> int:
    """Move entries to the trash; `kb undo` or `kb restore` brings them back."""
    session: Session = context.obj
    with session.open() as (base, output):
        removed = with_consent(partial(base.remove, selectors), yes=yes)
        for summary in removed:
            output.change("removed", summary)
        ids = " ".join(str(summary.id) for summary in removed)
        output.notice(f"In the trash; kb restore {ids} brings {'it' if len(removed) == 1 else 'them'} back.")
    return 0
