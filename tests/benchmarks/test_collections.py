"""Collections are read as they are, or it is said where they are not."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.quality.collection import read, read_all
from tests.benchmarks.conftest import DOCUMENTS, Make


def test_ids_with_slashes_and_blanks_survive(six: Path) -> None:
    collection = read(six)
    assert [each.id for each in collection.documents] == list(DOCUMENTS)
    assert collection.qrels["one/1"] == {"ships/air ship.md": 1}


def test_queries_to_which_nothing_is_relevant_are_left_out_and_counted(six: Path) -> None:
    collection = read(six)
    assert [each.id for each in collection.queries] == ["one/1", "two 2", "3"]
    assert collection.unjudged == 1


def test_the_first_queries_can_do(six: Path) -> None:
    collection = read(six, limit=2)
    assert [each.id for each in collection.queries] == list(collection.qrels) == ["one/1", "two 2"]


def test_a_line_separator_within_a_text_ends_no_line(six: Path) -> None:
    (six / "corpus.jsonl").write_text('{"id": "1", "title": "", "body": "a\u2028b"}\r\n\n', "utf-8")
    (document,) = read(six).documents
    assert document.body == "a\u2028b"


@pytest.mark.parametrize(
    ("file", "content", "said"),
    [
        ("qrels.tsv", "1 2 3\n", "line 1: not query, document and grade"),
        ("qrels.tsv", "1\t2\t1\n1\t2\tgood\n", "line 2: not query, document and grade"),
        ("corpus.jsonl", '{"id": "1", "title": ""}\n', "line 1: no body"),
        ("corpus.jsonl", '{"id": "1", "title": "", "body": ""}\n' * 2, "the same id"),
        ("queries.jsonl", "[]\n", "line 1: not an object"),
        ("queries.jsonl", "{\n", "line 1: "),
    ],
)
def test_what_cannot_be_read_is_named(six: Path, file: str, content: str, said: str) -> None:
    (six / file).write_text(content, "utf-8")
    with pytest.raises(ValueError, match=f"{file}.*{said}"):
        read(six)


def test_two_collections_of_one_name_are_refused(make: Make, six: Path) -> None:
    (six.parent / "elsewhere").mkdir()
    other = make("elsewhere/six")
    with pytest.raises(ValueError, match="two collections are called six"):
        read_all([six, other])
