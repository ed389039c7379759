"""Changes that are asked for twice: very many entries, nearly all of a text gone, a tag perhaps mistyped."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from kbnotes.errors import ConsentError
from kbnotes.model import Doubt, Entry

MANY = 20  # entries changed at once without a question
LEFT = 0.2  # of the text that must be left without a question


def ask_if_many(count: int, *, what: str, yes: bool) -> None:
    """Raise ConsentError if `count` entries are many; `what` says what happens to them."""
    if count > MANY and not yes:
        raise ConsentError(f"{count} entries would be {what}.", hint="--yes does it")


def ask_before_tagging(count: int, doubts: Sequence[Doubt]) -> None:
    """Raise ConsentError if `count` entries are many, or a new tag is perhaps another one, mistyped."""
    said = [f"There is no tag {doubt.tag} yet; did you mean {doubt.near}?" for doubt in doubts]
    many = [f"{count} entries would be tagged anew."] if count > MANY else []
    if said or many:
        ask = "Take it as typed?" if said and not many else "Go on?"
        raise ConsentError(" ".join([*said, *many]), hint="--yes does it", ask=ask)


def ask_if_shrunk(pairs: Iterable[tuple[Entry, Entry]], *, yes: bool) -> None:
    """Raise ConsentError if a new version (the second of a pair) has lost more than 80 % of the text."""
    if yes:
        return
    shrunk = [(old, new) for old, new in pairs if len(new.body) < LEFT * len(old.body)]
    if shrunk:
        old, new = shrunk[0]
        more = f", and {len(shrunk) - 1} more as much" if len(shrunk) > 1 else ""
        raise ConsentError(
            f"Entry {old.id} would shrink from {len(old.body):,} to {len(new.body):,} characters{more}.",
            hint="--yes does it",
        )
