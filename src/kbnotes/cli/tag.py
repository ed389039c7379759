"""`kb tag add`, `kb tag remove`, `kb tag rename`."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from kbnotes.cli.completing import complete_ids_and_tags, complete_tags
from kbnotes.cli.consent import with_consent
from kbnotes.cli.options import DryRun, Yes, as_text
from kbnotes.cli.session import Session
from kbnotes.errors import UsageError
from kbnotes.model import Retagging, Summary
from kbnotes.render import Output

if TYPE_CHECKING:
    from kbnotes.kb import KnowledgeBase

app = typer.Typer(no_args_is_help=True, help="Add, remove and rename tags.")

Items = Annotated[
    list[str],
    typer.Argument(
        metavar="ID... TAG...",
        callback=as_text,
        help="Numbers are entries, everything else is a tag.",
        show_default=False,
        autocompletion=complete_ids_and_tags,
    ),
]
Tag = Annotated[str, typer.Argument(callback=as_text, show_default=False, autocompletion=complete_tags)]
Query = Annotated[
    str | None,
    typer.Option("--query", "-q", help="All entries that hold this, instead of ids; see `kb list`."),
]


@app.command("add")
def add(
    context: typer.Context, items: Items, query: Query = None, dry_run: DryRun = False, yes: Yes = False
) -> int:
    """Add tags to entries: kb tag add 14 15 packaging."""
    session: Session = context.obj
    with session.open() as (base, output):
        picked, tags = _picked(base, items, query)
        return _carry_out(base, output, base.retag(picked, add=tags), dry_run=dry_run, yes=yes)


@app.command("remove")
def remove(
    context: typer.Context, items: Items, query: Query = None, dry_run: DryRun = False, yes: Yes = False
) -> int:
    """Remove tags from entries: kb tag remove 14 packaging."""
    session: Session = context.obj
    with session.open() as (base, output):
        picked, tags = _picked(base, items, query)
        return _carry_out(base, output, base.retag(picked, remove=tags), dry_run=dry_run, yes=yes)


@app.command("rename")
def rename(context: typer.Context, old: Tag, new: Tag, dry_run: DryRun = False, yes: Yes = False) -> int:
    """Give a tag another name in every entry: kb tag rename chiplet chiplets."""
    session: Session = context.obj
    with session.open() as (base, output):
        return _carry_out(base, output, base.rename_tag(old, new), dry_run=dry_run, yes=yes)


def _picked(
    base: KnowledgeBase, items: list[str], query: str | None
) -> tuple[tuple[Summary, ...], list[str]]:
    """Part the arguments into entries and tags."""
    ids = [item for item in items if item.removeprefix("#").isdecimal()]
    tags = [item for item in items if item not in ids]
    if query is not None:
        if not query.strip():  # which a list takes for all entries
            raise UsageError("The query is empty.", hint='kb tag add -q "tag:hardware bus" interconnect')
        return base.list(query).entries, [*ids, *tags]
    if not ids or not tags:
        raise UsageError("Name at least one id and one tag.", hint="kb tag add 14 15 packaging")
    return base.select(ids), tags


def _carry_out(base: KnowledgeBase, output: Output, retagging: Retagging, *, dry_run: bool, yes: bool) -> int:
    """Show what changes, ask if it is much, and do it."""
    count = len(retagging.changes)
    if not count:
        output.notice("Nothing to change.")
        return 0
    output.retagging(retagging)
    if dry_run:
        output.notice(f"{count} entries would change; nothing was written.")
        return 0
    with_consent(partial(base.apply, retagging), yes=yes)
    return 0
