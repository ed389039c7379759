"""`kb export` and `kb import` of records, from the shell."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from kbnotes.kb import KnowledgeBase, create_base
from tests.cli.console import PROGRAM, kb, one_sentence, process
from tests.conftest import SEED

pytestmark = pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning")


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A directory to work in, beside a base with the twenty notes."""
    create_base(tmp_path / "base")
    KnowledgeBase(tmp_path / "base", cache=tmp_path / "cache").import_file(SEED)
    monkeypatch.setenv("KB_BASE", str(tmp_path / "base"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_pipe_gets_the_bytes_whatever_the_locale(place: Path) -> None:
    kb("add", "Größe 漢字 \u202e 😀")
    said = process("export", "-f", "jsonl", "id:21", environment={"LC_ALL": "C", "PYTHONUTF8": "0"})
    assert json.loads(said.out)["body"] == "Größe 漢字 \u202e 😀\n"
    assert process("export").out.encode().startswith(SEED.read_bytes().rstrip())
    assert process("export", "--to", "-", "id:1..20").out.encode() == SEED.read_bytes()


def test_a_terminal_is_shown_nothing_that_it_would_act_on(place: Path) -> None:
    kb("add", "Red \x1b[31m and \x9b2J.")
    for form in ("numbered", "json", "csv", "html"):
        said = kb("export", "Red", "-f", form, terminal=True)
        assert "Red" in said.out
        assert not set(said.out) & {"\x1b", "\x9b"}


@pytest.mark.parametrize(
    ("name", "begins"),
    [
        ("a.md", "1. "),
        ("a.MARKDOWN", "1. "),
        ("a.json", '{"format": "kb"'),
        ("a.jsonl", '{"id": 1'),
        ("a.csv", "id,title"),
        ("a.html", "<!doctype html>"),
        ("a.htm", "<!doctype html>"),
    ],
)
def test_the_name_of_a_file_says_the_form(place: Path, name: str, begins: str) -> None:
    said = kb("export", "--to", name)
    assert (said.code, said.out) == (0, "")
    assert (place / name).read_text("utf-8").startswith(begins)
    assert (place / name).stat().st_mode & 0o777 == 0o600
    assert "Exported 20 entries" in said.err


def test_a_directory_that_is_there_gets_a_file_an_entry(place: Path) -> None:
    (place / "out").mkdir()
    assert kb("export", "--to", "out").code == 0
    assert len(list((place / "out").glob("*.md"))) == 20


def test_files_that_were_left_are_told_and_the_exit_code_is_2(place: Path) -> None:
    for number in range(1, 8):
        (place / f"{number}").mkdir()
    kb("export", "--to", "out/")
    for file in (place / "out").glob("*.md"):
        file.write_text("Mine.")
    said = kb("export", "--to", "out/")
    assert said.code == 2
    assert said.err.count("is there already with another content, so it was left.") == 5
    assert "15 more files were left." in said.err
    assert "--overwrite" in said.err
    kb("edit", "18", "--title", "Other")
    said = kb("export", "id:18", "--to", "out/", "--overwrite")
    assert "20 files of an earlier export" in said.err


def test_a_file_that_cannot_be_read_is_missed_in_the_export(place: Path) -> None:
    (place / "base" / "entries" / "0003-onnx.yaml").write_text("broken: [")
    said = kb("export", "--to", "a.json")
    assert said.code == 2
    assert "1 file that cannot be read is not in the export." in said.err
    assert len(json.loads((place / "a.json").read_text())["entries"]) == 19


def test_topics_that_cannot_be_read_are_missed_in_no_export(place: Path) -> None:
    (place / "base" / "topics.yaml").write_text("broken: [")
    said = kb("export", "--to", "a.html")
    assert said.code == 0
    assert "not in the export" not in said.err
    assert said.err.count("opics.yaml, line") == 1


def test_an_export_needs_neither_a_search_index_nor_the_network(place: Path) -> None:
    code = (
        "import socket, sys\n"
        "def no(*_, **__): raise AssertionError('network')\n"
        "socket.socket.connect = no\n"
        "from kbnotes.cli import run\nsys.exit(run(sys.argv[1:]))"
    )
    import subprocess

    command = [sys.executable, "-c", code, "export", "--to", "a.html"]
    assert subprocess.run(command, check=False, capture_output=True).returncode == 0
    assert PROGRAM


def test_a_base_goes_out_and_comes_in_again_elsewhere(place: Path) -> None:
    kb("export", "--to", "a.json")
    kb("init", "other")
    assert kb("--base", "other", "import", "a.json").code == 0
    for path in (place / "base" / "entries").iterdir():
        assert (place / "other" / "entries" / path.name).read_bytes() == path.read_bytes()
    said = kb("--base", "other", "import", "--json", "a.json")
    assert said.json["files"][0]["unchanged"] == list(range(1, 21))
    assert said.code == 0


def test_a_hundred_bad_records_are_counted_and_twenty_are_named(place: Path) -> None:
    (place / "bad.jsonl").write_text("x\n" * 100)
    said = kb("import", "bad.jsonl")
    assert said.code == 2
    assert said.err.count("is not JSON") == 20
    assert "80 more were not imported." in said.err


def test_a_file_that_is_no_json_is_one_sentence(place: Path) -> None:
    (place / "bad.json").write_text("[" * 100_000)
    assert one_sentence(kb("import", "bad.json"), code=2) == "bad.json, line 1: nested too deeply."
