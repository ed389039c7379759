"""`kb backup`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from kbnotes.cli.session import Session
from kbnotes.config import absolute
from kbnotes.errors import StorageError, UsageError
from kbnotes.model import Backup
from kbnotes.render import Output


def run(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The archive, a .tar.gz.", show_default=False)],
    directory: Annotated[
        Path | None,
        typer.Argument(
            metavar="[DIR]",
            help="With --restore, where: a new or empty directory; else --base, KB_BASE or your own base.",
            show_default=False,
        ),
    ] = None,
    restore: Annotated[bool, typer.Option("--restore", help="Make a base of the archive.")] = False,
    verify: Annotated[bool, typer.Option("--verify", help="Only check the archive.")] = False,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", "-f", help="Replace a FILE that is there.")
    ] = False,
) -> int:
    """Save the whole base in one archive and check every hash in it, or make a base of an archive again.

    It holds all regular files of the base: entries, history, trash, drafts, journal, topics and your own. A
    directory that has anything in it is never restored into; nothing is written before all is verified.
    """
    from kbnotes.kb import restore_backup, verify_backup

    session: Session = context.obj
    if restore + verify + overwrite > 1:
        raise UsageError("--restore, --verify and --overwrite do not go together.")
    if directory and not restore:
        raise UsageError("A directory is named with --restore only.", hint="`kb backup FILE` saves the base")
    config = session.config()
    archive = absolute(file, config.directory)
    if restore:
        target = absolute(directory or config.explicit or config.home_base, config.directory)
        done = restore_backup(archive, target)
        Output(sys.stdout, sys.stderr).text(f"done: {_counted(done)}, {target}")
        return 0
    if verify:
        done = verify_backup(archive)
        Output(sys.stdout, sys.stderr).text(f"whole: {_counted(done)}, {archive}")
        return 0
    with session.open() as (base, output):
        done = base.back_up(archive, overwrite=overwrite)
        for path, reason in done.left_out:
            output.notice(f"Left out: {path} ({reason}).")
        for path, reason in done.unread:
            output.warning(f"Not in the backup: {path} cannot be read: {reason}.")
        output.text(f"done: {_counted(done)}, {archive}")
    return StorageError.exit_code if done.unread else 0


def _counted(done: Backup) -> str:
    return f"{done.files} files, {done.size} bytes"
