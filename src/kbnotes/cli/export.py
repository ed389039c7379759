"""`kb export`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kbnotes.cli.options import Tags
from kbnotes.cli.session import Session
from kbnotes.config import MARKER, absolute, here
from kbnotes.errors import FormatError, InputError
from kbnotes.model import Exported, Form
from kbnotes.render import Output

NAMED = 5  # files that were left, named one by one


def run(
    context: typer.Context,
    query: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[QUERY]...", help="Only what this finds, exactly as kb list.", show_default=False
        ),
    ] = None,
    tag: Tags = None,
    to: Annotated[
        str, typer.Option("--to", metavar="FILE|DIR", help="Where to; without it, or as -, standard output.")
    ] = "-",
    form: Annotated[
        Form | None,
        typer.Option("-f", "--format", help="The form, if the name does not say it.", show_default=False),
    ] = None,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace a FILE that is there; in a DIR, what kb put there.")
    ] = False,
) -> int:
    """Take entries out: all of them, or exactly those that a query finds.

    The name says the form: notes.md one numbered file, out/ a file an entry, .json and .jsonl all that kb
    knows, .csv a table, .html a page to read and search. -f obsidian writes a vault. Exits with 1 if there is
    nothing to export, with 2 if something could not be.
    """
    from kbnotes.kb import form_of

    session: Session = context.obj
    chosen = form or form_of(to)
    with session.open() as (base, output):
        export = base.export(" ".join(query or ()), tags=tag or (), form=chosen)
        if count := len(base.broken.keys() - {MARKER}):  # topics are in no export
            what = "file that cannot be read is" if count == 1 else "files that cannot be read are"
            output.error(FormatError(f"{count} {what} not in the export."))
        failed = InputError.exit_code if count else 0
        if not export.entries:
            output.notice("There is nothing to export.")
            return failed or 1
        if to == "-":
            output.content(export.pieces())
        else:
            done = export.write(
                absolute(Path(to), here()), overwrite=overwrite, progress=output.progress("Exporting")
            )
            _tell(done, output, overwrite=overwrite)
            failed = failed or (InputError.exit_code if done.left else 0)
        for warning in export.warnings:
            output.warning(f"{warning[:1].upper()}{warning[1:]}.")
    return failed


def _tell(done: Exported, output: Output, *, overwrite: bool) -> None:
    for name, reason in done.left[:NAMED]:
        output.warning(f"{name} {reason}, so it was left.")
    if len(done.left) > NAMED:
        output.warning(f"{len(done.left) - NAMED} more files were left.")
    if done.left and not overwrite:
        output.notice("--overwrite replaces those that an export of kb's made and nobody changed.")
    if done.stale:
        output.notice(f"{_counted(done.stale)} of an earlier export, now without an entry, stay there.")
    entries = f"{done.entries} {'entry' if done.entries == 1 else 'entries'}"
    same = f", {done.unchanged} unchanged" if done.unchanged else ""
    output.notice(f"Exported {entries} to {done.target}: {_counted(done.written)} written{same}.")


def _counted(files: int) -> str:
    return f"{files} {'file' if files == 1 else 'files'}"
