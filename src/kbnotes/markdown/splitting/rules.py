"""The table of rules: what begins a note where CommonMark's own items do not say it.

Each rule reads a Page and changes its notes; each use of one that CommonMark would not agree with is a
warning with its line. The order matters: what is no note goes first, then what the numbers there are mean,
then the numbers that CommonMark did not see.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from kbnotes.markdown.splitting.headings import number_by_headings
from kbnotes.markdown.splitting.lists import count_ones, drop_contents, keep_inner_lists
from kbnotes.markdown.splitting.markers import number_by_markers
from kbnotes.markdown.splitting.page import Page
from kbnotes.markdown.splitting.swallowed import find_swallowed


class Rule(NamedTuple):
    """A named step of the reading."""

    name: str
    apply: Callable[[Page], None]


RULES = (
    Rule("contents", drop_contents),
    Rule("ones", count_ones),
    Rule("inner lists", keep_inner_lists),
    Rule("swallowed", find_swallowed),
    Rule("headings", number_by_headings),
    Rule("markers", number_by_markers),
)

LIST_RULES = tuple(rule for rule in RULES if rule.name not in ("headings", "markers"))
