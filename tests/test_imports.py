"""What keeps a search instant: the libraries that it does not load."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = (
    "yaml",
    "markdown_it",
    "pydantic",
    "pygments",
    "rich.markdown",
    "rich.table",
    "rich.progress",
    "whoosh.qparser",
    "kbnotes.kb.exporting",
    "kbnotes.kb.records",
)
SCRIPT = """
import json, sys
from kbnotes.cli import run
code = run(sys.argv[2:])
with open(sys.argv[1], "w") as file:
    json.dump([code, sorted(sys.modules)], file)
"""


def _loaded(report: Path, *arguments: str) -> tuple[int, set[str]]:
    """Run kb in a process of its own; return its exit code and the modules that it had loaded at its end."""
    command = [sys.executable, "-c", SCRIPT, str(report), *arguments]
    subprocess.run(command, capture_output=True, check=True, timeout=60)
    code, modules = json.loads(report.read_text())
    return code, set(modules)


@pytest.fixture
def report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file for the modules, beside a base that is built and indexed."""
    base = tmp_path / "base"
    monkeypatch.setenv("KB_BASE", str(base))
    report = tmp_path / "modules.json"
    _loaded(report, "init")
    for text, tag in (("Rye bread wants a hot oven.", "bread"), ("Oats soak overnight.", "breakfast")):
        _, modules = _loaded(report, "add", text, "-t", tag)
        assert {"yaml", "markdown_it"} <= modules, "the names that the tests below look for have changed"
    _loaded(report, "list")
    return report


def test_a_search_and_a_list_load_no_heavy_library_when_nothing_has_changed(report: Path) -> None:
    for arguments, expected in (
        (["search", "oven"], 0),
        (["search", "oven", "--json"], 0),
        (["search", "zeppelin"], 1),
        (["search", "zeppelin", "--json"], 1),
        (["list", "--tag", "bread"], 0),
        (["list", "--tag", "bread", "--json"], 0),
        (["list", "--tag", "missing"], 0),
        (["search", "oven", "--facets", "--explain", "--sort", "updated"], 0),
        (["list", "oven"], 0),
    ):
        code, modules = _loaded(report, *arguments)
        assert code == expected
        assert not modules.intersection(HEAVY), arguments
        assert "rich" not in modules or "--json" not in arguments


def test_a_plain_search_loads_next_to_nothing(report: Path) -> None:
    lean = (
        "typer",
        "rich",
        "dataclasses",
        "hashlib",
        "string",
        "inspect",
        "subprocess",
        "shutil",
        "tempfile",
        "tomllib",
        "whoosh.index",
    )
    for arguments in (["search", "oven"], ["list", "--tag", "bread"], ["search", "oven", "-t", "bread"]):
        code, modules = _loaded(report, *arguments)
        assert code == 0
        assert not modules.intersection(HEAVY + lean), arguments
