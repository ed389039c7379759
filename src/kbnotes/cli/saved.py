"""The parts of `kb search` that are about saved searches."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer

from kbnotes.cli.options import as_text
from kbnotes.cli.session import Session
from kbnotes.errors import UsageError

Save = Annotated[
    str | None, typer.Option("--save", metavar="NAME", help="Save the query, too; @NAME in a query asks it.")
]
Saved = Annotated[bool, typer.Option("--saved", help="List the saved searches instead.")]
Forget = Annotated[
    str | None, typer.Option("--forget", metavar="NAME", help="Forget a saved search instead.")
]


def about_saved(
    session: Session, *, words: Sequence[str], forget: str | None, saved: bool, json: bool
) -> int:
    """Forget or list saved searches; without either, there are words missing."""
    if words:
        raise UsageError("--saved and --forget stand alone, without words to look for.")
    if forget is None and not saved:
        raise UsageError("Missing argument 'WORDS...'.", hint="`kb search --help` tells more")
    with session.open(json=json) as (base, output):
        if forget is not None:
            base.forget_search(forget)
            output.notice(f"Forgotten: @{forget.removeprefix('@')}.")
        if saved:
            searches = base.saved_searches()
            output.searches(searches)
            if not searches:
                output.notice("No search is saved; kb search --save NAME WORDS saves one.")
    return 0


def as_query(text: str, *, tags: Sequence[str], since: str, until: str) -> str:
    """Return one text that asks for what `text` does with these options beside it."""
    filters = [f"tag:{_quoted(tag)}" for tag in tags]
    if since or until:
        filters.append(f"updated:{_quoted(f'{since}..{until}')}")
    query = f"({text})" if filters and " OR " in text else text
    return str(as_text(" ".join([query, *filters])))


def _quoted(value: str) -> str:
    return f'"{value}"' if " " in value else value
