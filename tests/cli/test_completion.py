"""What TAB offers, as the shells ask for it: through the environment, in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from kbnotes.kb import KnowledgeBase, create_base

Complete = Callable[..., str]


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A directory with a base of twelve entries."""
    create_base(tmp_path / "base")
    base = KnowledgeBase(tmp_path / "base", cache=tmp_path / "cache" / "kb")
    for number in range(1, 13):
        base.add(f"Note {number} of bread", tags=["bread", "breakfast"] if number == 3 else ["oven"])
    base.save_search("baking", "tag:oven")
    return tmp_path


@pytest.fixture
def complete(place: Path) -> Complete:
    """Ask as a shell does for what may follow a line; returns what it is told."""

    def ask(line: str, *, shell: str = "bash", program: tuple[str, ...] = ("-m", "kbnotes")) -> str:
        asked = {"COMP_WORDS": line, "COMP_CWORD": str(line.count(" "))} if shell == "bash" else {}
        if shell != "bash":
            asked = {"_TYPER_COMPLETE_ARGS": line, "_TYPER_COMPLETE_FISH_ACTION": "get-args"}
        done = subprocess.run(
            [sys.executable, *program],
            env={
                "PATH": os.environ["PATH"],
                "HOME": str(place),
                "KB_BASE": str(place / "base"),
                "XDG_CACHE_HOME": str(place / "cache"),
                "PYTHONPATH": os.pathsep.join(sys.path),
                "_KB_COMPLETE": f"complete_{shell}",
                **asked,
            },
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        assert done.stderr == ""
        return done.stdout

    return ask


@pytest.mark.parametrize("command", ["show", "edit", "rm", "related", "diff", "log", "tag add", "show 3"])
def test_an_id_is_completed_by_the_ids_that_begin_so(complete: Complete, command: str) -> None:
    assert complete(f"kb {command} 1").split() == ["1", "10", "11", "12"]
    assert complete(f"kb {command} 12").split() == ["12"]
    assert complete(f"kb {command} 7000").split() == []


def test_titles_are_told_beside_ids(complete: Complete) -> None:
    assert complete("kb show 12", shell="fish") == "12\tNote 12 of bread\n"
    assert '"12":"Note 12 of bread"' in complete("kb show 12", shell="zsh")


def test_a_number_of_ids_is_offered_and_no_more(
    complete: Complete, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    base = KnowledgeBase(place / "base", cache=place / "cache" / "kb")
    found = base.ids_beginning("1", limit=3)
    assert [summary.id for summary in found] == [1, 10, 11]
    (place / "base" / "entries" / "0010-note-10-of-bread.yaml").write_text("{")
    assert [summary.id for summary in base.ids_beginning("1", limit=3)] == [1, 11, 12]


@pytest.mark.parametrize(
    "line", ["kb search -t br", "kb list --tag br", "kb add x -t br", "kb tag rename br"]
)
def test_tags_are_completed(complete: Complete, line: str) -> None:
    assert set(complete(line).split()) == {"bread", "breakfast"}


@pytest.mark.parametrize(("line", "offered"), [("kb search @b", "@baking"), ("kb search @ b", "baking")])
def test_saved_searches_are_completed_though_bash_parts_them_from_their_mark(
    complete: Complete, line: str, offered: str
) -> None:
    assert complete(line).split() == [offered]
    assert complete(line.replace("search", "list")).split() == [offered]
    assert complete("kb search b").split() == []


def test_no_title_is_a_command_of_the_shell(complete: Complete, place: Path) -> None:
    base = KnowledgeBase(place / "base", cache=place / "cache" / "kb")
    base.add("13\n", title="\\`touch x` \"$(touch x)\" 'touch' \x1b]0;x\x07")
    told = complete("kb show 13", shell="zsh")
    inside = told.partition('"13":"')[2].rpartition('"))')[0]
    assert "touch x" in inside
    assert not set(inside) & set("`$\"'\x1b\x07")


def test_where_there_is_no_base_nothing_is_offered_and_none_is_made(complete: Complete, place: Path) -> None:
    (place / "base").rename(place / "away")
    assert complete("kb show 1").strip() == ""
    assert complete(f"kb --base {place / 'away'} show 12").split() == ["12"]
    (place / "away" / "searches.yaml").write_text("{")
    assert complete(f"kb --base {place / 'away'} search @b").split() == []
    assert not (place / "base").exists()


def test_an_id_is_completed_without_reading_yaml(complete: Complete, place: Path) -> None:
    complete("kb show 1")
    report = place / "modules.json"
    script = f"""
import json, sys
from kbnotes.cli import run
try:
    run([])
finally:
    with open({str(report)!r}, "w") as file:
        json.dump(sorted(sys.modules), file)
"""
    assert complete("kb show 12", program=("-c", script)).split() == ["12"]
    loaded = set(json.loads(report.read_text()))
    assert "typer" in loaded
    assert not loaded & {"yaml", "markdown_it", "rich.markdown", "whoosh.index"}
