"""`kb tags`."""

from __future__ import annotations

from typing import Annotated

import typer

from kbnotes.cli.options import Json
from kbnotes.cli.session import Session


def run(
    context: typer.Context,
    flat: Annotated[bool, typer.Option("--flat", help="Each tag once, the most used first.")] = False,
    json: Json = False,
) -> int:
    """Count the entries of each tag, with those of the tags that imply it, which stand below it.

    A tag that implies two others stands below both. What a tag implies is said in topics.yaml.
    """
    session: Session = context.obj
    with session.open(json=json) as (base, output):
        counts = base.tags()
        output.tags(counts, flat=flat)
        if not counts:
            output.notice("There are no tags yet.")
    return 0
