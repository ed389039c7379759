"""`kb rm`."""

from __future__ import annotations

import typer

from kbnotes.cli.options import Selectors
from kbnotes.cli.session import Session


def run(context: typer.Context, selectors: Selectors) -> int:
    """Move entries to the trash; `kb restore` brings them back."""
    session: Session = context.obj
    with session.open() as (base, output):
        removed = base.remove(selectors)
        for summary in removed:
            output.change("removed", summary)
        ids = " ".join(str(summary.id) for summary in removed)
        output.notice(f"In the trash; kb restore {ids} brings {'it' if len(removed) == 1 else 'them'} back.")
    return 0
