"""Foreign strings: no command reaches the terminal, no markup is obeyed, and all of the text is shown."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest

from kbnotes.model import Change, FileState, Operation, Undone
from kbnotes.render.line import Line
from kbnotes.render.past import write_undone
from kbnotes.render.safe import safe, safe_json, safe_line
from kbnotes.render.screen import Screen
from tests.cli.console import Stream, kb

pytestmark = [
    pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning"),
    pytest.mark.usefixtures("here"),
]

COMMANDS = {
    "escape": "\x1b[31m",
    "clipboard": "\x1b]52;c;aGk=\x07",
    "one byte escape": "\x9b31m",
    "override": "\u202e",
    "isolate": "\u2066",
    "carriage return": "\x0c",
    "tag characters": "\U000e0041",
}
MARKUP = [
    "[/]",
    "[[1, 2]]",
    "[bold]b[/bold]",
    "[red",
    ":smile:",
    "日本語",
    "😀",
    "👩‍👩‍👧",
    "é",
    "{x}",
    "%s",
    r"C:\new",
]
ALLOWED = re.compile(r"\x1b\[[0-9;]*m|\x1b\]8;[^\x1b\x07]*\x1b\\")  # colours and links of kb's own
FORBIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u2028\u2029\U000e0000-\U000e007f]"
)


def _shown(*arguments: str, terminal: bool = False) -> str:
    """Return all that a command writes, after checking that it commands nothing."""
    said = kb(*arguments, terminal=terminal)
    both = said.out + said.err
    rest = ALLOWED.sub("", both) if terminal else both
    assert not FORBIDDEN.search(rest), repr(rest)
    assert "Traceback" not in both
    assert "should not" not in both
    return rest


@pytest.mark.parametrize("terminal", [False, True], ids=["piped", "terminal"])
@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)
def test_a_command_to_the_terminal_is_shown_as_text(
    *, command: str, terminal: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    text = f"before{command}after oven"
    _shown("add", f"{text}\n\n    {text}\n\n<i>{text}</i>\n\n[{text}](http://{text})", "--title", text)
    for arguments in (
        ["list"],
        ["search", "oven"],
        ["show", "1"],
        ["show", "before"],
        ["rm", "1"],
        ["restore"],
    ):
        shown = _shown(*arguments, terminal=terminal)
        assert safe_line(text) in " ".join(shown.split()) or command == "\x0c", (arguments, shown)


@pytest.mark.parametrize("terminal", [False, True], ids=["piped", "terminal"])
def test_what_was_typed_wrongly_is_shown_as_text_too(*, terminal: bool) -> None:
    for command in COMMANDS.values():
        for arguments in (
            ["search", command],
            ["search", "-t", command, "x"],
            ["list", "-t", command],
            ["show", command],
            ["show", f"x{command}[/]"],
            ["import", f"{command}[/].md"],
            ["tag", "add", "1", f"a{command}"],
            ["--base", f"/{command}", "list"],
            [f"{command}[/]"],
            [f"--{command}"],
        ):
            _shown(*arguments, terminal=terminal)


def test_a_command_spelt_as_an_entity_is_text_as_well() -> None:
    _shown("add", "one &#x202e; two &#x9b;31m three &#27;[31m and [l](http://x&#x202e;y)", "--title", "t")
    for terminal in (False, True):
        assert "\\u202e two" in _shown("show", "1", terminal=terminal)
    _shown("search", "three")


@pytest.mark.parametrize("terminal", [False, True], ids=["piped", "terminal"])
def test_markup_of_other_programs_is_text(*, terminal: bool) -> None:
    for place, text in enumerate(MARKUP, 1):
        _shown("add", f"oven {text} oven\n\n- {text}\n\n```\n{text}\n```\n", "--title", f"{text} title")
        assert f"{text} title" in _shown("list", terminal=terminal)
        shown = _shown("show", str(place), terminal=terminal)
        assert f"oven {text} oven" in shown
        assert f" • {text}" in shown
        assert f"│ {text}" in shown
        assert text in _shown("search", "oven", "-n", "50", terminal=terminal)
        _shown("show", text, terminal=terminal)


def test_html_is_shown_and_so_is_every_image_in_its_place() -> None:
    kb("add", "A <b>bold</b> vector<int> ![a mill](http://x/m.png) stands.\n\n<div>\nhidden?\n</div>\n")
    shown = _shown("show", "1")
    assert "A <b>bold</b> vector<int> a mill stands." in shown
    assert "<div>\nhidden?\n</div>" in shown
    assert "a mill  http://x/m.png" in shown


def test_raw_gives_a_pipe_the_true_bytes_and_a_terminal_safe_text() -> None:
    text = "before\x1b[31mafter\n"
    kb("add", text)
    assert kb("show", "--raw", "1").out == text
    assert kb("show", "--raw", "1", terminal=True).out == "before\\x1b[31mafter\n"


def test_lines_that_end_in_other_ways_are_lines() -> None:
    with open("dos.md", "wb") as file:  # noqa: PTH123
        file.write(b"1. one\r\n   two\n   three\r   four\n")
    kb("import", "dos.md")
    assert "one\ntwo\nthree\nfour\n" in _shown("show", "1")


def test_the_sanitiser_leaves_written_language_alone() -> None:
    for text in ("plain", "é ß ñ", "日本語", "عربى", "👩‍👩‍👧", "a\tb", "a\u0301", "\u200dx"):
        assert safe(text) == text
    assert safe_line(" a\n b\t c ") == "a b c"
    assert safe_json('"\x1b\U000e0041"') == '"\\u001b\\udb40\\udc41"'


def test_a_line_that_nobody_sanitised_is_shown_and_not_sent() -> None:
    stream = Stream(terminal=True)
    Screen(stream).line("name ", Line("evil\x1b]52;c;eA==\x9b2J", "bold"))
    assert stream.text == "name evil\\x1b]52;c;eA==\\x9b2J\n"


def test_the_names_of_files_that_an_undo_brings_back_are_sanitised() -> None:
    path = "entries/0003-oven\x1b[2J.yaml"
    state = FileState(path=path, digest="")
    change = Change(id=3, before=None, after=state)
    operation = Operation(number=1, time=datetime(2026, 11, 24, tzinfo=UTC), command="rm", changes=(change,))
    stream = Stream(terminal=True)
    write_undone(Screen(stream), Undone(operation=operation, taken_back=(change,), left=()))
    assert "\x1b[2J" not in stream.text
    assert "\\x1b[2J" in stream.text
