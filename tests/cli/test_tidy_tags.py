"""Questions about tags: asked at a terminal, and never in the way of a text."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from kbnotes.cli import run
from tests.cli.console import Said, Stream, editor, kb

pytestmark = pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning")


def answered(answer: str, *arguments: str) -> Said:
    """Run kb at a terminal at which somebody types `answer`."""
    stdin, out, err = (Stream(terminal=True) for _ in range(3))
    stdin.buffer.write(answer.encode())
    stdin.seek(0)
    with pytest.MonkeyPatch.context() as patch:
        for name, stream in (("stdin", stdin), ("stdout", out), ("stderr", err)):
            patch.setattr(sys, name, stream)
        code = run(arguments)
    return Said(code, out.text, err.text)


def _tags(number: int) -> list[str]:
    (entry,) = kb("list", f"id:{number}", "--json").json["entries"]
    return list(entry["tags"])


def test_an_entry_with_a_doubtful_tag_is_kept_and_the_command_that_mends_it_is_said(bread: Path) -> None:
    said = kb("add", "Steam makes the crust.", "-t", "braed")
    assert said.code == 0
    assert "kb tag rename braed bread" in said.err
    assert _tags(4) == ["braed"]
    assert kb("tag", "rename", "braed", "bread").code == 0
    assert _tags(4) == ["bread"]


def test_yes_takes_the_tag_as_typed_without_a_word(bread: Path) -> None:
    said = kb("add", "Steam makes the crust.", "-t", "braed", "--yes")
    assert (said.code, said.err) == (0, "")


def test_at_a_terminal_the_person_is_asked_when_the_entry_is_safe(bread: Path) -> None:
    said = answered("y\n", "add", "Steam makes the crust.", "-t", "braed")
    assert said.code == 0
    assert "did you mean bread? Change it?" in said.err
    assert _tags(4) == ["bread"]
    assert answered("n\n", "add", "Steam again.", "-t", "braed").code == 0
    assert _tags(5) == ["braed"]


def test_whoever_walks_away_from_the_question_keeps_the_entry(bread: Path) -> None:
    assert answered("", "add", "Steam makes the crust.", "-t", "braed").code == 130
    assert _tags(4) == ["braed"]


def test_a_draft_with_a_doubtful_tag_is_saved(bread: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script = 'sed -i "s/^tags:.*/tags: braed/" "$1"\n'
    monkeypatch.setenv("EDITOR", editor(bread, script))
    said = kb("edit", "3")
    assert said.code == 0
    assert "kb tag rename braed bread" in said.err
    assert _tags(3) == ["braed"]
    monkeypatch.setenv("EDITOR", editor(bread, 'echo "More." >> "$1"\n'))
    assert "did you mean" not in kb("edit", "3").err  # it had that tag before


def test_a_doubtful_tag_for_entries_that_exist_is_asked_about_first(bread: Path) -> None:
    assert kb("tag", "add", "3", "braed").code == 2
    assert _tags(3) == []
    said = answered("n\n", "tag", "add", "3", "braed")
    assert (said.code, _tags(3)) == (2, [])
    assert "did you mean bread? Take it as typed?" in said.err
    assert answered("y\n", "tag", "add", "3", "braed").code == 0
    assert _tags(3) == ["braed"]


def test_the_new_name_of_a_tag_is_questioned_too(bread: Path) -> None:
    kb("tag", "add", "3", "mill")
    assert kb("tag", "rename", "mill", "braed").code == 2
    assert kb("tag", "merge", "mill", "--into", "braed").code == 2
    assert kb("tag", "merge", "mill", "bread", "--into", "braed").code == 0  # bread goes: it is not meant


def test_a_change_of_many_shows_them_before_it_asks(bread: Path) -> None:
    for number in range(20):
        kb("add", f"Loaf {number}", "-t", "bread")
    said = answered("n\n", "tag", "remove", "--all", "bread")
    assert said.out.count("-bread") == 22
    assert "22 entries would be tagged anew. Go on?" in said.err
    assert answered("y\n", "tag", "remove", "--all", "bread").code == 0
    kb("undo", "--yes")
    assert kb("list", "tag:bread", "--json").json["total"] == 22


def test_the_tree_of_a_diamond_of_tags_stays_small(here: Path) -> None:
    topics = "".join(
        f"a{n}:\n  implies: [a{n + 1}, b{n + 1}]\nb{n}:\n  implies: [a{n + 1}, b{n + 1}]\n" for n in range(30)
    )
    (here / "topics.yaml").write_text(topics)
    kb("add", "One.", "-t", "a0", "-t", "b0")
    lines = kb("tags").out.splitlines()
    assert len(lines) < 200
    assert {line.split()[1] for line in lines} >= {"a0", "b0", "a30", "b30"}


def test_topics_are_checked_for_programs_too(here: Path) -> None:
    (here / "topics.yaml").write_text("bread:\n  keywords: [bread]\n")
    kb("add", "All about bread.")
    assert kb("topics", "check").code == 0
    assert kb("topics", "--json").json == kb("topics", "check", "--json").json
    (here / "topics.yaml").write_text("bread: [\n")
    said = kb("topics", "check", "--json")
    assert (said.code, said.problem["kind"]) == (2, "format")


def test_suggestions_are_written_for_programs(bread: Path) -> None:
    kb("add", "Sourdough wants a hot oven, too.")
    (found,) = kb("tag", "suggest", "4", "--json").json["suggestions"]
    assert list(found) == ["id", "title", "tags", "suggested"]
    (tag,) = found["suggested"]
    assert list(tag) == ["tag", "score", "reasons"]
    assert (tag["tag"], tag["reasons"]) == ("bread", ["like 1 and 2, which have it"])


def test_nothing_that_a_terminal_would_act_on_comes_out_of_topics_and_titles(here: Path) -> None:
    (here / "topics.yaml").write_text('bread:\n  keywords: ["bread", "x\\e[31m", "\\x9b"]\n')
    kb("add", "--title", "T\x1b[31m", "Bread and more bread.")
    kb("tag", "remove", "1", "bread")
    for arguments in (["topics"], ["topics", "check"], ["tag", "suggest"], ["tags"]):
        for options in ([], ["--json"]):
            said = kb(*arguments, *options, terminal=True)
            assert "\x1b[31m" not in said.out.replace("\x1b[0m", "")
            assert "\x9b" not in said.out
