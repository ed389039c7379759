"""What the shell offers after TAB: ids with titles, tags, saved searches; nothing where anything is wrong."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import typer

from kbnotes.config import find_base, here, read_config
from kbnotes.errors import KbError
from kbnotes.render.safe import safe_line

if TYPE_CHECKING:
    from kbnotes.kb import Asking

Answer = TypeVar("Answer")
_PLAIN = re.compile(r"[\w@.+/#:-]+")  # what no shell takes for more than a word
_QUOTING = str.maketrans({"\\": "/", "`": "’", "'": "’", '"': "”", "$": "＄"})
MOST = 100  # ids offered at once: another digit narrows them down
Offers = list[tuple[str, str]]  # what may be completed, and what to tell beside it


def complete_ids(context: typer.Context, incomplete: str) -> Offers:
    """Offer the ids that begin with what is typed, the lowest first, with their titles."""
    entries = _asked(context, lambda asking: asking.ids_beginning(incomplete, limit=MOST))
    return _offers((str(summary.id), summary.title) for summary in entries)


def complete_tags(context: typer.Context, incomplete: str) -> Offers:
    """Offer the tags that begin with what is typed, with the number of their entries."""
    counts = _asked(context, lambda asking: asking.tags())
    key = incomplete.casefold()
    return _offers((each.tag, str(each.entries)) for each in counts if each.tag.casefold().startswith(key))


def complete_ids_and_tags(context: typer.Context, incomplete: str) -> Offers:
    """Offer ids where a digit is typed, and tags elsewhere."""
    complete = complete_ids if incomplete[:1].isdecimal() else complete_tags
    return complete(context, incomplete)


def complete_searches(context: typer.Context, incomplete: str) -> Offers:
    """Offer the saved searches where an `@` is typed; bash takes that for a word of its own."""
    before = context.params.get("words") or context.params.get("query") or [""]
    mark = "@" if incomplete.startswith("@") else ""
    if not mark and before[-1] != "@":
        return []
    saved = _asked(context, lambda asking: asking.saved_searches().items())
    key = incomplete.removeprefix("@").casefold()
    return _offers((f"{mark}{name}", text) for name, text in saved if name.casefold().startswith(key))


def _offers(found: Iterable[tuple[str, str]]) -> Offers:
    """Return what a shell may be told. It reads it as its own language, where a title could be a command."""
    return [(value, safe_line(told).translate(_QUOTING)) for value, told in found if _PLAIN.fullmatch(value)]


def _asked(context: typer.Context, question: Callable[[Asking], Iterable[Answer]]) -> list[Answer]:
    """Return the answer of the base that the line names; nothing where there is none, and none is made."""
    from kbnotes.kb import Asking

    base = context.find_root().params.get("base")
    try:
        config = read_config(base=Path(base) if base else None, directory=here())
        directory, is_new = find_base(config)
        if is_new:
            return []
        return list(question(Asking(directory, cache=config.cache, language=config.language)))
    except (KbError, OSError):
        return []
