"""`kb import` at the edges: a pipe, a terminal, several files, folders with too much to tell."""

from __future__ import annotations

import io
import os
import sys
from pathlib import Path

import pytest

from tests.cli.console import Stream, kb, one_sentence


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The directory that kb runs in, with a base in it."""
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    kb("init", ".")
    return here


def many(root: Path, count: int, text: str = "# Note {at}\n\nThe text of {at}.\n") -> None:
    for at in range(count):
        path = root / f"f{at % 30:02}" / f"n{at}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.format(at=at))


def test_standard_input_is_decoded_like_a_file(here: Path) -> None:
    said = kb("import", "-", "--encoding", "latin-1", stdin="1. _Käse_ reift.\n".encode("latin-1"))
    assert (said.code, said.out) == (0, "add         1  Käse\nstandard input: 1 added\n")
    refused = kb("import", "-", stdin="1. _Käse_ reift.\n".encode("latin-1"))
    assert "is not UTF-8" in one_sentence(refused, code=2)


def test_nothing_on_standard_input_is_an_error_and_the_rest_goes_on(here: Path) -> None:
    (here / "notes.md").write_text("1. _One_ is.\n")
    said = kb("import", "-", "notes.md", stdin=b" \n")
    assert "nothing in standard input" in one_sentence(said, code=2)
    assert "notes.md: 1 added" in said.out


def test_who_reads_from_a_terminal_says_so(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal(io.TextIOWrapper):
        def isatty(self) -> bool:
            return True

    from kbnotes.cli import run

    out, err = Stream(), Stream()
    monkeypatch.setattr(sys, "stdin", Terminal(io.BytesIO(b"1. _Typed_ in.\n"), "utf-8"))
    monkeypatch.setattr(sys, "stdout", out)
    monkeypatch.setattr(sys, "stderr", err)
    assert run(["import", "-"]) == 0
    assert "Ctrl-D" in err.text
    assert "1 added" in out.text


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with a name here")
def test_a_pipe_without_a_writer_and_a_device_without_an_end_are_refused(here: Path) -> None:
    os.mkfifo("pipe.md")
    for name in ("pipe.md", "/dev/null"):
        said = kb("import", name)
        assert f"{name} is no regular file." in one_sentence(said, code=2)
        assert f"kb import - < {name}" in said.err


def test_a_file_whose_name_could_not_be_written_down_is_refused_and_the_rest_goes_on(here: Path) -> None:
    Path(os.fsdecode(b"\xffx.md")).write_text("1. _One_ is.\n")
    (here / "notes.md").write_text("1. _Two_ is.\n")
    said = kb("import", os.fsdecode(b"\xffx.md"), "notes.md")
    assert "x.md is not UTF-8." in one_sentence(said, code=2)
    assert "1 added" in said.out


def test_several_files_are_one_operation(here: Path) -> None:
    (here / "a.md").write_text("1. _One_ is.\n")
    (here / "b.md").write_text("1. _Another_ is.\n2. _Two_ is.\n")
    assert kb("import", "a.md", "b.md", "a.md").out.count("added") == 2
    assert [each["command"] for each in kb("log", "--json").json["operations"]] == ["import", "init"]
    assert kb("undo").code == 0
    assert kb("list", "--json").json["total"] == 0


def test_a_note_that_moves_from_one_file_to_another_keeps_its_entry(here: Path) -> None:
    (here / "a.md").write_text("1. _One_ is.\n2. _Two_ is.\n")
    (here / "b.md").write_text("1. _Another_ is.\n")
    kb("import", "a.md", "b.md")
    (here / "a.md").write_text("1. _One_ is.\n")
    (here / "b.md").write_text("1. _Another_ is.\n2. _Two_ is.\n")
    said = kb("import", "--json", "a.md", "b.md").json["files"]
    assert [(each["added"], each["missing"]) for each in said] == [([], []), ([], [])]


def test_a_folder_with_many_files_is_told_by_its_folders(here: Path) -> None:
    many(here / "til", 600)
    said = kb("import", "til")
    assert said.code == 0
    lines = said.out.splitlines()
    assert len(lines) == 22
    assert lines[0].split() == ["f00/", "20", "added"]
    assert lines[-2:] == ["  and 10 more folders with 200 entries", "til: 600 added"]
    assert len(kb("import", "--dry-run", "til").out.splitlines()) == 601
    assert len(kb("import", "--json", "til").json["files"][0]["entries"]) == 600


def test_warnings_and_failures_are_ten_lines_each_and_all_of_them_on_a_dry_run(here: Path) -> None:
    many(here / "til", 15, "[gone](gone{at}.md)\n")
    for at in range(12):
        (here / f"til/bad{at}.md").write_bytes(b"\x80")
    planned = kb("import", "--dry-run", "til")
    assert (planned.code, len(planned.err.splitlines())) == (2, 15 + 12)
    said = kb("import", "til")
    assert said.code == 2
    assert "and 5 more like these" in said.err
    assert "and 2 more were passed over" in said.err
    assert len(said.err.splitlines()) == 22
    failed = kb("import", "--json", "til").json["files"][0]["failed"]
    assert (len(failed), failed[0]["why"]) == (12, "not UTF-8 text at byte 0")


def test_an_entry_left_alone_in_a_folder_is_told_by_the_exit_code(here: Path) -> None:
    many(here / "til", 1)
    kb("import", "til")
    path = next((here / "entries").iterdir())
    path.write_text(path.read_text().replace("The text", "My text"))
    (here / "til/f00/n0.md").write_text("# Note 0\n\nEdited.\n")
    said = kb("import", "til")
    assert said.code == 2
    assert "1 left alone" in said.out


def test_a_name_full_of_commands_for_the_terminal_is_text(here: Path) -> None:
    root = here / "til"
    root.mkdir()
    (root / "\u202eevil \u009b.md").write_text("[x](\u202egone.md)\n")
    (root / "bad\x1b[31m.md").write_text("text")
    for arguments in (["import", "til"], ["import", "--json", "til"], ["import", "-n", "til"]):
        said = kb(*arguments, terminal=False)
        assert not {"\x1b", "\u202e", "\x9b"} & set(said.out + said.err)
