"""`kb tags`."""

from __future__ import annotations

import typer

from kbnotes.cli.options import Json
from kbnotes.cli.session import Session


def run(context: typer.Context, json: Json = False) -> int:
    """Count the entries of each tag, with those of the tags that imply it."""
    session: Session = context.obj
    with session.open(json=json) as (base, output):
        counts = base.tags()
        output.tags(counts)
        if not counts:
            output.notice("There are no tags yet.")
    return 0
