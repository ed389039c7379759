"""The edges of a command line: pipes, signals, directories and bytes that are not as they should be."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from kbnotes import errors
from kbnotes.cli import run
from kbnotes.kb import Asking
from kbnotes.render import progress
from tests.cli.console import PROGRAM, Stream, kb, one_sentence, process

pytestmark = pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--nope"], "No such option: --nope"),
        (["search", "-O3"], "No such option: -O"),
        (["frobnicate"], "No such command 'frobnicate'."),
        (["show", "99"], "There is no entry 99."),
        (["show"], "Missing argument 'ID...'."),
        (["restore", "99"], "Not in the trash: 99."),
        (["add", "--resume"], "There is no draft to take up."),
    ],
)
def test_a_request_that_cannot_be_read_is_one_sentence_a_hint_and_exit_code_2(
    bread: Path, arguments: list[str], sentence: str
) -> None:
    said = kb(*arguments)
    assert one_sentence(said, code=2) == sentence
    assert said.out == ""


def test_words_that_begin_with_a_dash_are_found_behind_two(bread: Path) -> None:
    kb("add", "Build it with -O3.")
    assert "Build it" in kb("search", "--", "-O3").out


def test_kb_alone_shows_its_help_and_no_error(here: Path) -> None:
    said = kb()
    assert "Usage: kb" in said.out
    assert said.err == ""


def test_an_ambiguous_title_lists_the_candidates_and_changes_nothing(bread: Path) -> None:
    kb("add", "--title", "Rye crisps", "thin")
    said = kb("rm", "rye")
    one_sentence(said, code=2)
    assert "  2  Rye bread\n  4  Rye crisps\n" in said.err
    assert "by its id" in said.err
    assert len(kb("list").out.splitlines()) == 4


@pytest.mark.parametrize("command", [["list"], ["list", "--json"], ["show", "--raw", "1"]])
def test_a_reader_that_goes_away_ends_kb_quietly_and_not_as_nothing_found(
    bread: Path, command: list[str]
) -> None:
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run([*PROGRAM, *command], stdout=write, stderr=subprocess.PIPE, check=False)
    os.close(write)
    assert (done.returncode, done.stderr) == (141, b"")


def test_a_closed_stdout_or_stderr_is_no_defect(bread: Path) -> None:
    for closing in (">&-", "2>&-"):
        command = f'"{sys.executable}" -m kbnotes list {closing}'
        done = subprocess.run(["sh", "-c", command], capture_output=True, check=False)
        assert (done.returncode, done.stderr) == (0, b"")


def test_a_base_that_is_none_is_named_with_who_named_it(here: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    assert "--base names" in one_sentence(kb("--base", str(elsewhere), "list"), code=3)
    said = process("list", environment={"KB_BASE": str(elsewhere)})
    assert "KB_BASE names" in one_sentence(said, code=3)
    assert not elsewhere.exists()


def test_kb_base_leads_to_a_base_from_anywhere(bread: Path, tmp_path: Path) -> None:
    said = process("search", "sourdough", environment={"KB_BASE": str(bread)}, directory=tmp_path)
    assert said.code == 0
    assert "Sourdough" in said.out


def test_the_base_of_a_directory_above_is_found(bread: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    below = bread / "a" / "b"
    below.mkdir(parents=True)
    monkeypatch.chdir(below)
    assert kb("list").out.count("\n") == 3


def _in_a_deleted_directory(directory: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    gone = directory / "gone"
    gone.mkdir()
    script = f'cd "{gone}" && rmdir "{gone}" && exec "$@"'
    command = ["sh", "-c", script, "sh", *PROGRAM, *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_in_a_deleted_directory_a_base_named_in_full_can_still_be_used(bread: Path, tmp_path: Path) -> None:
    done = _in_a_deleted_directory(tmp_path, "list")
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr.startswith("kb: The working directory is gone.\nhint: ")
    done = _in_a_deleted_directory(tmp_path, "--base", str(bread), "list")
    assert (done.returncode, done.stderr) == (0, "")
    assert "Sourdough" in done.stdout


def test_without_a_home_directory_kb_says_so(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_home() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.delenv("HOME")
    monkeypatch.setattr(Path, "home", no_home)
    assert one_sentence(kb("list"), code=3) == "You have no home directory."


def test_bytes_that_are_not_utf_8_are_shown_as_escapes_and_stored_as_replacements(bread: Path) -> None:
    said = process("search", b"zeppe\xfflin\xfe")
    assert said.code == 1
    assert "\\udcff" in said.err
    one_sentence(process("show", b"\xff"), code=2)
    one_sentence(process("import", b"\xff.md"), code=2)
    one_sentence(process("--base", b"\xff", "list"), code=3)
    one_sentence(process("add", "x", "-t", b"d\xe9ssert"), code=2)
    one_sentence(process("tag", "add", "1", b"caf\xe9"), code=2)
    assert process("list", "--tag", b"caf\xe9").code in (0, 1)
    assert process("search", b"tag:caf\xe9").code == 1
    said = process("add", b"cr\xe8me", "--title", b"caf\xe9")
    assert (said.code, said.out) == (0, "added  4  caf\ufffd\n")
    assert process("show", "--raw", "4").out == "cr\ufffdme\n"


def test_an_output_in_ascii_gets_escapes_and_no_error(bread: Path) -> None:
    kb("add", "--title", "日本語", "x")
    said = process("list", environment={"PYTHONIOENCODING": "ascii"})
    assert said.code == 0
    assert "\\u65e5\\u672c\\u8a9e" in said.out


def test_every_exit_code_that_an_error_carries_is_documented() -> None:
    page = Path(__file__).parents[2] / "docs" / "reference" / "exit-codes.md"
    documented = re.findall(r"^\| (\d+) \| `(\w+)` \|", page.read_text(encoding="utf-8"), re.MULTILINE)
    classes = [each for each in vars(errors).values() if isinstance(each, type)]
    carried = {(str(each.exit_code), each.kind) for each in classes if issubclass(each, errors.KbError)}
    carried.remove((str(errors.KbError.exit_code), errors.KbError.kind))
    assert carried <= set(documented)


def test_a_defect_is_one_sentence_and_a_traceback_only_with_debug(
    bread: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("for the test")

    monkeypatch.setattr("kbnotes.kb.asking.Asking.list", broken)
    assert "ZeroDivisionError" in one_sentence(kb("list"), code=70)
    assert "Traceback" in kb("--debug", "list").err


def test_ctrl_c_is_one_word_and_exit_code_130(bread: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("kbnotes.kb.asking.Asking.search", interrupted)
    out, err = Stream(), Stream()
    monkeypatch.setattr(sys, "stdout", out)
    monkeypatch.setattr(sys, "stderr", err)
    assert run(["search", "x"]) == 130
    assert err.text == "kb: interrupted.\n"


@pytest.mark.parametrize("line", [("search", "bread"), ("search", "bread", "-n", "3")])
def test_ctrl_c_takes_a_progress_bar_off_the_screen(
    bread: Path, line: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(self: Asking, *_: object, **__: object) -> None:
        assert self._index.on_progress
        self._index.on_progress(1, 5)
        raise KeyboardInterrupt

    assert bread.is_dir()
    monkeypatch.setattr(progress, "PATIENCE", -1.0)
    monkeypatch.setattr("kbnotes.kb.asking.Asking.search", interrupted)
    said = kb(*line, terminal=True)
    assert said.code == 130
    assert said.err.rfind("\x1b[?25h") > said.err.rfind("\x1b[?25l") >= 0, "the cursor stays hidden"
    assert "kb: interrupted." in said.err[said.err.rfind("\x1b[?25h") :]
