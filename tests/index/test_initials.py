"""An acronym finds the words it stands for, where the notes hold nothing but the words."""

from __future__ import annotations

from pathlib import Path

import pytest

from kbnotes.kb import KnowledgeBase
from tests.index.asking import base_of, exactly, found


@pytest.mark.parametrize(("acronym", "entry"), [("MCM", 15), ("mcm", 15), ("QKV", 8), ("RLHF", 9)])
def test_an_acronym_finds_a_title_or_link_of_the_seed_notes(
    seeded: KnowledgeBase, acronym: str, entry: int
) -> None:
    assert found(seeded, acronym)[0] == entry
    assert entry in exactly(seeded, acronym)


def test_an_acronym_finds_a_name_in_the_running_text(tmp_path: Path) -> None:
    base = base_of(tmp_path, "We met the Internet Engineering Task Force today.", "An if elsewhere.")
    assert exactly(base, "IETF") == [1]


def test_two_letters_and_words_without_capitals_are_no_acronym(tmp_path: Path) -> None:
    base = base_of(tmp_path, "Some rather ordinary words, and a *prompt size* too.")
    assert found(base, "row") == []
    assert found(base, "ps") == []


def test_the_acronym_itself_counts_more_than_what_it_stands_for(tmp_path: Path) -> None:
    base = base_of(tmp_path, "The *Remote Direct Memory Access* of nodes.", "The RDMA of nodes is fast.")
    assert found(base, "RDMA") == [2, 1]


@pytest.mark.parametrize(
    ("text", "acronym"),
    [
        ("Earlier methods include variational autoencoders, flows.", "VAE"),
        ("Pages come by the hypertext transfer protocol.", "HTTP"),
        ("Any relational database management system will do.", "RDBMS"),
    ],
)
def test_a_compound_gives_an_acronym_two_letters(tmp_path: Path, text: str, acronym: str) -> None:
    base = base_of(tmp_path, text, "Something else.")
    assert exactly(base, acronym) == [1]


def test_a_compound_makes_no_acronym_across_small_words_and_marks(tmp_path: Path) -> None:
    base = base_of(tmp_path, "Spatial, datasets; a spatial of datasets.", "An else.")
    assert found(base, "SDS") == []
