"""A Rich console for one stream: styles in plain ANSI colours, so they suit light and dark terminals."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TextIO

from rich.console import Console, RenderableType
from rich.segment import Segment, Segments
from rich.text import Text
from rich.theme import Theme

from kbnotes.render.safe import safe, safe_line

THEME = Theme(
    {
        "kb.rank": "dim",
        "kb.id": "bold cyan",
        "kb.title": "bold",
        "kb.tag": "green",
        "kb.dim": "dim",
        "kb.mark": "bold magenta",
        "kb.warning": "yellow",
        "kb.error": "bold red",
        "markdown.code": "cyan",
        "markdown.code_block": "cyan",
        "markdown.link": "underline",
        "markdown.link_url": "underline",
        "markdown.h1": "bold underline",
        "markdown.h2": "bold underline",
        "markdown.h3": "bold",
        "markdown.h4": "bold",
        "markdown.item.number": "bold",
        "markdown.item.bullet": "bold",
        "markdown.block_quote": "italic",
    }
)
UNLIMITED = 1_000_000  # columns: nothing is wrapped or cut where there is no terminal
SEPARATOR = " · "


class Screen:
    """Writes styled lines to a stream; without a terminal they are plain, whole and never wrapped."""

    def __init__(self, stream: TextIO) -> None:
        self.console = Console(file=stream, theme=THEME, highlight=False, markup=False, emoji=False)
        self.is_terminal = stream.isatty()  # the console's own answer is yes for FORCE_COLOR, too
        self.width = self.console.width if self.is_terminal else UNLIMITED
        self.has_styles = self.console.color_system is not None  # not so in a pipe, nor where TERM=dumb
        # Bold alone, where NO_COLOR takes the colour off, is hard to tell on many screens.
        self.mark = "bold underline" if self.console.no_color else "kb.mark"

    def line(self, *pieces: Text | str | tuple[str, str]) -> None:
        """Write one line, as long as it is; what is unsafe in it loses its style and its effect."""
        line = Text.assemble(*pieces)
        if (shown := safe(line.plain)) != line.plain:  # whoever made the line forgot, and must not be trusted
            line = Text(shown)
        line.rstrip()
        self.console.print(line, soft_wrap=True)

    def block(
        self,
        renderable: RenderableType,
        *,
        width: int,
        spans: Callable[[str], Iterable[tuple[int, int]]] | None = None,
    ) -> None:
        """Write what Rich lays out, without the blanks by which it fills lines up to `width`.

        `spans` says which parts of a line are to be marked, where there are styles.
        """
        options = self.console.options.update(width=width, height=None)
        for line in self.console.render_lines(renderable, options, pad=False):
            while line and not line[-1].text.strip():
                line.pop()
            if line:
                line[-1] = Segment(line[-1].text.rstrip(), line[-1].style)
            shown = self._marked(line, spans) if spans and self.has_styles else line
            self.console.print(Segments([*shown, Segment.line()]), end="", soft_wrap=True)

    def _marked(
        self, line: Iterable[Segment], spans: Callable[[str], Iterable[tuple[int, int]]]
    ) -> Iterable[Segment]:
        text = Text.assemble(*((segment.text, segment.style or "") for segment in line))
        for start, end in spans(text.plain):
            text.stylize(self.mark, start, end)
        return text.render(self.console)

    def paragraph(self, text: Text, *, indent: int, lead: Text | None = None) -> None:
        """Write `text` with every line indented, wrapped to the terminal's width.

        `lead`, as wide as the indent, stands before the first line in its place.
        """
        margin = " " * indent
        if not self.is_terminal or self.width <= indent + 20:
            self.line(lead or margin, text)
            return
        for place, part in enumerate(text.wrap(self.console, self.width - indent)):
            self.line(lead if lead and not place else margin, part)


def tags_text(tags: tuple[str, ...]) -> Text:
    """Return safe tags side by side."""
    joint = Text.assemble((SEPARATOR, "kb.dim"))  # a style of the whole text would reach the tags
    return joint.join([Text.assemble((safe_line(tag), "kb.tag")) for tag in tags])
