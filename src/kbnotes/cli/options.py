"""Options that several commands share, defined once."""

from __future__ import annotations

import inspect
import os
from collections.abc import Callable
from typing import Annotated, Literal

import typer

from kbnotes.cli.completing import complete_ids, complete_tags


def as_text(given: str | list[str] | None) -> str | list[str] | None:
    """Return what is to be stored as text: a byte of the command line that is not UTF-8 becomes U+FFFD."""
    if isinstance(given, list):
        return [_text(each) for each in given]
    return given if given is None else _text(given)


def _text(given: str) -> str:
    return os.fsencode(given).decode("utf-8", "replace")


Json = Annotated[bool, typer.Option("--json", help="Write JSON, for programs.")]
Tags = Annotated[
    list[str] | None,
    typer.Option(
        "--tag",
        "-t",
        help="Only entries with this tag, or one that implies it. May be repeated.",
        autocompletion=complete_tags,
    ),
]
Since = Annotated[
    str,
    typer.Option(
        "--since", metavar="DATE", help="Only entries changed then or later: 2026-10, 7d, last week."
    ),
]
Until = Annotated[
    str, typer.Option("--until", metavar="DATE", help="Only entries last changed then or before.")
]
Offset = Annotated[int, typer.Option("--offset", min=0, help="How many to pass over before the first.")]
NewTags = Annotated[
    list[str] | None,
    typer.Option(
        "--tag",
        "-t",
        callback=as_text,
        help="A tag for the entry. May be repeated.",
        autocompletion=complete_tags,
    ),
]
Title = Annotated[
    str | None,
    typer.Option("--title", callback=as_text, help="The title, instead of one made from the text."),
]
ListOrder = Literal["id", "title", "created", "updated"]
DryRun = Annotated[bool, typer.Option("--dry-run", "-n", help="Show what would happen; write nothing.")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask, however large the change.")]
Selectors = Annotated[
    list[str],
    typer.Argument(
        metavar="ID...",
        help="An id, or words of a title that pick one entry.",
        show_default=False,
        autocompletion=complete_ids,
    ),
]


def unwrapped(command: Callable[..., object]) -> str:
    """Return a command's docstring with a line a paragraph, for the terminal to wrap."""
    paragraphs = inspect.cleandoc(command.__doc__ or "").split("\n\n")
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in paragraphs)
