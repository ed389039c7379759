"""The bench of speed runs, makes the same notes each time, and calls no failure a figure."""

from __future__ import annotations

import json
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from benchmarks.speed import commands, programs
from benchmarks.speed.__main__ import main
from benchmarks.speed.chart import chart
from benchmarks.speed.corpus import entries
from benchmarks.speed.timing import Command, peak, run


def test_it_measures_every_command_and_says_what_it_left_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "benchmarks.speed.__main__.commands.lacking", lambda: {"qmd": "no qmd", "whoosh": "no whoosh"}
    )
    monkeypatch.setattr("benchmarks.speed.__main__.commands.of_peers", lambda _: {})
    report, pictures = tmp_path / "report.json", tmp_path / "pictures"
    arguments = ["--sizes", "9", "--runs", "1", "--peers", "--json", str(report), "--charts", str(pictures)]
    assert main([*arguments, "--cache", str(tmp_path / "cache")]) == 0
    said = capsys.readouterr().out
    assert "qmd is left out: no qmd" in said
    found = json.loads(report.read_text())["9"]
    for name in (commands.SEARCH, commands.BARE, "kb show 7", 'kb add "text"'):
        assert found[name]["least"] > 0
        assert found[name]["peak"] > 1_000_000
        assert name in said
    assert found[commands.BARE]["ratio"] == 1.0
    assert found["one changed, kb"]["least"] > 0
    assert ET.parse(pictures / "speed.svg").getroot().tag.endswith("svg")


def test_the_notes_are_the_same_each_time_and_about_a_kilobyte() -> None:
    first, again = list(entries(30)), list(entries(30))
    assert first == again
    assert 600 < sum(len(entry.body) for entry in first) / 30 < 1_400
    assert len({word for entry in first for word in entry.body.split()}) > 1_000


def test_a_command_that_fails_is_no_figure(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="ended with 3"):
        run(Command([sys.executable, "-c", "raise SystemExit(3)"], tmp_path), environment={})
    assert (
        run(Command([sys.executable, "-c", "raise SystemExit(3)"], tmp_path, expected=(3,)), environment={})
        > 0
    )


def test_memory_is_that_of_the_command_and_not_of_who_runs_it(tmp_path: Path) -> None:
    ballast = bytearray(200_000_000)
    small = Command([sys.executable, "-S", "-c", "pass"], tmp_path)
    large = Command([sys.executable, "-S", "-c", "bytearray(b'x') * 100_000_000"], tmp_path)
    assert peak(small, environment={}) < 60_000_000
    assert peak(large, environment={}) > 100_000_000
    assert ballast is not None


def test_a_picture_escapes_its_names_and_bears_one_point() -> None:
    picture = ET.fromstring(chart("a < b", "ms", {"x & y": [(20, 1.5)], "z": [(20, 3.0), (1800, 4.0)]}))
    assert any("x & y" in (text.text or "") for text in picture.iter("{http://www.w3.org/2000/svg}text"))


def test_other_programs_are_given_the_notes_once(tmp_path: Path) -> None:
    (tmp_path / "notes.jsonl").write_text('[1, "Git commit", "About it.\\n"]\n[2, "Else", "No.\\n"]\n')
    for name in ("papis", "jrnl"):
        programs.prepare(name, tmp_path, environment={"HOME": str(tmp_path)})
        assert (tmp_path / f"{name}.prepared").exists()
    assert json.loads((tmp_path / "papis" / "000001" / "info.yaml").read_text())["title"] == "Git commit"
    journal = tmp_path / "journal.txt"
    assert "[2020-01-01 00:01] Git commit\nAbout it.\n" in journal.read_text()
    assert str(journal) in (tmp_path / "jrnl.yaml").read_text()
    journal.write_text("by hand")
    programs.prepare("jrnl", tmp_path, environment={"HOME": str(tmp_path)})
    assert journal.read_text() == "by hand"
    assert {"qmd", "papis", "jrnl"} == programs.searches(tmp_path).keys()
