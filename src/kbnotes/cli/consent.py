"""Asking before a change that is very large."""

from __future__ import annotations

import sys
from typing import Protocol, TypeVar

import typer

from kbnotes.errors import ConsentError

Answer_co = TypeVar("Answer_co", covariant=True)


class Act(Protocol[Answer_co]):
    """A change that can be confirmed beforehand."""

    def __call__(self, *, yes: bool) -> Answer_co: ...


def with_consent(act: Act[Answer_co], *, yes: bool) -> Answer_co:
    """Return what `act` returns; it is called with `yes`, and again if the person says so when it asks.

    Raises ConsentError where the answer is no, or where nobody is there to ask.
    """
    try:
        return act(yes=yes)
    except ConsentError as question:
        if not sys.stdin.isatty():
            raise
        if not typer.confirm(f"{question.message} {question.ask}", err=True):
            hint = question.hint.removeprefix("--yes does it").removeprefix("; ")
            raise ConsentError("Nothing was changed.", hint=hint) from None
        return act(yes=True)
