"""One paragraph's inline tokens -> plain text, and where its emphasis, links and code stand in it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from markdown_it.token import Token

_BARE_URL = re.compile(r"https?://[^\s<>\"'`]+[^\s<>\"'`.,;:!?)\]}*_]")
_OPENS = {"em_open": "emphasis", "strong_open": "emphasis", "link_open": "link"}
_CLOSES = {"em_close": "emphasis", "strong_close": "emphasis", "link_close": "link"}


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch [start, end) of the plain text."""

    kind: Literal["emphasis", "link", "code"]
    start: int
    end: int
    url: str = ""


@dataclass(slots=True)
class Inline:
    """The plain text of one heading, paragraph or cell. Line breaks are "\\n"."""

    text: str = ""
    spans: list[Span] = field(default_factory=list)  # by their end; of nested emphasis the outermost only


def read_inline(children: Iterable[Token]) -> Inline:
    """Return plain text and spans of an inline token's children."""
    inline = Inline()
    parts: list[str] = []
    length = 0
    opened: list[tuple[str, int, str]] = []
    depth = Counter[str]()  # how many of each kind are open
    for token in children:
        if token.type in _OPENS:
            opened.append((_OPENS[token.type], length, str(token.attrGet("href") or "")))
            depth[_OPENS[token.type]] += 1
        elif token.type in _CLOSES:
            kind, start, url = opened.pop()
            depth[kind] -= 1
            nested = kind == "emphasis" and depth[kind] > 0
            if not nested and (length > start or url):
                inline.spans.append(Span(kind, start, length, url))  # type: ignore[arg-type]
        else:
            text = _text_of(token)
            if token.type == "code_inline":
                inline.spans.append(Span("code", length, length + len(text)))
            elif token.type == "image":
                inline.spans.append(Span("link", length, length + len(text), str(token.attrGet("src") or "")))
            elif token.type == "text" and not depth["link"]:
                inline.spans += _bare_links(text, length)
            parts.append(text)
            length += len(text)
    inline.text = "".join(parts)
    return inline


def _text_of(token: Token) -> str:
    if token.type in ("softbreak", "hardbreak"):
        return "\n"
    if token.type == "image":
        return read_inline(token.children or ()).text
    return token.content


def _bare_links(text: str, offset: int) -> list[Span]:
    if "://" not in text:
        return []
    found = _BARE_URL.finditer(text)
    return [Span("link", offset + m.start(), offset + m.end(), m.group()) for m in found]
