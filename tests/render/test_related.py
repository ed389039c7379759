"""Entries that are like one: a line each, and at the end of an entry; and the saved searches."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from rich.cells import cell_len

from kbnotes.model import Related
from kbnotes.render.entry import write_entry
from kbnotes.render.lists import write_related, write_searches
from kbnotes.render.screen import Screen
from tests.cli.console import Stream
from tests.render.pages import summary, whole

STYLE = re.compile(r"\x1b\[[0-9;]*m")
LIKE = (
    Related(summary=summary(7, "On-chip memory"), score=3.2, reasons=("tag hardware", "words sram, latency")),
    Related(summary=summary(104, "Titles may be long " * 9), score=1.0, reasons=("link spectrum.ieee.org",)),
)


@pytest.fixture
def stream(monkeypatch: pytest.MonkeyPatch) -> Stream:
    """A pipe."""
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    return Stream()


@pytest.mark.parametrize("columns", [40, 80, 200])
def test_a_terminal_has_a_line_for_each_with_its_reasons_in_a_column(
    columns: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    monkeypatch.setenv("TERM", "xterm")
    stream = Stream(terminal=True)
    write_related(Screen(stream), LIKE)
    first, second = STYLE.sub("", stream.text).splitlines()
    assert max(cell_len(first), cell_len(second)) <= columns
    assert first.index("tag h") == second.index("link s")


def test_a_pipe_has_all_of_each(stream: Stream) -> None:
    write_related(Screen(stream), LIKE)
    first, second = stream.text.splitlines()
    assert re.fullmatch(r"  7  On-chip memory {100,}  tag hardware · words sram, latency", first)
    assert second.endswith("long  link spectrum.ieee.org")


def test_an_entry_ends_with_what_is_like_it(stream: Stream) -> None:
    shown = replace(whole(summary(18, "KV cache"), "The body.\n"), related=LIKE)
    write_entry(Screen(stream), shown)
    assert (
        f"The body.\n\nRelated\n    7  On-chip memory\n  104  {('Titles may be long ' * 9).strip()}\n"
        in stream.text
    )


def test_saved_searches_stand_as_a_query_calls_them(stream: Stream) -> None:
    write_searches(Screen(stream), {"hw": "tag:hardware", "papers": "a\x1b[2J OR b"})
    assert stream.text == "@hw      tag:hardware\n@papers  a\\x1b[2J OR b\n"
