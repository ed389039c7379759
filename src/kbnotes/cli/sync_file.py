"""`kb sync-file`."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from kbnotes.cli.consent import with_consent
from kbnotes.cli.options import DryRun, Json, Yes
from kbnotes.cli.session import Session
from kbnotes.errors import InputError, KbError, UsageError
from kbnotes.model import Prefer, Report


def run(
    context: typer.Context,
    paths: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="[FILE]...", help="Linked files; all of them if none is named.", show_default=False
        ),
    ] = None,
    dry_run: DryRun = False,
    prune: Annotated[
        bool, typer.Option("--prune", help="Move entries to the trash whose notes are gone from the file.")
    ] = False,
    prefer: Annotated[
        Prefer | None,
        typer.Option(
            "--prefer", help="Whose text holds where both changed the same lines.", show_default=False
        ),
    ] = None,
    forget: Annotated[
        bool, typer.Option("--forget", help="Leave the files alone from now on; nothing is deleted.")
    ] = False,
    yes: Yes = False,
    json: Json = False,
) -> int:
    """Bring what was edited in a linked file into its entries, and the other way round.

    `kb import --keep FILE` links a file. Where both sides changed, the changes are merged by lines; where
    they meet, the entry stays as it is, the file's text is kept as a version of it, and the exit code is 2.
    """
    session: Session = context.obj
    done: list[tuple[str, Report | None]] = []
    failed: list[KbError] = []
    with session.open(json=json) as (base, output):
        named = list(paths or base.linked.files())
        if not named:
            raise UsageError("There are no linked files.", hint="`kb import --keep FILE` links one")
        for path in named:
            try:
                file = base.linked.named(path)
                if forget:
                    base.linked.forget(file)
                    output.notice(f"{path} is left alone from now on; its entries stay.")
                    continue
                act = partial(base.linked.sync, file, prune=prune, prefer=prefer, dry_run=dry_run)
                done.append((str(path), with_consent(act, yes=yes)))
            except InputError as error:
                failed.append(error)
        output.reports(done, dry_run=dry_run)
        for problem in failed:
            output.error(problem)
    conflicts = any(report and report.ids("conflict") for _, report in done)
    return InputError.exit_code if failed or conflicts else 0
