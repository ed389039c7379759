"""What goes by another name in a note is found, behind what has the words themselves, and it is said."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from kbnotes.index import ranking
from kbnotes.index.language import ENGLISH, language_of
from kbnotes.index.thesaurus import BETWEEN, EVERYDAY, TABLE, other_names
from kbnotes.index.vocabulary import run_of
from kbnotes.kb import KnowledgeBase
from kbnotes.model import Asked
from kbnotes.record import replace
from tests.conftest import ROOT
from tests.index.asking import base_of, exactly, found

FIXTURES = ROOT / "tests" / "fixtures"
NAMES = [
    line.removeprefix(EVERYDAY).split(BETWEEN)
    for line in TABLE.read_text("utf-8").splitlines()
    if line and not line.startswith("#")
]


def others(query: str) -> set[str]:
    """Return the other names of what is in a query."""
    return {name for name, *_ in other_names(run_of(query), language_of(ENGLISH))}


def test_the_table_is_as_it_says() -> None:
    for names in NAMES:
        assert len(names) > 1
        assert len(set(names)) == len(names), names
        assert all(re.fullmatch(r"[a-z0-9.'&/+ -]+", name) and len(run_of(name)) <= 5 for name in names), (
            names
        )


def stems(name: str) -> list[str]:
    """Return the stems of a name's words."""
    return [language_of(ENGLISH).stem(token.text) for token in run_of(name)]


@pytest.mark.parametrize("names", NAMES, ids=lambda names: names[0])
def test_each_name_finds_the_others_of_its_line(names: list[str]) -> None:
    for name in names:
        own = stems(name)
        asked = {each for each in names if stems(each) == own[: len(stems(each))]}  # the name begins with it
        assert set(names) - asked <= others(f"perhaps {name} fast"), name


def test_the_longest_name_counts() -> None:
    assert "few shot" in others("prompting")
    assert "few shot" not in others("prompt engineering")
    assert "system prompt" in others("prompt engineering")
    assert others("words that are in no line") == set()


def test_an_entry_is_found_by_another_name(tmp_path: Path) -> None:
    base = base_of(tmp_path, "The branch predictors of a core.", "Tea leaves.", "Speculative plans.")
    results = base.search("speculative execution")
    assert [hit.summary.id for hit in results.hits] == [3, 1]  # what has one of the words comes first
    assert exactly(base, "speculative execution") == []
    only = base_of(tmp_path / "only", "The branch predictors of a core.", "Tea leaves.")
    results = only.search("speculative execution", asked=Asked(explain=True))
    assert results.relaxed == (
        "No entry holds these words; found was “branch predictor” for “speculative execution”."
    )
    (hit,) = results.hits
    assert hit.snippet[slice(*hit.marks[0])] == "branch predictors"
    assert {part.reason for part in hit.parts} == {"“branch predictor” for “speculative execution”"}


def test_who_means_the_words_gets_the_words(tmp_path: Path) -> None:
    base = base_of(tmp_path, "The branch predictors of a core.", "Tea leaves.")
    for query in ('"speculative execution"', "=speculative =execution", "speculative AND execution"):
        assert found(base, query) == [], query
    assert found(base, "core NOT speculation") == [1]


def test_one_word_is_another_name_only_as_it_is_spelled(tmp_path: Path) -> None:
    base = base_of(tmp_path, "A column that contains text.", "Containers, all the way down.", "Tea.")
    assert found(base, "docker") == [2]


def test_what_one_does_is_found_in_any_inflection(tmp_path: Path) -> None:
    base = base_of(tmp_path, "Removing a remote branch.", "Tea.")
    assert found(base, "delete branch") == [1]
    assert base.search("delete branch").hits[0].missing == ()
    assert found(base, "delete") == []  # by itself it finds nothing
    assert found(base_of(tmp_path / "two", "Look up the tea."), "find") == []


def test_a_name_with_marks_is_found(tmp_path: Path) -> None:
    base = base_of(tmp_path, "Moore's law is ending.", "A 2.5D packaging plant.", "The p value of it.")
    assert found(base, "transistor density") == [1]
    assert found(base, "silicon interposer") == [2]
    assert found(base, "statistical significance") == [3]
    assert found(base, "p value") == [3]
    assert "significance test" in others("p value")


def test_everyday_words_are_those_of_english() -> None:
    assert "update" in others("alter Tee")
    assert list(other_names(run_of("alter Tee"), language_of("german"))) == []
    assert list(other_names(run_of("kv cache"), language_of("german"))) != []


def test_what_a_filter_leaves_out_is_not_said_to_be_nowhere(tmp_path: Path) -> None:
    base = base_of(tmp_path, "The branch predictor.", "Speculative execution is a thing.")
    base.edit("1", tags=["hw"])
    said = base.search("speculative execution", tags=["hw"]).relaxed
    assert said.startswith("No entry holds all of that; found was")


def test_a_word_that_entries_hold_is_not_widened(seeded: KnowledgeBase) -> None:
    results = seeded.search("mypy")
    assert (results.total, results.complete, results.relaxed) == (1, 1, "")


def _asked_by_other_names() -> list[tuple[str, set[int]]]:
    """Return the queries that changed nothing in the table, with the notes that answer them."""
    _, _, after = (FIXTURES / "other-names.tsv").read_text("utf-8").partition("# after\n")
    rows = (line.split("\t") for line in after.splitlines())
    return [(query, set(map(int, wanted.split(",")))) for query, wanted in rows]


def test_the_table_finds_what_the_words_do_not(
    seeded: KnowledgeBase, monkeypatch: pytest.MonkeyPatch
) -> None:
    def share() -> float:
        asked = _asked_by_other_names()
        return sum(bool(wanted & set(found(seeded, query)[:3])) for query, wanted in asked) / len(asked)

    with_table = share()
    monkeypatch.setattr(ranking, "RANKING", replace(ranking.RANKING, thesaurus_words=0))
    without = share()
    # 17 and 4 of 40 (2026-11-27).
    assert with_table >= 0.4
    assert without <= 0.15
