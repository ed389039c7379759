"""The short cut for plain searches and lists says what Typer's way says, whatever is on the line."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from kbnotes.cli import door
from kbnotes.cli.short_cut import short_cut
from kbnotes.render import Output
from tests.cli.console import Said, Stream, kb

_WORDS = """search list show searc oven bread "rye" rye OR -rye NOT ( ) -- - -t --tag bread breakfast missing
--tag=bread -tbread -n 1 --number 2 --json --base nowhere --explain --since 7d --sort id @none tag:bread
title: =oven ~ovne ov* --help -h --version --full zeppelin 1 "" \x1b[31m caf\udce9 id:1..
created:foo""".split()


def _both(arguments: list[str], *, terminal: bool) -> tuple[Said, Said]:
    """Return what kb says by the short cut where there is one, and without."""
    first = kb(*arguments, terminal=terminal)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(door, "short_cut", lambda *_: None)
        return first, kb(*arguments, terminal=terminal)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from(["search", "list", "--base", "sear"]),
    st.lists(st.sampled_from(_WORDS), max_size=5),
    st.sampled_from(["terminal", "pipe"]),
)
@example("search", ["oven"], "terminal")
@example("search", ["zeppelin"], "pipe")
@example("search", [], "pipe")
@example("list", [], "pipe")
@example("list", ["--tag", "bread"], "terminal")
@example("list", ["-t", "missing"], "pipe")
@example("search", ["-t", "-n"], "pipe")
@example("list", ["created:foo"], "pipe")
def test_every_line_says_the_same_both_ways(bread: Path, first: str, rest: list[str], stream: str) -> None:
    assert bread.is_dir()
    by_short_cut, by_typer = _both([first, *rest], terminal=stream == "terminal")
    assert by_short_cut == by_typer


def test_the_plain_lines_are_those_that_are_cut_short(bread: Path) -> None:
    assert bread.is_dir()
    output = Output(Stream(), Stream())
    assert [
        short_cut(line.split(), output) for line in ("search oven", "list -t bread", "list", "search zzz")
    ] == [
        0,
        0,
        0,
        1,
    ]
    assert short_cut(["search", "oven", "--json"], output) is None
    assert short_cut(["show", "1"], output) is None
