"""One entry -> its Markdown, rendered; or its source."""

from __future__ import annotations

import io
from typing import ClassVar

from rich.console import Console, ConsoleOptions, RenderResult
from rich.markdown import CodeBlock, Heading, HorizontalRule, Markdown, MarkdownElement
from rich.text import Text

from kbnotes.markdown import dedent, display_tokens
from kbnotes.model import Content, Entry, Shown
from kbnotes.render.safe import safe, safe_line
from kbnotes.render.screen import SEPARATOR, THEME, Screen, tags_text

MAX_WIDTH = 100  # columns of running text; longer lines are hard to read
PLAIN_WIDTH = 20_000  # columns without a terminal, above which a body is written as it stands


def write_entry(screen: Screen, shown: Shown) -> None:
    """Write title, tags, dates and source, the body, and its links."""
    entry, content = shown.entry, shown.content
    screen.line(Text(str(entry.id), "kb.id"), "  ", Text(safe_line(entry.title), "kb.title"))
    if entry.tags:
        screen.line(tags_text(entry.tags))
    screen.line(Text(SEPARATOR.join(_facts(entry)), "kb.dim"))
    screen.line()
    _write_body(screen, safe(dedent(entry.body, entry.list_marker)))
    _write_links(screen, content)


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


def _write_body(screen: Screen, body: str) -> None:
    if screen.is_terminal:
        rendered = _Body(body)
        screen.console.print(rendered, width=min(screen.width, MAX_WIDTH))
        return
    longest = max((len(line) for line in body.split("\n")), default=0)
    if longest * 2 > PLAIN_WIDTH:
        screen.line(Text(body.rstrip("\n")))
        return
    # Rich pads what it lays out to the full width, so it gets just enough for no line to wrap.
    buffer = io.StringIO()
    console = Console(
        file=buffer, theme=THEME, width=max(80, longest * 2), highlight=False, color_system=None
    )
    console.print(_Body(body))
    screen.line(Text("\n".join(line.rstrip() for line in buffer.getvalue().rstrip().split("\n"))))


def _write_links(screen: Screen, content: Content) -> None:
    """Write the addresses on lines of their own: a link in the text shows its words only."""
    links = list(dict.fromkeys(content.links))
    if not links:
        return
    screen.line()
    for link in links:
        text, url = safe_line(link.text), safe_line(link.url)
        screen.line(Text(f"{text}  " if text != url else "", "kb.dim"), Text(url, "markdown.link_url"))


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


class _Body(Markdown):
    """Rich's Markdown over tokens of our own, which keep HTML and line breaks."""

    elements: ClassVar[dict[str, type[MarkdownElement]]] = {
        **Markdown.elements,
        "fence": _Code,
        "code_block": _Code,
        "heading_open": _Heading,
        "hr": _Rule,
    }

    def __init__(self, body: str) -> None:
        super().__init__("", hyperlinks=True)
        self.parsed = list(display_tokens(body))
