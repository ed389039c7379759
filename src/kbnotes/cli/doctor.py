"""`kb doctor`."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from kbnotes.cli.options import Json
from kbnotes.cli.session import Session
from kbnotes.render import Output


def run(
    context: typer.Context,
    fix: Annotated[
        bool, typer.Option("--fix", help="Mend what can be mended for certain; damaged files are kept.")
    ] = False,
    explain: Annotated[
        bool, typer.Option("--explain", help="Say what a finding means, how it comes about and what to do.")
    ] = False,
    json: Json = False,
) -> int:
    """Look the base over for damage and loose ends. Nothing in it is changed without --fix.

    Exits with 1 if there is a problem. A note, of what is allowed but worth knowing, is none.
    """
    from kbnotes.kb import KnowledgeBase
    from kbnotes.kb.doctor import find_even_damaged

    session: Session = context.obj
    config = session.config()
    output = Output(sys.stdout, sys.stderr, json=json)
    health = KnowledgeBase(find_even_damaged(config), cache=config.cache).health
    diagnosis = health.mend() if fix else health.check()
    output.diagnosis(diagnosis, explain=explain)
    for said in health.warnings:
        output.warning(said)
    return 1 if diagnosis.problems else 0
