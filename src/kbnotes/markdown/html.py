"""Markdown -> HTML that is safe to open: raw HTML stays text, nothing is loaded, few kinds of links."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from html import escape
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token

from kbnotes.markdown.lines import dedent
from kbnotes.markdown.parser import NESTING, with_line_breaks

_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_ALLOWED = ("http:", "https:", "mailto:")
_ABOVE = 2  # levels of heading that the page has above those of a body


def to_html(body: str, *, marker: str = "") -> str:
    """Return `body` as HTML without ids, styles and scripts; `marker` is its list marker in its file.

    A link goes to http, https, mailto or a relative address, or stays text. An image is a link to it.
    """
    reader = _reader()
    env: dict[str, Any] = {}
    tokens = with_line_breaks(reader.parse(dedent(body, marker), env))
    html: str = reader.renderer.render([_plain(token) for token in tokens], reader.options, env)
    return html


@cache
def _reader() -> MarkdownIt:
    reader = MarkdownIt("commonmark", {"html": False, **NESTING}).enable("table").enable("strikethrough")
    reader.validateLink = _is_allowed  # type: ignore[method-assign]
    return reader


def _is_allowed(url: str) -> bool:
    """Tell whether a link may go there. `//host` is no relative address: it names another host."""
    url = url.strip()
    if url.replace("\\", "/").startswith("//"):
        return False
    scheme = _SCHEME.match(url)
    return not scheme or scheme.group().lower() in _ALLOWED


def _plain(token: Token) -> Token:
    """Return a block token as the page shows it."""
    if token.type in ("heading_open", "heading_close"):
        token.tag = f"h{min(int(token.tag[1]) + _ABOVE, 6)}"
    style = token.attrs.pop("style", None)  # `text-align:right`, which the page's policy forbids
    if style:
        token.attrs["class"] = str(style).replace("text-align:", "to-")
    if token.children:
        token.children = list(_inlines(token.children))
    return token


def _inlines(tokens: Sequence[Token]) -> Iterator[Token]:
    within = 0  # links: one cannot stand in another
    for token in tokens:
        within += token.nesting if token.type.startswith("link_") else 0
        if token.type == "link_open":
            token.attrs["rel"] = "noopener noreferrer"
        yield _image(token, linked=not within) if token.type == "image" else token


def _image(token: Token, *, linked: bool) -> Token:
    """Return what stands for an image, which would have to be loaded: its text, and a link to it."""
    address = str(token.attrs.get("src", ""))
    said = escape(token.content or address)
    html = f'<span class="image">{said}</span>'
    if linked and address:
        html = f'<a class="image" rel="noopener noreferrer" href="{escape(address)}">{said}</a>'
    return Token("html_inline", "", 0, content=html)
