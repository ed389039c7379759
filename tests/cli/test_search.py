"""What `kb search`, `kb list` and `kb related` take, and how they end."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.console import kb, one_sentence

pytestmark = pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning")


def test_a_saved_search_is_asked_at_once_and_again_by_its_name(bread: Path) -> None:
    said = kb("search", "--save", "Hot", "oven")
    assert (said.code, said.err) == (0, "Saved; kb search @Hot asks it again.\n")
    assert said.out == kb("search", "@hot").out == kb("search", "oven").out
    assert kb("list", "@hot").out.startswith("2  Rye bread")
    assert kb("search", "--saved").out == "@hot  oven\n"
    assert kb("search", "--forget", "HOT").err == "Forgotten: @HOT.\n"
    assert kb("search", "--saved").out == ""


def test_a_search_is_saved_even_if_it_finds_nothing_yet(bread: Path) -> None:
    assert kb("search", "--save", "z", "zeppelin").code == 0
    assert kb("search", "--saved").out == "@z  zeppelin\n"


def test_options_that_narrow_a_search_are_saved_with_it(bread: Path) -> None:
    kb("search", "--save", "x", "oven OR mill", "-t", "bread", "--since", "2026", "--until", "last week")
    kb("search", "--save", "y", "oven", "-t", "bread", "-n", "3")
    kept = '@x  (oven OR mill) tag:bread updated:"2026..last week"\n@y  oven tag:bread\n'
    assert kb("search", "--saved").out == kept


@pytest.mark.parametrize("name", ["two words", "", "a/b", "@"])
def test_a_name_that_no_query_could_call_is_refused(bread: Path, name: str) -> None:
    said = kb("search", "--save", name, "oven")
    assert "cannot be the name" in one_sentence(said, code=2)
    assert kb("search", "--saved").out == ""


@pytest.mark.parametrize(
    "arguments",
    [
        "search",
        "search --save x",
        "search --saved oven",
        "search --forget x oven",
        "search --forget x",
        "search --sort size oven",
        "search --mode x oven",
        "search --since when oven",
        "list --sort score",
        "tag add -q  x",
        "related",
        "related 99",
    ],
)
def test_what_cannot_be_read_as_a_request_is_one_sentence_and_exit_code_2(
    bread: Path, arguments: str
) -> None:
    one_sentence(kb(*arguments.split(" ")), code=2)


def test_hits_are_turned_over_page_by_page(bread: Path) -> None:
    whole = kb("search", "--json", "-t", "bread", "sourdough OR oven").json["hits"]
    first, second = (
        kb("search", "--json", "-n", "1", "--offset", at, "-t", "bread", "sourdough OR oven").json
        for at in ("0", "1")
    )
    assert [first["hits"][0]["id"], second["hits"][0]["id"]] == [hit["id"] for hit in whole]
    assert (first["total"], second["total"], second["offset"]) == (2, 2, 1)
    said = kb("list", "-n", "1", "--offset", "1")
    assert (said.out[:12], said.err) == ("2  Rye bread", "Entries 2 to 2 of 3; --offset 2 shows the next.\n")


def test_tags_are_changed_of_exactly_what_a_query_holds_for(bread: Path) -> None:
    assert kb("tag", "add", "-q", "oven zeppelin", "x").err == "Nothing to change.\n"
    kb("tag", "add", "-q", "oven", "x")
    assert kb("list", "-t", "x").out.startswith("2  Rye bread")


def test_a_whole_entry_that_cannot_be_picked_is_shown_by_its_passage(bread: Path) -> None:
    (double,) = (bread / "entries").glob("0002-*.yaml")
    (bread / "entries" / "0002-again.yaml").write_bytes(double.read_bytes())
    said = kb("search", "--full", "oven OR sourdough")
    assert said.code == 0
    assert said.out.count("wants a hot *oven*") == 2
    assert "added " in said.out


def test_related_entries_are_listed_with_a_reason_each(bread: Path) -> None:
    said = kb("related", "sourdough")
    assert said.code == 0
    assert said.out.startswith("2  Rye bread  ")
    assert kb("related", "1", "-n", "1").out.count("\n") == 1
