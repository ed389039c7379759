"""What a person sees: widths, colours, and nothing wrapped or cut where there is no terminal."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import struct
import subprocess
import termios
from pathlib import Path

import pytest
from rich.cells import cell_len

from kbnotes.render.line import Line
from kbnotes.render.screen import Screen
from tests.cli.console import PROGRAM, Stream, kb
from tests.conftest import SEED

pytestmark = pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning")

STYLE = re.compile(r"\x1b\[[0-9;]*m|\x1b\]8;[^\x1b]*\x1b\\")
COLOUR = re.compile(r"\x1b\[[0-9;]*(3[0-7]|9[0-7])m")
WIDE = "将来の計算機における記憶階層とキャッシュの一貫性についての長い題名 😀😀 です"
TALK = 'A talk. e.g. \n*Turns*:\n    Ann: "How fine should it be?"\n      Bob: "Very."\n*End*:\n  Done.\n'


@pytest.fixture
def seeded(here: Path) -> Path:
    """The working directory: a base with the notes of this repository and a long title of wide characters."""
    kb("import", str(SEED))
    kb("add", f"{WIDE}。{WIDE} cache", "--title", WIDE, "-t", "日本")
    return here


def _lines(monkeypatch: pytest.MonkeyPatch, columns: int, *arguments: str) -> list[str]:
    monkeypatch.setenv("COLUMNS", str(columns))
    return STYLE.sub("", kb(*arguments, terminal=True).out).split("\n")


@pytest.mark.parametrize("columns", [40, 80, 200])
def test_a_list_fits_the_terminal_and_cuts_where_it_must(
    seeded: Path, monkeypatch: pytest.MonkeyPatch, columns: int
) -> None:
    lines = _lines(monkeypatch, columns, "list")
    assert max(map(cell_len, lines)) <= columns
    assert len(lines) == 22
    assert any("…" in line for line in lines)
    tags = [
        cell_len(line[: line.index(tag)])
        for line, tag in ((lines[2], "ml"), (lines[20], "日本" if columns > 40 else "日"))
    ]
    assert tags[0] == tags[1], "the columns do not line up"


@pytest.mark.parametrize("columns", [40, 80, 200])
def test_hits_are_wrapped_under_their_title(
    seeded: Path, monkeypatch: pytest.MonkeyPatch, columns: int
) -> None:
    lines = _lines(monkeypatch, columns, "search", "cache")
    assert all(cell_len(line) <= columns or line[:2].strip() for line in lines)
    assert all(line.startswith("       ") for line in lines if line and not line[:2].strip())


def test_a_body_is_no_wider_than_the_terminal_or_than_reads_well(
    seeded: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for columns, widest in ((60, 60), (200, 100)):
        body = [line for line in _lines(monkeypatch, columns, "show", "18") if line][
            3:
        ]  # title, tags and source stand above
        assert max(map(cell_len, body)) <= widest
        assert not any(line.endswith(" ") for line in body)


def test_without_a_terminal_nothing_is_wrapped_cut_or_coloured(
    seeded: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    listed = kb("list").out
    assert WIDE in listed
    assert "…  " not in listed.split("\n")[1]
    shown = kb("show", "18").out
    assert (
        "In every decoding step in GPT inference, the current token is used as the context (Q) but Key"
        in shown
    )
    assert len(kb("search", "kvcache").out.rstrip().split("\n")) == 2
    for out in (listed, shown):
        assert "\x1b" not in out


def test_force_color_colours_a_pipe_and_wraps_nothing(seeded: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    for arguments in (["list"], ["search", "kv cache"], ["show", "18"]):
        out = kb(*arguments).out
        monkeypatch.delenv("FORCE_COLOR")
        assert COLOUR.search(out)
        assert STYLE.sub("", out) == kb(*arguments).out.replace("*", "")  # marks without colour
        monkeypatch.setenv("FORCE_COLOR", "1")


def test_no_color_takes_the_colours_from_a_terminal(seeded: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    assert COLOUR.search(kb("list", terminal=True).out)
    monkeypatch.setenv("NO_COLOR", "1")
    for arguments in (["list"], ["search", "cache"], ["show", "18"], ["show", "99"]):
        said = kb(*arguments, terminal=True)
        assert not COLOUR.search(said.out + said.err)


def test_nothing_is_written_in_black_or_white(seeded: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Either would be lost on half of the terminals, and so would text on a background."""
    monkeypatch.setenv("TERM", "xterm-256color")
    kb(
        "add",
        "# Head\n\n`code` **bold**\n\n```\nblock\n```\n\n> quote\n\n| a | b |\n|---|---|\n| c | d |\n\n---\n",
    )
    shown = "".join(
        kb(*words, terminal=True).out for words in (["show", "22", "18"], ["list"], ["search", "cache"])
    )
    codes = {code for style in re.findall(r"\x1b\[([0-9;]*)m", shown) for code in style.split(";")}
    assert not codes & {"30", "37", "90", "97", "38", "48", *map(str, range(40, 48))}


