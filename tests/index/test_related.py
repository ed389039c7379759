"""Entries like an entry, and acronyms that the notes themselves explain."""

from __future__ import annotations

from pathlib import Path

import pytest

from kbnotes.index.acronyms import acronyms_in
from kbnotes.kb import KnowledgeBase
from tests.index.asking import base_of, found


def test_the_likest_entries_of_the_seed_notes_share_its_subject(notes: KnowledgeBase) -> None:
    like = [each.summary.id for each in notes.related("14", limit=3)]
    assert {15, 16} <= set(like)
    assert 14 not in like
    assert all(each.reasons for each in notes.related("14"))


def test_a_shared_link_is_a_reason(tmp_path: Path) -> None:
    base = base_of(
        tmp_path,
        "zebra stripes, see [this](https://example.org/zebra)",
        "zebra herds, see [that](https://example.org/zebra)",
        "zebra food of the savanna",
        "nothing of it, see [another](http://[not-an-address)",
    )
    first = base.related("1")[0]
    assert first.summary.id == 2
    assert "link example.org/zebra" in first.reasons


def test_an_entry_like_no_other_has_none(tmp_path: Path) -> None:
    assert base_of(tmp_path, "zebra", "lion").related("1") == ()


@pytest.mark.parametrize(
    ("text", "known"),
    [
        ("the TAgged GEometric length predictor (TAGE) is", "tage>tagged geometric length predictor"),
        ("RDMA (Remote Direct Memory Access) between", "rdma>remote direct memory access"),
        ("a write-ahead log (WAL) first", "wal>write ahead log"),
    ],
)
def test_an_explained_acronym_is_learned(text: str, known: str) -> None:
    assert known in set(acronyms_in(text))


def test_brackets_that_explain_nothing_teach_nothing() -> None:
    text = "it ran (again) in Berlin (2019), see the note (as said) and f(x)"
    assert not [each for each in acronyms_in(text) if not each.endswith(">")]


def test_an_acronym_finds_what_it_stands_for_and_the_other_way_round(tmp_path: Path) -> None:
    base = base_of(
        tmp_path,
        "The write-ahead log (WAL) comes first.",
        "A write ahead log makes it durable.",
        "The WAL is synced.",
        "Something else.",
    )
    assert set(found(base, "WAL")) == {1, 2, 3}
    assert set(found(base, "write ahead log")) >= {1, 2, 3}
    assert found(base, "write ahead log")[0] in {1, 2}


def test_capitals_are_found_by_the_words_they_are_the_initials_of(notes: KnowledgeBase) -> None:
    assert found(notes, "key-value cache")[:1] == [18]
