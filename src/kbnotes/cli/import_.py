"""`kb import`."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from kbnotes.cli.consent import with_consent
from kbnotes.cli.options import DryRun, Json, Yes
from kbnotes.cli.session import Session
from kbnotes.errors import InputError
from kbnotes.model import Report


def run(
    context: typer.Context,
    paths: Annotated[
        list[Path],
        typer.Argument(
            metavar="FILE...",
            help="Markdown files of numbered notes; .json, .jsonl, .csv.",
            show_default=False,
        ),
    ],
    dry_run: DryRun = False,
    yes: Yes = False,
    encoding: Annotated[
        str | None,
        typer.Option("--encoding", help="The files' encoding, if not UTF-8 or UTF-16 with a mark."),
    ] = None,
    json: Json = False,
) -> int:
    """Make entries of numbered notes, or bring those made before up to date.

    The same file again changes nothing; a note that was edited updates its entry; an entry that you changed
    is never overwritten. Exits with 2 if a file could not be imported, or an entry was left alone so.
    """
    session: Session = context.obj
    done: list[tuple[str, Report | None]] = []
    failed: list[InputError] = []
    with session.open(json=json) as (base, output):
        for path in paths:
            try:
                progress = output.progress(f"Importing {path.name}")
                act = partial(base.import_file, path, encoding=encoding, dry_run=dry_run, progress=progress)
                report = with_consent(act, yes=yes)
                done.append((str(path), report))
            except InputError as error:
                done.append((str(path), None))
                failed.append(error)
        output.reports(done, dry_run=dry_run)
        for problem in failed:
            output.error(problem)
    conflicts = any(report and (report.ids("conflict") or report.refused) for _, report in done)
    return InputError.exit_code if failed or conflicts else 0
