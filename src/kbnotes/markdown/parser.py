"""The three ways kb asks markdown-it: blocks only, inlines only, and all of it for display."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from markdown_it import MarkdownIt
from markdown_it.token import Token

from kbnotes.markdown.wikilinks import with_wikilinks

# Blocks only: where notes begin needs no inlines, and they are nine tenths of the work. No tables: a line
# `2. b | c` above `--- | ---` would become one (GitHub's extension) and its note be lost.
_BLOCKS = MarkdownIt("commonmark")
_BLOCKS.core.ruler.enableOnly(["normalize", "block"])

# Deeper than this markdown-it drops the text; its preset's 20 is ten nested lists.
NESTING = {"maxNesting": 60}

_FULL = MarkdownIt("commonmark", NESTING).enable("table").enable("strikethrough")
with_wikilinks(_FULL, with_target=True)

# Raw HTML is shown as the text it is: a terminal has nothing better to do with it, and `vector<int>` in a
# note is no tag at all.
_DISPLAY = MarkdownIt("commonmark", {"html": False, **NESTING}).enable("table").enable("strikethrough")
with_wikilinks(_DISPLAY, with_target=False)  # a terminal could not follow them


class Definition(NamedTuple):
    """A link definition, `[label]: url "title"`."""

    start: int  # 0-based line
    end: int  # the line behind it
    url: str


def block_tokens(text: str) -> list[Token]:
    """Return the block tokens of `text`, with line maps and without inline children."""
    return _BLOCKS.parse(text)


def full_tokens(text: str) -> tuple[list[Token], list[Definition]]:
    """Return all tokens of `text`, and the link definitions in it, which make no token."""
    env: dict[str, Any] = {}
    tokens = _FULL.parse(text, env)
    found = [*env.get("references", {}).values(), *env.get("duplicate_refs", ())]
    return tokens, sorted(Definition(ref["map"][0], ref["map"][1], ref["href"]) for ref in found)


def display_tokens(text: str) -> Sequence[Token]:
    """Return the tokens to show `text` by: HTML as text, and every line break of the source kept.

    Notes are typed into a narrow window line by line; a dialogue or a list without markers that is run
    together into one paragraph cannot be read any more.
    """
    return with_line_breaks(_DISPLAY.parse(text))


def with_line_breaks(tokens: list[Token]) -> list[Token]:
    """Return tokens with every line break of the source made a hard one."""
    for token in tokens:
        for child in token.children or ():
            if child.type == "softbreak":
                child.type, child.tag = "hardbreak", "br"
    return tokens
