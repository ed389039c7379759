"""`kb topics`, `kb topics check`."""

from __future__ import annotations

import typer

from kbnotes.cli.answers import INDEXING
from kbnotes.cli.options import Json
from kbnotes.cli.session import Session
from kbnotes.model import Vocabulary
from kbnotes.render import Output

app = typer.Typer(
    help="Show the topics that propose tags, with how many entries each is about; or check them.\n\n"
    "Unlike `kb tags`, this counts by what the entries say, not by the tags that they have."
)


@app.callback(invoke_without_command=True)
def show(context: typer.Context, json: Json = False) -> int:
    if context.invoked_subcommand is None:
        vocabulary, output = _vocabulary(context.obj, json=json)
        output.topics(vocabulary, check=False)
    return 0


@app.command("check")
def check(context: typer.Context, json: Json = False) -> int:
    """Check the topics: keywords that stand nowhere, topics that match no entry or nearly all, loose ends.

    Nearly all is 80 % of the entries, of ten at least. Exits with 1 if something is found.
    """
    vocabulary, output = _vocabulary(context.obj, json=json)
    output.topics(vocabulary, check=True)
    return 1 if vocabulary.findings else 0


def _vocabulary(session: Session, *, json: bool) -> tuple[Vocabulary, Output]:
    with session.open(json=json) as (base, output):
        vocabulary = base.tidy.vocabulary(progress=output.progress(INDEXING))
        output.end_progress()
    return vocabulary, output
