"""One stream to write to: styles in plain ANSI colours, so they suit light and dark terminals."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from functools import cached_property
from typing import TYPE_CHECKING, TextIO

from kbnotes.render.line import Line
from kbnotes.render.safe import safe, safe_line

if TYPE_CHECKING:
    from rich.console import Console, RenderableType
    from rich.segment import Segment

STYLES = {
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
UNLIMITED = 1_000_000  # columns: nothing is wrapped or cut where there is no terminal
SEPARATOR = " · "


class Screen:
    """Writes styled lines to a stream; without a terminal they are plain, whole and never wrapped."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self.is_terminal = stream.isatty()  # the console's own answer is yes for FORCE_COLOR, too
        self.width = self.console.width if self.is_terminal else UNLIMITED
        self.has_styles = False  # not in a pipe, nor where TERM=dumb
        self._no_color = False
        if self.is_terminal or _may_be_forced():
            self.has_styles = self.console.color_system is not None
            self._no_color = self.console.no_color
        # Bold alone, where NO_COLOR takes the colour off, is hard to tell on many screens.
        self.mark = "bold underline" if self._no_color else "kb.mark"

    @cached_property
    def console(self) -> Console:
        """Rich's console for the stream."""
        from rich.console import Console
        from rich.theme import Theme

        return Console(file=self._stream, theme=Theme(STYLES), highlight=False, markup=False, emoji=False)

    def line(self, *parts: Line | str | tuple[str, str]) -> None:
        """Write one line, as long as it is; what is unsafe in it loses its style and its effect."""
        line = Line.assemble(*parts)
        if (shown := safe(line.plain)) != line.plain:  # whoever made the line forgot, and must not be trusted
            line = Line(shown)
        line = line.stripped()
        if self.has_styles:
            styled = Line.assemble(*((text, STYLES.get(style, style)) for text, style in line.pieces))
            self._stream.write(styled.rendered(no_color=self._no_color) + "\n")
        else:
            self._stream.write(line.plain + "\n")

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
        from rich.segment import Segment, Segments

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
        from rich.text import Text

        text = Text.assemble(*((segment.text, segment.style or "") for segment in line))
        for start, end in spans(text.plain):
            text.stylize(self.mark, start, end)
        return text.render(self.console)

    def paragraph(self, text: Line, *, indent: int, lead: Line | None = None) -> None:
        """Write `text` with every line indented, wrapped to the terminal's width.

        `lead`, as wide as the indent, stands before the first line in its place.
        """
        margin = " " * indent
        if not self.is_terminal or self.width <= indent + 20:
            self.line(lead or margin, text)
            return
        for place, part in enumerate(text.wrap(self.width - indent)):
            self.line(lead if lead and not place else margin, part)


def _may_be_forced() -> bool:
    """Tell whether the environment may ask for styles where there is no terminal."""
    return any(os.environ.get(name) for name in ("FORCE_COLOR", "TTY_COMPATIBLE"))  # Rich's own names


def tags_text(tags: tuple[str, ...]) -> Line:
    """Return safe tags side by side."""
    joint = Line(SEPARATOR, "kb.dim")
    return joint.join([Line(safe_line(tag), "kb.tag") for tag in tags])
