"""`kb add`."""

from __future__ import annotations

import os
import stat
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kbnotes.cli.editor import edit_draft
from kbnotes.cli.options import NewTags, Title, Yes, as_text
from kbnotes.cli.retagging import settle_doubts
from kbnotes.cli.session import Session
from kbnotes.errors import ConflictError, InputError, StorageError, UsageError
from kbnotes.model import Summary
from kbnotes.render import Output

if TYPE_CHECKING:
    from kbnotes.kb import KnowledgeBase


def run(
    context: typer.Context,
    text: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[TEXT]...",
            callback=as_text,
            help="The entry; - reads standard input.",
            show_default=False,
        ),
    ] = None,
    tag: NewTags = None,
    title: Title = None,
    to: Annotated[
        Path | None,
        typer.Option(
            "--to", metavar="FILE", help="Write it into this linked file as well, as its next note."
        ),
    ] = None,
    resume: Annotated[
        bool,
        typer.Option("--resume", help="Take up the last draft, or the one that TEXT names; see `kb drafts`."),
    ] = False,
    yes: Yes = False,
) -> int:
    """Add an entry: the text given, standard input, or what you write in your editor.

    The editor is KB_EDITOR, VISUAL or EDITOR. Nothing is written if the text is empty; whatever goes wrong,
    what you typed is kept as a draft. The topics' tags are added to yours.
    """
    session: Session = context.obj
    with session.open() as (base, output):
        base.drafts.sweep()
        file = base.linked.named(to) if to else ""
        if resume:
            saved = _resume(base, session, text or [], to=file, yes=yes)
        elif (typed := _typed(text or [], output)) is not None:
            saved = _add(base, typed, title=title or "", tags=tag or [], to=file)
        else:
            begin = partial(base.new_draft, title=title or "", tags=tag or ())
            saved = edit_draft(base, session.config(), begin, to=file)
        if saved is not None:
            output.change("added", saved)
            settle_doubts(base, output, saved, yes=yes)
        else:
            output.notice("Nothing was written: the draft says nothing new.")
    return 0


def _add(base: KnowledgeBase, typed: str, *, title: str, tags: list[str], to: str) -> Summary:
    """Add what was typed; if it cannot be written, keep it as a draft, or at least show it."""
    try:
        if to:
            return base.linked.append(to, typed, title=title, tags=tags)
        return base.add(typed, title=title, tags=tags)
    except (StorageError, ConflictError, InputError) as error:
        if isinstance(error, InputError) and not (to and typed.strip()):
            raise  # it says what is wrong with the text, which is in the shell's history
        try:
            draft = base.new_draft(title=title, tags=tags, body=typed)
            error.hint = f"your text is kept in {draft}; `kb add --resume` takes it up again"
        except StorageError:
            error.hint = f"nothing could be written, so here is your text:\n{typed}"
        raise


def _typed(text: list[str], output: Output) -> str | None:
    """Return the text from the command line or standard input, or None if an editor is to be opened."""
    if text == ["-"]:
        return _standard_input()
    if text:
        return " ".join(text)
    if not _is_piped():
        return None
    output.notice("Reading the entry from standard input …")
    return _standard_input()


def _is_piped() -> bool:
    """Tell whether standard input is a pipe or a file: a terminal is not, nor is /dev/null."""
    try:
        mode = os.fstat(sys.stdin.fileno()).st_mode
    except (OSError, ValueError, AttributeError):
        return False
    return stat.S_ISFIFO(mode) or stat.S_ISREG(mode)


def _standard_input() -> str:
    try:
        return sys.stdin.buffer.read().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(
            f"Standard input is not UTF-8 (byte {error.start:,}).", hint="convert it with iconv"
        ) from None


def _resume(base: KnowledgeBase, session: Session, which: list[str], *, to: str, yes: bool) -> Summary | None:
    draft = base.drafts.pick(" ".join(which)) if which else base.drafts.newest()
    if draft is None:
        raise UsageError("There is no draft to take up.")
    return edit_draft(base, session.config(), lambda: draft, to=to, resumed=True, yes=yes)
