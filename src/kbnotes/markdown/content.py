"""What a body says without its Markdown: title, plain text, emphasised terms, links."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from markdown_it.token import Token

from kbnotes.markdown.hashtags import hashtags_in
from kbnotes.markdown.inline import Inline, read_inline
from kbnotes.markdown.lines import dedent, lines_of
from kbnotes.markdown.parser import Definition, full_tokens
from kbnotes.markdown.title import is_term, term_of, title_of
from kbnotes.model import Content, Link

_CODE = ("fence", "code_block", "html_block")


def read_body(body: str, *, marker: str = "") -> Content:
    """Return what `body` says; `marker` is the list marker that stood before it in its file."""
    source = dedent(body, marker)
    tokens, definitions = full_tokens(source)
    blocks = list(_blocks(tokens))
    inlines = [block for block in blocks if isinstance(block, Inline)]
    heading = inlines[0].text if tokens and tokens[0].type == "heading_open" and inlines else None
    terms = (term_of(inline, span) for inline in inlines for span in inline.spans if span.kind == "emphasis")
    links = list(_links(inlines))
    if definitions:  # they make no token, and what is there must be found
        lines = lines_of(source)
        defined = ["".join(lines[each.start : each.end]).strip() for each in definitions]
        blocks += defined
        links += _unused(definitions, defined, links)
    return Content(
        title=title_of(_titled(blocks), heading=heading),
        text="\n".join(block.text if isinstance(block, Inline) else block for block in blocks).strip("\n"),
        terms=tuple(dict.fromkeys(term for term in terms if is_term(term))),
        links=tuple(links),
        heading=_heading(tokens),
        hashtags=tuple(dict.fromkeys(tag for inline in inlines for tag in hashtags_in(inline))),
    )


def _heading(tokens: list[Token]) -> str:
    """Return the heading that names the whole: the first of level 1, else one that opens the text."""
    for at, token in enumerate(tokens):
        if token.type == "heading_open" and token.level == 0 and (token.tag == "h1" or at == 0):
            text = read_inline(tokens[at + 1].children or ()).text.strip()
            if text:
                return title_of([], heading=text)
    return ""


def _blocks(tokens: list[Token]) -> Iterator[Inline | str]:
    """Yield the text blocks in order: inlines read, code and HTML as they are.

    Behind them what is written but not shown: the titles of links and images, the info string of a fence.
    """
    for token in tokens:
        if token.type == "inline":
            yield read_inline(token.children or ())
            yield from _titles(token.children or ())
        elif token.type in _CODE:
            shown = token.content.rstrip("\n")
            yield "\n".join(part for part in (shown, token.info.strip()) if part)


def _titles(children: Iterable[Token]) -> Iterator[str]:
    for token in children:
        if title := str(token.attrGet("title") or "").strip():
            yield title
        yield from _titles(token.children or ())


def _titled(blocks: list[Inline | str]) -> list[Inline]:
    """Return the blocks to look for a title in: inlines, or the first line of code where there are none."""
    inlines = [block for block in blocks if isinstance(block, Inline) and block.text.strip()]
    if inlines:
        return inlines
    lines = [line for block in blocks if isinstance(block, str) for line in block.split("\n") if line.strip()]
    return [Inline(text=lines[0])] if lines else []


def _links(inlines: list[Inline]) -> Iterator[Link]:
    for inline in inlines:
        for span in sorted(inline.spans, key=lambda span: span.start):
            if span.kind == "link" and span.url:
                text = " ".join(inline.text[span.start : span.end].split())
                if not text.startswith("^"):  # `[^1]: word` is a footnote
                    yield Link(text=text, url=span.url)


def _unused(definitions: list[Definition], defined: list[str], links: list[Link]) -> Iterator[Link]:
    """Yield the definitions that no link of this body uses: those at the end of a file serve other notes."""
    used = {link.url for link in links}
    for each, source in zip(definitions, defined, strict=True):
        label = source.partition("]:")[0].lstrip("> \t[")
        if each.url not in used and not label.startswith("^"):  # `[^1]: word` is a footnote
            yield Link(text=label, url=each.url)
