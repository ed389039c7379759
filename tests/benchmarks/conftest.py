"""A collection of six documents, small enough to judge by hand."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

DOCUMENTS = {
    "ships/air ship.md": ("Zeppelin", "A rigid hull filled with hydrogen."),
    "ships/submarine.md": ("", "Nautilus is driven below the surface.\n\nIts batteries last an hour."),
    "3": ("Steam engine", "Boiler, piston and a flywheel."),
    "4": ("Glossary of steam", ""),
    "5": ("", "   "),
    "6": ("Bicycle", "Two wheels, one chain."),
}
QUERIES = {"one/1": "zeppelin", "two 2": "nautilus", "3": "qqxxjjvv", "4": "bicycle"}
QRELS = """\
one/1\tships/air ship.md\t1
two 2\tships/submarine.md\t2
two 2\t3\t0
3\t6\t1
"""

Make = Callable[[str], Path]


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """Makes the collection in a directory of a name."""

    def made(name: str) -> Path:
        directory = tmp_path / name
        directory.mkdir()
        corpus = [{"id": key, "title": title, "body": body} for key, (title, body) in DOCUMENTS.items()]
        _write(directory / "corpus.jsonl", corpus)
        queries = [{"id": key, "text": text, "op": "passed over"} for key, text in QUERIES.items()]
        _write(directory / "queries.jsonl", queries)
        (directory / "qrels.tsv").write_text(QRELS, "utf-8")
        return directory

    return made


@pytest.fixture
def six(make: Make) -> Path:
    """The directory of the collection."""
    return make("six")


def _write(path: Path, rows: Iterable[dict[str, str]]) -> None:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
