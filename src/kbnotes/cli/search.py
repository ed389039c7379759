"""`kb search`."""

from __future__ import annotations

from typing import Annotated

import typer

from kbnotes.cli.options import Json, Tags
from kbnotes.cli.session import Session


def run(
    context: typer.Context,
    words: Annotated[
        list[str],
        typer.Argument(
            metavar="WORDS...",
            help='What to look for: words, "a phrase", OR, NOT or -word, ( ), chip*, tag:x, title:x.',
            show_default=False,
        ),
    ],
    tag: Tags = None,
    number: Annotated[int, typer.Option("-n", "--number", min=1, help="How many hits to show.")] = 10,
    json: Json = False,
) -> int:
    """Find entries, best first.

    All words must be in an entry, in any inflection. Where none has them all, kb tries corrected spellings,
    then fewer words, and says so. Put -- before words that begin with a dash. Exits with 1 when nothing
    is found.
    """
    session: Session = context.obj
    with session.open(json=json) as (base, output):
        results = base.search(" ".join(words), tags=tag or (), limit=number)
        output.results(results)
    return 0 if results.hits else 1
