"""`kb tag add`, `kb tag remove`, `kb tag rename`, `kb tag merge`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated

import typer

from kbnotes.cli import suggest
from kbnotes.cli.completing import complete_ids_and_tags, complete_tags
from kbnotes.cli.options import DryRun, Yes, as_text, unwrapped
from kbnotes.cli.retagging import carry_out
from kbnotes.cli.session import Session
from kbnotes.errors import UsageError
from kbnotes.model import Mention, Summary
from kbnotes.render import Output

if TYPE_CHECKING:
    from kbnotes.kb import KnowledgeBase

app = typer.Typer(no_args_is_help=True, help="Add, remove, rename, merge and suggest tags.")

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
Within = Annotated[
    str | None, typer.Option("--query", "-q", help="Only in entries that hold this; see `kb list`.")
]
Everywhere = Annotated[bool, typer.Option("--all", "-a", help="All entries, instead of ids.")]


@app.command("add")
def add(
    context: typer.Context,
    items: Items,
    query: Query = None,
    everywhere: Everywhere = False,
    dry_run: DryRun = False,
    yes: Yes = False,
) -> int:
    """Add tags to entries: kb tag add 14 15 packaging."""
    session: Session = context.obj
    with session.open() as (base, output):
        picked, tags = _picked(base, items, query, everywhere=everywhere, example="add 14 15")
        return carry_out(base, output, base.retag(picked, add=tags), dry_run=dry_run, yes=yes)


@app.command("remove")
def remove(
    context: typer.Context,
    items: Items,
    query: Query = None,
    everywhere: Everywhere = False,
    dry_run: DryRun = False,
    yes: Yes = False,
) -> int:
    """Remove tags from entries: kb tag remove 14 packaging, or kb tag remove --all packaging."""
    session: Session = context.obj
    with session.open() as (base, output):
        picked, tags = _picked(base, items, query, everywhere=everywhere, example="remove 14 15")
        code = carry_out(base, output, base.retag(picked, remove=tags), dry_run=dry_run, yes=yes)
        if everywhere:
            proposed = (each for each in base.tidy.mentions(tags) if each.topic == each.tag)
            _tell_of_topics(output, proposed, "take it out if new entries are not to get it")
    return code


@app.command("rename")
def rename(
    context: typer.Context,
    old: Tag,
    new: Tag,
    query: Within = None,
    dry_run: DryRun = False,
    yes: Yes = False,
) -> int:
    """Give a tag another name, in every entry or in those of a query: kb tag rename chiplet chiplets.

    A topic of that name in topics.yaml stays; you are told its line.
    """
    session: Session = context.obj
    with session.open() as (base, output):
        return _merge(base, output, [old], into=new, query=query, dry_run=dry_run, yes=yes)


@app.command("merge")
def merge(
    context: typer.Context,
    tags: Annotated[list[str], typer.Argument(metavar="TAG...", callback=as_text, show_default=False)],
    into: Annotated[
        str, typer.Option("--into", metavar="TAG", callback=as_text, help="The tag that they become.")
    ],
    query: Within = None,
    dry_run: DryRun = False,
    yes: Yes = False,
) -> int:
    """Make one tag of several: kb tag merge chiplet dielet --into chiplets.

    A topic of such a name in topics.yaml stays; you are told its line.
    """
    session: Session = context.obj
    with session.open() as (base, output):
        return _merge(base, output, tags, into=into, query=query, dry_run=dry_run, yes=yes)


def _merge(
    base: KnowledgeBase,
    output: Output,
    old: list[str],
    *,
    into: str,
    query: str | None,
    dry_run: bool,
    yes: bool,
) -> int:
    picked = None if query is None else _holding(base, query, hint="for all entries, leave --query out")
    retagging = base.merge_tags(old, into, picked=picked)
    code = carry_out(base, output, retagging, dry_run=dry_run, yes=yes)
    if query is None and retagging.renamed:
        gone = retagging.renamed[0] - {retagging.renamed[1]}
        _tell_of_topics(output, base.tidy.mentions(gone), f"write {retagging.renamed[1]} there, too")
    return code


def _tell_of_topics(output: Output, mentions: Iterable[Mention], hint: str) -> None:
    """Say where topics.yaml, which is the person's own, still has tags that went."""
    for each in mentions:
        where = f"topics.yaml, line {each.line}"
        does = "proposes" if each.topic == each.tag else "implies"
        output.notice(f"{where}: the topic {each.topic} still {does} {each.tag}; {hint}.")


def _picked(
    base: KnowledgeBase, items: list[str], query: str | None, *, everywhere: bool, example: str
) -> tuple[tuple[Summary, ...], list[str]]:
    """Part the arguments into entries and tags."""
    ids = [item for item in items if item.removeprefix("#").isdecimal()]
    tags = [item for item in items if item not in ids]
    if everywhere:
        if query is not None:
            raise UsageError("--all and --query do not go together.")
        return base.list().entries, [*ids, *tags]
    if query is not None:
        return _holding(base, query, hint="for all entries: --all"), [*ids, *tags]
    if not ids or not tags:
        raise UsageError(
            "Name at least one id and one tag.", hint=f"kb tag {example} packaging; --all means all entries"
        )
    return base.select(ids), tags


def _holding(base: KnowledgeBase, query: str, *, hint: str) -> tuple[Summary, ...]:
    if not query.strip():  # which a list takes for all entries
        raise UsageError("The query is empty.", hint=hint)
    return base.list(query).entries


app.command("suggest", help=unwrapped(suggest.run))(suggest.run)
