"""`kb import`."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypedDict

import typer

from kbnotes.cli.consent import Act, with_consent
from kbnotes.cli.options import DryRun, Json, Yes, as_text
from kbnotes.cli.session import Session
from kbnotes.errors import InputError, UsageError
from kbnotes.model import By, Report

if TYPE_CHECKING:
    from kbnotes.render import Output

STDIN = Path("-")


def run(  # noqa: PLR0913, PLR0917 (an option each)
    context: typer.Context,
    paths: Annotated[
        list[Path],
        typer.Argument(
            metavar="FILE|DIR|-...",
            help="Markdown files of numbered notes; .json, .jsonl, .csv; folders of Markdown files; - for "
            "standard input.",
            show_default=False,
        ),
    ],
    dry_run: DryRun = False,
    yes: Yes = False,
    by: Annotated[
        By | None,
        typer.Option(
            "--by",
            help="What begins an entry: numbers in lists, headings, or the file alone.",
            show_default="what the file's numbers say; in a folder, file",
        ),
    ] = None,
    keep: Annotated[
        bool,
        typer.Option(
            "--keep", help="Keep the files in step with their entries from now on; see `kb sync-file`."
        ),
    ] = False,
    folder_tags: Annotated[
        bool | None,
        typer.Option(
            "--folder-tags/--no-folder-tags",
            help="Whether the folders of a folder are tags of what is in them.",
            show_default="yes, but in an Obsidian vault",
        ),
    ] = None,
    name: Annotated[
        str, typer.Option("--name", callback=as_text, help="What to call the notes of standard input.")
    ] = "standard input",
    encoding: Annotated[
        str | None,
        typer.Option("--encoding", help="The files' encoding, if not UTF-8 or UTF-16 with a mark."),
    ] = None,
    json: Json = False,
) -> int:
    """Make entries of numbered notes, or bring those made before up to date.

    Of a folder, such as an Obsidian vault, each Markdown file becomes an entry. The same file again changes
    nothing; a note that was edited updates its entry; an entry that you changed is never overwritten. Exits
    with 2 if a file could not be imported, or an entry was left alone so.
    """
    session: Session = context.obj
    named = list(dict.fromkeys(paths))
    files = [path for path in named if path != STDIN and not path.is_dir()]
    if folder_tags is not None and all(path == STDIN or path.is_file() for path in named):
        raise UsageError("--folder-tags is for folders, and none is named.")
    if keep and len(files) < len(named):
        raise UsageError("--keep is for files: only they can be kept in step with their entries.")
    if by == "list" and any(path.is_dir() for path in named):
        raise UsageError("In a folder an entry begins with a file, or --by heading.")
    with session.open(json=json) as (base, output):
        how: _How = {"encoding": encoding, "by": by, "dry_run": dry_run}
        done: dict[Path, Report | InputError] = {}
        if files:
            what = files[0].name if len(files) == 1 else f"{len(files)} files"
            act = partial(
                base.import_files, files, keep=keep, progress=output.progress(f"Importing {what}"), **how
            )
            done.update(zip(files, with_consent(act, yes=yes), strict=True))
        for path in named:
            if path == STDIN:
                notes = partial(base.import_text, _stdin(output), name=name)
                done[path] = _or_error(partial(notes, **how), yes=yes)
            elif path not in files:
                progress = output.progress(f"Importing {path.name or path}")
                more = partial(base.import_folder, path, folder_tags=folder_tags, progress=progress)
                done[path] = _or_error(partial(more, **how), yes=yes)
        reports = [
            (name if path == STDIN else str(path), None if isinstance(each, InputError) else each)
            for path, each in done.items()
        ]
        output.reports(reports, dry_run=dry_run)
        failed = [each for each in done.values() if isinstance(each, InputError)]
        for problem in failed:
            output.error(problem)
    left = any(
        report and (report.failed or report.refused or report.ids("conflict")) for _, report in reports
    )
    return InputError.exit_code if failed or left else 0


class _How(TypedDict):
    encoding: str | None
    by: By | None
    dry_run: bool


def _or_error(act: Act[Report], *, yes: bool) -> Report | InputError:
    """Return what an import did, or why it could not, so that the others go on."""
    try:
        return with_consent(act, yes=yes)
    except InputError as error:
        return error


def _stdin(output: Output) -> bytes:
    if sys.stdin.isatty():
        output.notice("Reading notes from the terminal; Ctrl-D at the beginning of a line ends them.")
    return sys.stdin.buffer.read()
