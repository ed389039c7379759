"""`kb prune`."""

from __future__ import annotations

from functools import partial
from typing import Annotated

import typer

from kbnotes.cli.consent import with_consent
from kbnotes.cli.options import DryRun, Yes
from kbnotes.cli.session import Session


def run(
    context: typer.Context,
    days: Annotated[int, typer.Option("--days", min=90, help="How old a version must be; at least 90.")] = 90,
    dry_run: DryRun = False,
    yes: Yes = False,
) -> int:
    """Delete old versions and old trash for good. Nothing else in kb ever does.

    The newest version of each entry stays, whatever its age.
    """
    session: Session = context.obj
    with session.open() as (base, output):
        paths = with_consent(partial(base.past.prune, days=days, dry_run=dry_run), yes=yes)
        if dry_run:
            for path in paths:
                output.text(str(path))
        verb = "would be deleted" if dry_run else "deleted"
        output.notice(f"{len(paths)} files {verb}." if paths else f"Nothing is older than {days} days.")
    return 0
