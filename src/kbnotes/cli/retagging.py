"""Changes of tags, shown before they are made; and tags that were perhaps mistyped."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING

import typer

from kbnotes.cli.consent import with_consent
from kbnotes.model import Retagging, Summary
from kbnotes.render import Output

if TYPE_CHECKING:
    from kbnotes.kb import KnowledgeBase


def carry_out(base: KnowledgeBase, output: Output, retagging: Retagging, *, dry_run: bool, yes: bool) -> int:
    """Show what changes, ask if it is much or doubtful, and do it."""
    count = len(retagging.changes)
    if not count:
        output.notice("Nothing to change.")
        return 0
    output.retagging(retagging)
    if dry_run:
        for doubt in base.tidy.of_retagging(retagging):
            output.warning(f"There is no tag {doubt.tag} yet; did you mean {doubt.near}?")
        output.notice(f"{count} {'entry' if count == 1 else 'entries'} would change; nothing was written.")
        return 0
    with_consent(partial(base.apply, retagging), yes=yes)
    return 0


def settle_doubts(
    base: KnowledgeBase, output: Output, saved: Summary, *, before: Iterable[str] = (), yes: bool
) -> None:
    """Ask about the doubtful tags of an entry that was saved; where nobody can be asked, say what mends them.

    `before`: the tags that it had until then.
    """
    for doubt in () if yes else base.tidy.doubts_about(saved, before=before):
        said = f"No other entry is tagged {doubt.tag}; did you mean {doubt.near}?"
        if sys.stdin.isatty() and typer.confirm(f"{said} Change it?", err=True):
            base.apply(base.rename_tag(doubt.tag, doubt.near, picked=[saved]), yes=True)
            output.notice(f"Changed to {doubt.near}.")
        elif not sys.stdin.isatty():
            output.warning(f"{said} kb tag rename {doubt.tag} {doubt.near} changes it.")
