"""`kb show`."""

from __future__ import annotations

from typing import Annotated

import typer

from kbnotes.cli.options import Json, Selectors
from kbnotes.cli.session import Session


def run(
    context: typer.Context,
    selectors: Selectors,
    raw: Annotated[
        bool, typer.Option("--raw", help="Write the Markdown source, exactly as it is stored.")
    ] = False,
    json: Json = False,
) -> int:
    """Show entries, their Markdown rendered."""
    session: Session = context.obj
    with session.open(json=json) as (base, output):
        output.entries(base.show(selectors), raw=raw)
    return 0