def test_the_lines_of_a_dialogue_keep_their_indentation(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (here / "talk.md").write_text(f"11. {TALK}")
    kb("import", "talk.md")
    expected = 'A talk. e.g.\nTurns:\n    Ann: "How fine should it be?"\n      Bob: "Very."\nEnd:\n  Done.\n'
    assert kb("show", "11").out.endswith(expected)
    assert kb("show", "--raw", "11").out == TALK
    narrow = _lines(monkeypatch, 24, "show", "11")
    assert narrow[narrow.index("Turns:") + 1 :] == [
        '    Ann: "How fine',
        '    should it be?"',
        '      Bob: "Very."',
        "End:",
        "  Done.",
        "",
    ]


def test_a_note_that_is_indented_throughout_is_not_shown_so(here: Path) -> None:
    (here / "even.md").write_text("1. one\n   two\n   three\n\n   four\n   five\n")
    kb("import", "even.md")
    assert kb("show", "1").out.endswith("\n\none\ntwo\nthree\n\nfour\nfive\n")


def test_links_are_listed_with_their_whole_address(seeded: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    address = "https://help.openai.com/en/articles/7127966-what-is-the-difference-between-the-gpt-4-models"
    assert f"\n32k tokens  {address}\n" in kb("show", "11").out
    assert f"32k tokens  {address}" in _lines(monkeypatch, 80, "show", "11")


def test_on_a_real_terminal_kb_uses_its_width_and_says_the_same(seeded: Path) -> None:
    leader, follower = pty.openpty()
    fcntl.ioctl(follower, termios.TIOCSWINSZ, struct.pack("HHHH", 50, 64, 0, 0))
    environment = {**os.environ, "TERM": "xterm-256color"}
    command = [*PROGRAM, "list"]
    done = subprocess.run(
        command, stdin=follower, stdout=follower, stderr=follower, env=environment, check=False
    )
    os.close(follower)
    written = b""
    try:
        while piece := os.read(leader, 65536):
            written += piece
    except OSError:  # how Linux says that the other end is closed
        pass
    os.close(leader)
    lines = STYLE.sub("", written.decode()).split("\r\n")
    assert done.returncode == 0
    assert len(lines) == 22
    assert max(map(cell_len, lines)) <= 64
    assert COLOUR.search(written.decode())


def test_a_title_wider_than_the_terminal_wraps_under_itself() -> None:
    stream = Stream(terminal=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COLUMNS", "50")
        patch.setenv("TERM", "xterm")
        screen = Screen(stream)
        screen.paragraph(Line("word " * 20), indent=4, lead=Line("1. 7"))
    first, *more = re.sub("\x1b\\[[0-9;]*m", "", stream.text).splitlines()
    assert first.startswith("1. 7word")
    assert len(more) == 2
    assert all(line.startswith("    word") and len(line) <= 50 for line in more)


def test_what_was_done_breaks_between_words_on_a_narrow_terminal(
    seeded: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = [f"understanding{at}" for at in range(9)]
    (seeded / "notes.md").write_text(f"1. _{' '.join(words)}_ is long.\n")
    for arguments in (
        ["import", "notes.md"],
        ["tag", "rename", "llm", "language-models", "--dry-run"],
        ["undo"],
        ["export", "--to", "n.json", "--tag", "nothing has such a tag at all, nor ever will, I think"],
        ["import", "there is no such file, and no such folder.md"],
    ):
        monkeypatch.setenv("COLUMNS", "44")
        said = kb(*arguments, terminal=True)
        lines = STYLE.sub("", said.out + said.err).splitlines()
        assert max(map(len, lines)) <= 44, lines
        cut = [word for line in lines for word in line.split() if word.startswith("underst")]
        assert {word.rstrip("…") for word in cut} <= {*words, "understanding"}, lines
