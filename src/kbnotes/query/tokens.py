"""A query's text -> its tokens: brackets, quoted texts, words."""

from __future__ import annotations

import re
from typing import Literal

from kbnotes.record import record

FIELDS = ("tag", "title", "body", "url", "id", "created", "updated", "has", "is")

_TOKEN = re.compile(
    rf"""
    (?P<space>\s+)
  | (?P<open>-?\()                                       # a bracket, perhaps negated
  | (?P<close>\))
  | (?P<dash>-)?(?:(?P<field>(?i:{"|".join(FIELDS)})):)?(?P<sign>[=~])?"(?P<quoted>[^"]*)"
  | (?P<word>(?:[^\s()"]|(?<=[^\s(])\([^\s()]*\))+"*|")  # f(x) is one word, (f x) a group
    """,
    re.VERBOSE,
)
_HAS_TEXT = re.compile(r"[^\W_]|[^\x00-\x7f\s]")


@record
class Token:
    """A piece of the text; `text` is a word as typed, what is quoted, or a bracket with its dash."""

    kind: Literal["open", "close", "word", "quoted"]
    text: str
    dash: bool = False  # of a quoted text, as are the following
    field: str = ""
    exact: bool = False


def tokens(text: str) -> list[Token]:
    """Return the tokens of `text`; in time that grows with its length, whatever it is."""
    return [_token(match) for match in _TOKEN.finditer(text) if match["space"] is None]


def has_text(text: str) -> bool:
    """Tell whether there is anything in `text` that could be found."""
    return _HAS_TEXT.search(text) is not None


def _token(match: re.Match[str]) -> Token:
    if match["open"]:
        return Token(kind="open", text=match["open"])
    if match["close"]:
        return Token(kind="close", text=")")
    if match["word"]:
        return Token(kind="word", text=match["word"].strip('"'))
    return Token(
        kind="quoted",
        text=match["quoted"].strip(),
        dash=match["dash"] is not None,
        field=match["field"] or "",
        exact=match["sign"] == "=",
    )
