"""The command line as Typer reads it: global options and the commands."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from kbnotes import __version__
from kbnotes.cli import (
    add,
    backup,
    diff,
    doctor,
    drafts,
    edit,
    export,
    import_,
    init,
    list_,
    log,
    prune,
    related,
    restore,
    rm,
    search,
    show,
    sync_file,
    tag,
    tags,
    topics,
    undo,
)
from kbnotes.cli.options import unwrapped
from kbnotes.cli.session import Session
from kbnotes.render import Output

app = typer.Typer(
    name="kb",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Find what you once wrote down. A searchable knowledge base of your numbered notes.",
    epilog="Every command tells more with --help. Exit codes: 0 done, 1 nothing found, 2 and up an error.",
)


def _version(wanted: bool) -> None:
    if wanted:
        Output(sys.stdout, sys.stderr).text(f"kb {__version__}")
        raise typer.Exit


@app.callback()
def _global_options(
    context: typer.Context,
    base: Annotated[
        Path | None,
        typer.Option(
            "--base", metavar="DIR", help="The knowledge base, instead of KB_BASE or the nearest one."
        ),
    ] = None,
    debug: Annotated[bool, typer.Option("--debug", help="Show the traceback of an error.")] = False,  # noqa: ARG001 (read by run, which outlives the parsing)
    version: Annotated[  # noqa: ARG001 (its callback does the work)
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show kb's version.")
    ] = False,
) -> None:
    context.obj = Session(base=base)


for command in (
    search,
    add,
    list_,
    show,
    related,
    edit,
    drafts,
    rm,
    undo,
    log,
    diff,
    restore,
    tags,
    import_,
    sync_file,
    export,
    init,
    backup,
    doctor,
    prune,
):
    _name = command.__name__.rpartition(".")[2].rstrip("_").replace("_", "-")
    app.command(name=_name, help=unwrapped(command.run))(command.run)
app.add_typer(tag.app, name="tag")
app.add_typer(topics.app, name="topics")
