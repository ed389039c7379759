"""Runs the user's editor: the one place that starts another program."""

from __future__ import annotations

import shlex
import shutil
import signal
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from kbnotes.cli.consent import with_consent
from kbnotes.config import DEFAULT_EDITORS, Config
from kbnotes.errors import EditorError
from kbnotes.model import Summary

if TYPE_CHECKING:
    from kbnotes.kb import KnowledgeBase

AT_ONCE = 2.0  # seconds: who comes back so soon with nothing has perhaps handed over to a window


def edit_draft(
    base: KnowledgeBase,
    config: Config,
    begin: Callable[[], Path],
    *,
    to: str = "",
    resumed: bool = False,
    yes: bool = False,
) -> Summary | None:
    """Open the draft that `begin` gives in the editor and save what it left; None if that says nothing new.

    Raises EditorError, or another KbError, whose hint says where the text is kept. Without an editor, no
    draft is begun.
    """
    command = _command(config)
    draft = begin()
    started = time.monotonic()
    try:
        _run(command, draft)
    except EditorError as error:
        error.hint = f"your text is kept in {draft}; `kb add --resume` takes it up again"
        raise
    took = time.monotonic() - started
    saved = with_consent(partial(base.save_draft, draft, to=to, resumed=resumed), yes=yes)
    if saved is None and took < AT_ONCE and base.drafts.content(draft) and base.drafts.says_nothing(draft):
        base.warnings.append(
            f"The editor came back at once. If {draft.name} is still open in it, save it there and run "
            "`kb add --resume`."
        )
    return saved


def _command(config: Config) -> tuple[str, ...]:
    if config.editor:
        return config.editor
    if not sys.stdin.isatty():
        raise EditorError(
            "There is no terminal for an editor, and none is named in KB_EDITOR, VISUAL or EDITOR."
        )
    found = next((path for name in DEFAULT_EDITORS if (path := shutil.which(name))), None)
    if found is None:
        raise EditorError("No editor was found; name yours in EDITOR.")
    return (found,)


def _run(command: tuple[str, ...], draft: Path) -> None:
    """Run the editor until it ends. Ctrl-C is the editor's: kb must outlive it to keep the text."""

    import subprocess

    def leave_it_to_the_editor(*_: object) -> None:
        return

    # A handler, not SIG_IGN: the editor would inherit that one.
    before = signal.signal(signal.SIGINT, leave_it_to_the_editor)
    try:
        code = subprocess.call([*command, str(draft)])  # noqa: S603 (the user's own editor)
    except OSError as error:
        raise EditorError(f"The editor {shlex.join(command)} cannot be started: {error.strerror}.") from None
    finally:
        signal.signal(signal.SIGINT, before)
    if code < 0:
        raise EditorError(f"The editor {shlex.join(command)} was ended by {signal.Signals(-code).name}.")
    if code:
        raise EditorError(f"The editor {shlex.join(command)} ended with exit code {code}.")
