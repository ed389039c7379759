"""When nothing holds all that was asked: another spelling, then fewer words, and never in silence."""

from __future__ import annotations

from pathlib import Path

import pytest

from kbnotes.index.spelling import EDIT, WRONG_LETTER, distance
from kbnotes.kb import KnowledgeBase
from tests.index.asking import base_of, found


@pytest.mark.parametrize(
    ("typed", "meant", "number"),
    [
        ("brach prediction", "branch prediction", 13),  # a letter missing
        ("memmory", "memory", 14),  # one too many
        ("retreival", "retrieval", 8),  # neighbours swapped
        ("seperation", "separation", 12),  # a wrong letter
        ("tranformesr", "transformers", 7),  # two edits in a long word
        ("opne source", "open source", 3),
        ("nsigth OR zzyzx", "nsight OR zzyzx", 10),
        ("allucinations", "hallucinations", 19),  # a long word's first letter
        ("cahce", "cache", 18),
        ("debugger", "debugging", 10),  # another ending
        ("classify", "classification", 6),
    ],
)
def test_a_typo_is_mended_and_that_is_said(notes: KnowledgeBase, typed: str, meant: str, number: int) -> None:
    results = notes.search(typed)
    assert number in [hit.summary.id for hit in results.hits]
    assert (results.query, results.corrected, results.relaxed) == (typed, meant, "")


def test_what_is_found_as_it_was_typed_is_not_corrected(notes: KnowledgeBase) -> None:
    assert notes.search("creating").corrected is None
    results = notes.search("distinguising")  # the note's own spelling
    assert [hit.summary.id for hit in results.hits] == [15]
    assert results.corrected is None


def test_fewer_words_are_said_and_named(notes: KnowledgeBase) -> None:
    results = notes.search("ONNX blockchain")
    assert [hit.summary.id for hit in results.hits] == [3]
    assert "blockchain" in results.relaxed


def test_entries_that_hold_more_of_the_words_come_first(tmp_path: Path) -> None:
    base = base_of(tmp_path, "alpha", "alpha beta", "alpha beta gamma")
    assert found(base, "alpha beta gamma delta") == [3, 2, 1]
    assert found(base, "alpha beta omega")[2] == 1


def test_function_words_alone_are_never_what_is_left(notes: KnowledgeBase) -> None:
    assert found(notes, "what is the blockchain") == []


@pytest.mark.parametrize(
    "query",
    [
        "tag:hardwar memory",  # a filter is neither corrected …
        "tag:python chiplets",  # … nor let go
        '"main memroy"  tag:nosuch',
        '"memory main" cache',
        '"memory main"',
        "title:cahce",
        "title:joke talk",
        "ONNX NOT standard",
        "ONNX -source",
        "blockchain NOT ONNX",
    ],
)
def test_filters_phrases_and_not_are_firm(notes: KnowledgeBase, query: str) -> None:
    assert found(notes, query) == []


def test_a_ruled_out_word_is_not_corrected(notes: KnowledgeBase) -> None:
    results = notes.search("brach NOT predicton")
    assert [hit.summary.id for hit in results.hits] == [13]
    assert results.corrected == "branch NOT predicton"


@pytest.mark.parametrize("number", ["42", "33k", "2024", "1651", "1.7", "mm3", "2.4D"])
def test_numbers_are_never_corrected(notes: KnowledgeBase, number: str) -> None:
    results = notes.search(number)
    assert results.corrected is None
    assert found(notes, f"{number} nothing_of_it") == []


@pytest.mark.parametrize(
    "word",
    """stock flutter recorder batch three cooling cone ground rocket date wake ring resource mass walk
    redis tape wind notation convection conducting external reduction docker vacation garden
    kubernetes terraform javascript gradient softmax dropout password invoice browser poke lamp""".split(),
)
def test_another_word_is_not_taken_for_a_typo(notes: KnowledgeBase, word: str) -> None:
    results = notes.search(word)
    assert (results.corrected, results.total) == (None, 0)


def test_edits_cost_what_they_should() -> None:
    assert distance("cache", "cache", 4) == 0
    assert distance("cahce", "cache", 4) == EDIT
    assert distance("cach", "cache", 4) == EDIT
    assert distance("ccache", "cache", 4) == EDIT
    assert distance("cacle", "cache", 4) == WRONG_LETTER
    assert distance("cacje", "cache", 4) == EDIT  # j is beside h
    assert distance("abcdef", "ghijkl", 4) > 4
    assert distance("xxbaxx", "xxabxx", EDIT) == EDIT


def test_parts_of_a_typo_that_are_words_elsewhere_do_not_keep_it_from_being_mended(tmp_path: Path) -> None:
    base = base_of(
        tmp_path, "um, that", "it is tracked", "an untracked file", "tom cat", "key value", "kv pair"
    )
    results = base.search("umtracked")
    assert ([hit.summary.id for hit in results.hits], results.corrected) == ([3], "untracked")
    assert found(base, "keyvalue") == [5]


def test_a_name_with_a_number_is_nearer_than_another_word(tmp_path: Path) -> None:
    base = base_of(tmp_path, "an item in a list", "the window of iTerm2", "items and items")
    assert base.search("iterm").corrected == "iterm2"


def test_capitals_that_may_be_the_initials_of_words_do_not_stand_for_them(tmp_path: Path) -> None:
    """They score, as KV does for "key value", but an entry that holds the words comes first."""
    base = base_of(tmp_path, "TS files", "escape a sequence", "turn syntax off", "toggle it for syntax")
    assert found(base, "toggle syntax")[0] == 4
    assert base.search("toggle syntax").complete == 1
    assert 1 in found(base, "toggle syntax")


def test_a_word_that_the_notes_have_is_not_said_to_be_misspelled(notes: KnowledgeBase) -> None:
    nowhere = "No word of the notes is spelled nearly so."
    assert nowhere not in notes.search("memory", tags=["nosuchtag"]).tried
    assert nowhere in notes.search("zylofon", tags=["hardware"]).tried
