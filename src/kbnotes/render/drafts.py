"""Drafts -> lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kbnotes.model import Waiting
from kbnotes.render.line import Line
from kbnotes.render.safe import safe_line
from kbnotes.render.screen import Screen

MAX_LINE = 72  # characters of a draft's text shown


def write_drafts(screen: Screen, waiting: Sequence[Waiting], titles: Mapping[int, str]) -> None:
    """Write number, time, what it is to become, and the beginning of each draft's text."""
    for draft in waiting:
        line = safe_line(draft.first_line)
        screen.line(
            Line(f"{draft.number:>3}", "kb.id"),
            f"  {draft.changed:%Y-%m-%d %H:%M}  ",
            Line(_aim(draft, titles), "kb.title"),
            "  ",
            Line(line if len(line) <= MAX_LINE else f"{line[: MAX_LINE - 1]}…", "kb.dim"),
        )


def _aim(draft: Waiting, titles: Mapping[int, str]) -> str:
    if draft.entry_id is None:
        return f"new entry  {safe_line(draft.title)}".rstrip()
    title = titles.get(draft.entry_id, draft.title)
    return f"entry {draft.entry_id}  {safe_line(title)}".rstrip()
