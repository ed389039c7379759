"""`kb init`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from kbnotes.cli.session import Session
from kbnotes.config import absolute
from kbnotes.render import Output


def run(
    context: typer.Context,
    directory: Annotated[
        Path | None,
        typer.Argument(metavar="[DIR]", help="Where; --base or KB_BASE, or else here.", show_default=False),
    ] = None,
) -> int:
    """Make a directory a knowledge base, with topics to edit. What is there already stays as it is."""
    from kbnotes.kb import create_base

    session: Session = context.obj
    config = session.config()
    named = directory or config.explicit or Path()
    target = absolute(named, config.directory)
    output = Output(sys.stdout, sys.stderr)
    if create_base(target):
        output.text(f"{target} is a knowledge base now; topics.yaml in it proposes the tags.")
    else:
        output.text(f"{target} is a knowledge base already; nothing was changed.")
    return 0
