"""The measurement of suggested tags, on notes whose folders show in their words."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks.quality.collection import Document
from benchmarks.tags.__main__ import main
from benchmarks.tags.folders import folder_of, folds, in_folders

WORDS = {
    "bread": "sourdough flour oven loaf crust rye yeast dough".split(),
    "sea boats": "rudder dinghy mast gust mainsail reef beach wind".split(),
}


@pytest.fixture
def collection(tmp_path: Path) -> Path:
    """Twenty notes in two folders, one in none, and one without a text."""
    rows = [
        {
            "id": f"{folder}/{at}.md",
            "title": "",
            "body": " ".join([*words[at % 8 :], *words[: at % 5], f"{at}"]),
        }
        for folder, words in WORDS.items()
        for at in range(10)
    ]
    rows += [
        {"id": "loose.md", "title": "", "body": "loose"},
        {"id": "bread/empty.md", "title": "", "body": " "},
    ]
    directory = tmp_path / "notes"
    directory.mkdir()
    (directory / "corpus.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    (directory / "queries.jsonl").write_text("")
    (directory / "qrels.tsv").write_text("")
    return directory


def test_the_folder_is_found_and_the_figures_are_printed(
    collection: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(collection), "--set", "voters=1", "--set", "LEAST=99"]) == 0
    out = capsys.readouterr().out
    assert "notes: 20 notes, 5 folds" in out
    rows = {line[:18].strip(): line[18:].split() for line in out.splitlines() if line[18:].strip()}
    assert rows["as it is"][:2] == ["1.000", "1.000"]
    assert rows["LEAST 99"][:3] == ["0.000", "0.000", "0.00"]
    assert rows["cross-validated"] == ["1.000"]


def test_notes_without_a_folder_or_a_text_are_left_out() -> None:
    notes = [
        Document(id=name, title="", body=body) for name, body in (("a/b/c", "x"), ("d", "x"), ("e/f", " "))
    ]
    assert [folder_of(note) for note in in_folders(notes, most=None)] == ["a/b"]


def test_no_entry_knows_its_own_folder(collection: Path, tmp_path: Path) -> None:
    notes = [
        Document(id=f"{folder}/{at}", title="", body=f"{folder} {at}")
        for folder in ("x", "y")
        for at in range(5)
    ]
    for fold in folds(notes, tmp_path / "bases", count=2, topics=None):
        entries = fold.base.list().entries
        untagged = [entry for entry in entries if not entry.tags]
        assert [entry.title for entry in untagged] == [note.body for note in fold.asked]
        assert len(entries) == len(notes)


def test_too_few_notes_are_nothing_to_measure(collection: Path) -> None:
    assert main([str(collection), "--entries", "3"]) == 1
    assert main([str(collection / "nowhere")]) == 1
