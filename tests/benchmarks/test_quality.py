"""A whole run over the small collection."""

from __future__ import annotations

import json
import time
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from benchmarks.quality import measuring, ours, peers
from benchmarks.quality.__main__ import main
from benchmarks.quality.collection import read
from benchmarks.quality.peers import PEERS
from benchmarks.quality.report import lines, p95_ratio


def _rows(directory: Path, *rankers: str) -> dict[str, Any]:
    """Return the rows of a run with some rankers, by ranker."""
    file = directory.parent / "figures.json"
    named = [part for ranker in rankers for part in ("--ranker", ranker)]
    assert main([str(directory), *named, "--json", str(file)]) == 0
    return {row["ranker"]: row for row in json.loads(file.read_text("utf-8"))["rows"]}


def test_kb_is_measured_through_its_search(six: Path) -> None:
    row = _rows(six, "kb-words")["kb-words"]
    # Two queries name the title or a word of the one relevant entry; the third stands in no entry.
    assert row["ndcg"] == row["mrr"] == row["recall"] == pytest.approx(2 / 3)
    assert row["queries"] == 3
    assert 0 < row["p50_ms"] <= row["p95_ms"]
    assert row["index_bytes"] > row["text_bytes"] > 0


@pytest.mark.parametrize("name", [kind.name for kind in PEERS])
def test_every_peer_finds_what_can_be_found(six: Path, name: str) -> None:
    (kind,) = (kind for kind in PEERS if kind.name == name)
    if why := kind.lacks():
        pytest.skip(why)
    row = _rows(six, name)[name]
    assert row["ndcg"] == row["mrr"] == row["recall"] == pytest.approx(2 / 3)
    assert row["index_bytes"] > 0


@pytest.mark.parametrize("name", [kind.name for kind in PEERS])
@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("", set()),
        ('?! (" *', set()),
        ('steam AND (NOT "', {"3", "4"}),
        ("NOT steam*", {"3", "4"}),
        ("title:steam OR [", {"3", "4"}),
        ("steam-engine", {"3", "4"}),
    ],
)
def test_no_query_is_syntax_to_a_peer(
    six: Path, tmp_path: Path, name: str, text: str, wanted: set[str]
) -> None:
    (kind,) = (kind for kind in PEERS if kind.name == name)
    if why := kind.lacks():
        pytest.skip(why)
    place = tmp_path / "peer"
    place.mkdir()
    assert set(kind.make(read(six), place).ask(text, 100)) == wanted


def test_peers_that_are_not_installed_are_skipped_and_said(
    six: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(peers, "find_spec", lambda name: find_spec(name) if name == "whoosh" else None)
    file = six.parent / "figures.json"
    code = main([str(six), "--ranker", "bm25s", "--ranker", "whoosh", "--json", str(file)])
    out = capsys.readouterr().out
    assert code == 0
    assert "bm25s is skipped: bm25s and Stemmer not installed" in out
    assert json.loads(file.read_text("utf-8"))["skipped"].keys() == {"bm25s"}
    assert main([str(six), "--ranker", "tantivy"]) == 1


def test_meaning_is_skipped_without_what_it_needs(
    six: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ours, "find_spec", lambda name: None)
    assert main([str(six), "--ranker", "kb-meaning"]) == 1
    assert "kb-meaning is skipped: kbnotes[semantic] not installed" in capsys.readouterr().out


def test_queries_without_judgments_are_said(six: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main([str(six), "--ranker", "whoosh"])
    assert "six: 1 queries left out" in capsys.readouterr().out


def test_a_bad_collection_is_said_and_measured_by_nothing(
    six: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (six / "qrels.tsv").unlink()
    assert main([str(six)]) == 1
    assert "qrels.tsv" in capsys.readouterr().err


def test_a_kept_base_serves_until_its_documents_change(six: Path, tmp_path: Path) -> None:
    cache = tmp_path / "kept"
    call = [str(six), "--ranker", "kb-words", "--cache", str(cache)]
    main(call)
    (topics,) = cache.glob("six-*/base/topics.yaml")
    made = topics.stat().st_mtime_ns
    main(call)
    assert [path.stat().st_mtime_ns for path in cache.glob("six-*/base/topics.yaml")] == [made]
    with (six / "corpus.jsonl").open("a", encoding="utf-8") as corpus:
        corpus.write('{"id": "7", "title": "Raft", "body": "Logs."}\n')
    main(call)
    assert len(list(cache.glob("six-*"))) == 2


def test_entries_are_those_that_kb_add_makes(six: Path) -> None:
    made = {entry.id: entry for entry in ours.entries(read(six))}
    titles = {number: entry.title for number, entry in made.items()}
    assert titles[1] == "Zeppelin"
    assert titles[2] == "Nautilus is driven below the surface"
    assert titles[4] == "Glossary of steam"
    assert made[4].body == "Glossary of steam\n"
    assert 5 not in made  # nothing to add


def test_the_ratio_is_that_of_kb_to_stock_whoosh(six: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "perf_counter", iter(range(1_000)).__next__)
    kinds = [kind for kind in (*ours.OURS, *PEERS) if kind.name in ("kb", "whoosh")]
    rows = measuring.measure(read(six), kinds=kinds, place=six.parent / "place")
    assert p95_ratio(rows) is not None
    assert p95_ratio(rows[:1]) is None
    assert any(line.startswith("p95 of kb / p95 of whoosh: ") for line in lines(rows))
