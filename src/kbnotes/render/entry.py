"""One entry -> its Markdown, rendered; or its source."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from rich.console import Console, ConsoleOptions, RenderResult
from rich.markdown import CodeBlock, Heading, HorizontalRule, Markdown, MarkdownElement, Paragraph
from rich.text import Text

from kbnotes.markdown import dedent, display_tokens
from kbnotes.model import Entry, Related, Shown
from kbnotes.render.line import Line
from kbnotes.render.marks import Found, marked
from kbnotes.render.safe import safe, safe_line
from kbnotes.render.screen import SEPARATOR, Screen, tags_text

MAX_WIDTH = 100  # columns of running text; longer lines are hard to read
MAX_INDENT = 24  # columns of a line's own indentation that are kept
PLAIN_WIDTH = 20_000  # columns without a terminal, above which a body is written as it stands


def write_entry(
    screen: Screen, shown: Shown, *, lead: Line | None = None, found: Found | None = None
) -> None:
    """Write title, tags, dates and source, the body, its links, and the entries that are like it.

    One that was `found` is part of a page of hits: its words are marked, and what is like it is left out.
    """
    entry = shown.entry
    lead = lead or Line.assemble((str(entry.id), "kb.id"), "  ")
    screen.paragraph(Line(safe_line(entry.title), "kb.title"), indent=lead.width, lead=lead)
    if entry.tags:
        screen.line(tags_text(entry.tags))
    screen.line(Line(SEPARATOR.join(_facts(entry)), "kb.dim"))
    screen.line()
    _write_body(screen, entry, found)
    _write_links(screen, shown)
    if shown.related and not found:
        _write_related(screen, shown.related)


def _facts(entry: Entry) -> list[str]:
    facts = [f"added {entry.created:%Y-%m-%d}"]
    if entry.updated != entry.created:
        facts.append(f"changed {entry.updated:%Y-%m-%d}")
    if source := entry.source:
        lines = (
            f"{source.first_line}-{source.last_line}"
            if source.last_line > source.first_line
            else source.first_line
        )
        number = f"note {source.number}, " if source.number is not None else ""
        facts.append(f"from {safe_line(source.file)}, {number}line{'s' if '-' in str(lines) else ''} {lines}")
    return facts


def _write_body(screen: Screen, entry: Entry, found: Found | None) -> None:
    source = entry.body.replace("\r\n", "\n").replace("\r", "\n")
    body = safe(dedent(source, entry.list_marker))
    longest = max(len(line) for line in body.split("\n"))
    if not screen.is_terminal and longest * 2 > PLAIN_WIDTH:
        screen.line(Line(body.rstrip("\n")))
        return
    # Rich wraps to a width: without a terminal it gets one at which no line has to wrap.
    width = min(screen.width, MAX_WIDTH) if screen.is_terminal else max(80, longest * 2)
    tokens = _tokens(body, source, behind_marker=bool(entry.list_marker))
    if found and not screen.has_styles:
        _mark(tokens, screen, found)
    screen.block(_Body(tokens), width=width, spans=found.spans if found else None)


def _mark(tokens: list[Any], screen: Screen, found: Found) -> None:
    """Mark the words in running text by signs; code stays as it is."""
    for child in (child for token in tokens for child in token.children or []):
        if child.type == "text":
            child.content = marked(screen, child.content, found.spans(child.content)).plain


def _tokens(body: str, source: str, *, behind_marker: bool) -> list[Any]:
    """Return the tokens of a safe body, made safe again: `&#x202e;` is a character only after parsing.

    An image becomes its description, in its place, and the lines of a paragraph keep the indentation that
    they have in `source`, where CommonMark takes all of it off: in a dialogue it tells who speaks.
    """
    tokens = list(display_tokens(body))
    lines = source.split("\n")
    for token in tokens:
        token.content = safe(token.content)
        children = token.children or []
        for child in children:
            child.content = safe(child.content)
            if child.type == "image":
                child.type, child.tag = "text", ""
            if "href" in child.attrs:
                child.attrs["href"] = safe(str(child.attrs["href"]))
        breaks = [child for child in children if child.type == "hardbreak"]
        if breaks and token.level == 1 and token.map:
            first, end = token.map
            indents = _indents(lines[first:end], has_marker=behind_marker and first == 0)
            if len(indents) == len(breaks) + 1:  # not so where code or a title goes over a line's end
                for each, indent in zip(breaks, indents[1:], strict=True):
                    each.type, each.tag, each.content = "text", "", "\n" + " " * indent
    return tokens


def _indents(lines: list[str], *, has_marker: bool) -> list[int]:
    """Return the columns by which each line is indented more than the least of them."""
    expanded = [line.expandtabs(4) for line in lines]
    columns = [len(line) - len(line.lstrip(" ")) for line in expanded]
    least = min(columns[1:] if has_marker and len(columns) > 1 else columns)
    return [min(max(column - least, 0), MAX_INDENT) for column in columns]


def _write_links(screen: Screen, shown: Shown) -> None:
    """Write the addresses on lines of their own: a link in the text shows its words only."""
    links = list(dict.fromkeys(shown.content.links))
    if not links:
        return
    screen.line()
    for link in links:
        text, url = safe_line(link.text), safe_line(link.url)
        target = shown.targets.get(link.url)
        if target is None:
            screen.line(Line(f"{text}  " if text != url else "", "kb.dim"), Line(url, "markdown.link_url"))
        else:
            screen.line(Line(f"{text}  ", "kb.dim"), Line("entry ", "kb.dim"), Line(str(target), "kb.id"))


def _write_related(screen: Screen, related: Sequence[Related]) -> None:
    screen.line()
    screen.line(Line("Related", "kb.dim"))
    width = max(len(str(each.summary.id)) for each in related)
    for each in related:
        lead = Line.assemble("  ", (str(each.summary.id).rjust(width), "kb.id"), "  ")
        screen.paragraph(Line(safe_line(each.summary.title)), indent=lead.width, lead=lead)


class _Code(CodeBlock):
    """Code behind a bar, without a background that suits only half of the terminals."""

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        for line in str(self.text).rstrip("\n").split("\n"):
            yield Text.assemble(("│ ", "kb.dim"), (line, "markdown.code_block"), overflow="fold")


class _Heading(Heading):
    """A heading at the left, whatever its level."""

    LEVEL_ALIGN: ClassVar = dict.fromkeys(Heading.LEVEL_ALIGN, "left")


class _Rule(HorizontalRule):
    """A rule no wider than a page."""

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        yield Text("─" * min(options.max_width, 40), "kb.dim")


class _Paragraph(Paragraph):
    """Lines that hang at their own indentation where they wrap, without blanks up to the margin."""

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        for line in self.text.split("\n", allow_blank=True):
            indent = len(line.plain) - len(line.plain.lstrip(" "))
            for piece in line[indent:].wrap(console, max(options.max_width - indent, 1)):
                yield Text(" " * indent) + piece


class _Body(Markdown):
    """Rich's Markdown over tokens of our own, which keep HTML, line breaks and indentation."""

    elements: ClassVar[dict[str, type[MarkdownElement]]] = {
        **Markdown.elements,
        "paragraph_open": _Paragraph,
        "fence": _Code,
        "code_block": _Code,
        "heading_open": _Heading,
        "hr": _Rule,
    }

    def __init__(self, tokens: list[Any]) -> None:
        super().__init__("", hyperlinks=True)
        self.parsed = tokens
