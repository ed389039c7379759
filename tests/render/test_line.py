"""Lines break and cut as Rich's do, and are as wide as Rich says."""

from __future__ import annotations

from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console
from rich.text import Text
from rich.theme import Theme

from kbnotes.render.line import Line, width_of
from kbnotes.render.screen import STYLES

_WORDS = st.text(alphabet="ab-.漢字é ", max_size=40)


@given(st.lists(st.tuples(_WORDS, st.sampled_from(["", "bold", "dim"])), max_size=6), st.integers(4, 30))
def test_a_line_wraps_as_rich_wraps_it(pieces: list[tuple[str, str]], width: int) -> None:
    line, text = Line.assemble(*pieces), Text.assemble(*pieces)
    ours = [each.plain for each in line.wrap(width)]
    assert all(width_of(each) <= width for each in ours)
    assert "".join("".join(ours).split()) == "".join(line.plain.split())
    fits = all(width_of(word) <= width for word in line.plain.split())  # else Rich keeps blanks at a break
    if fits and line.plain.strip() == line.plain and "  " not in line.plain:
        theirs = [each.plain.rstrip() for each in text.wrap(Console(width=200), width)]
        assert ours == theirs


@given(st.text(alphabet="ab漢字é", max_size=30), st.integers(1, 20))
def test_a_line_is_cut_to_the_columns_there_are(text: str, width: int) -> None:
    line = Line.assemble((text[:3], "bold"), text[3:])
    shown = line.cut(width)
    assert shown.width == cell_len(shown.plain) <= width
    assert shown.plain == text if cell_len(text) <= width else shown.plain.endswith("…")


@pytest.mark.parametrize("no_color", [False, True])
def test_every_style_is_written_as_rich_writes_it(*, no_color: bool) -> None:
    for name, style in STYLES.items():
        stream = StringIO()
        console = Console(
            file=stream, force_terminal=True, color_system="standard", theme=Theme(STYLES), no_color=no_color
        )
        console.print(Text("x", name), end="")
        assert Line("x", style).rendered(no_color=no_color) == stream.getvalue()
