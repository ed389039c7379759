"""Which entry a note becomes: own numbers first, ids never used twice, moved notes recognised."""

from __future__ import annotations

from pathlib import Path

import pytest

from kbnotes.kb import KnowledgeBase
from kbnotes.model import Entry
from tests.conftest import SEED
from tests.kb.disk import entry_file, fingerprint, ids


def _import(base: KnowledgeBase, path: Path, text: str) -> dict[str, tuple[int, ...]]:
    """Import `text` as the file `path`; return the ids of each action that happened."""
    path.write_bytes(text.encode())
    report = base.import_file(path)
    actions = dict.fromkeys(step.action for step in report.steps)
    return {action: report.ids(action) for action in actions}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "mine.md"


def test_numbers_that_start_again_under_each_heading_get_ids_of_their_own(
    base: KnowledgeBase, file: Path
) -> None:
    text = "# One\n\n1. alpha\n2. beta\n\n# Two\n\n1. gamma\n2. delta\n5. epsilon\n"
    assert _import(base, file, text) == {"add": (1, 2, 6, 7, 5)}
    assert [ids(base, word) for word in ("alpha", "beta", "gamma", "delta", "epsilon")] == [
        [1], [2], [6], [7], [5],
    ]  # fmt: skip
    assert _import(base, file, text) == {"keep": (1, 2, 6, 7, 5)}


def test_an_edit_under_one_heading_does_not_reach_its_namesake_under_another(
    base: KnowledgeBase, file: Path
) -> None:
    text = "# One\n\n1. alpha\n\n# Two\n\n1. gamma\n"
    _import(base, file, text)
    assert _import(base, file, text.replace("gamma", "omega")) == {"keep": (1,), "update": (2,)}
    assert ids(base, "alpha") == [1]


def test_two_files_with_the_same_numbers_do_not_meet(base: KnowledgeBase, tmp_path: Path) -> None:
    one, two = tmp_path / "one.md", tmp_path / "two.md"
    assert _import(base, one, "1. alpha\n2. beta\n") == {"add": (1, 2)}
    assert _import(base, two, "1. gamma\n2. delta\n") == {"add": (3, 4)}
    assert _import(base, one, "1. alpha\n2. BETA\n") == {"keep": (1,), "update": (2,)}
    assert _import(base, two, "1. gamma\n2. delta\n") == {"keep": (3, 4)}


def test_the_same_text_twice_in_a_file_is_two_entries(base: KnowledgeBase, file: Path) -> None:
    assert _import(base, file, "1. alpha\n2. alpha\n") == {"add": (1, 2)}
    assert _import(base, file, "1. alpha\n2. alpha\n") == {"keep": (1, 2)}


@pytest.mark.parametrize("newline", ["\r\n", "\r"], ids=["crlf", "cr"])
def test_line_ends_make_no_difference_to_an_entry(base: KnowledgeBase, file: Path, newline: str) -> None:
    text = "1. alpha\n   more of it\n\n2. beta\n"
    assert _import(base, file, text.replace("\n", newline)) == {"add": (1, 2)}
    assert base.show(["1"])[0].entry.body == "alpha\n   more of it\n"
    before = fingerprint(base.base)
    assert _import(base, file, text.replace("\n", newline)) == {"keep": (1, 2)}
    assert fingerprint(base.base) == before
    assert _import(base, file, text) == {"keep": (1, 2)}
    assert base.list().total == 2


def test_notes_that_moved_and_were_renumbered_are_recognised_by_content(
    base: KnowledgeBase, file: Path
) -> None:
    _import(base, file, "1. alpha\n2. beta\n3. gamma\n")
    assert _import(base, file, "1. new\n2. alpha\n3. beta\n4. gamma\n") == {"add": (4,), "keep": (1, 2, 3)}
    assert [ids(base, word) for word in ("alpha", "beta", "gamma", "new")] == [[1], [2], [3], [4]]
    assert _import(base, file, "# H\n\n1. gamma\n2. alpha\n3. beta\n4. new\n") == {"keep": (3, 1, 2, 4)}


def test_lines_inserted_above_rewrite_no_entry(base: KnowledgeBase, file: Path) -> None:
    _import(base, file, "1. alpha\n2. beta\n3. gamma\n")
    before = {path.name: path.read_bytes() for path in (base.base / "entries").glob("000[23]-*")}
    _import(base, file, "1. alpha\n\nMore of it.\n2. beta\n3. gamma\n")
    assert {path.name: path.read_bytes() for path in (base.base / "entries").glob("000[23]-*")} == before


def test_a_base_that_moved_with_its_notes_is_the_same_base(base: KnowledgeBase, tmp_path: Path) -> None:
    inside = base.base / "notes.md"
    inside.write_bytes(SEED.read_bytes())
    base.import_file(inside)
    base.base.rename(tmp_path / "moved")
    moved = KnowledgeBase(tmp_path / "moved", cache=tmp_path / "cache")
    assert moved.import_file(tmp_path / "moved" / "notes.md").ids("keep") == tuple(range(1, 21))
    assert ids(moved, "cache") == [4, 14, 18]


def test_an_id_is_given_out_once_whatever_becomes_of_its_entry(base: KnowledgeBase, file: Path) -> None:
    _import(base, file, "1. alpha\n2. beta\n9. iota\n")
    base.remove(["9"])
    assert base.add("Added.").id == 10
    entry_file(base, 10).unlink()
    entry_file(base, 2).unlink()
    assert base.add("Added again.").id == 11
    added = _import(base, file.with_name("other.md"), "9. eta\n3. theta\n")["add"]
    assert added == (12, 3)  # 3 is free: nothing has had it


def test_headings_and_front_matter_are_no_entries_and_prose_is(base: KnowledgeBase, file: Path) -> None:
    text = "---\na: b\n---\n\nBefore it all.\n\n# Part\n\nUnder a heading.\n\n1. alpha\n"
    assert _import(base, file, text)["add"] == (2, 3, 1)
    assert ids(base, '"before it all"') == [2]
    assert ids(base, '"under a heading"') == [3]
    assert _import(base, file, text)["keep"] == (2, 3, 1)


@pytest.mark.parametrize(
    "text",
    [
        "1. a\n\n\n2. b\n \t\n\n3. c",
        "---\ntitle: x\n---\n\n# ML\n\n1. a\n\n## Sub\n2. b\n\n\n\n# HW\n1) c\n\n\n",
        "\n\n  intro\n\n1. a\r\n\r\n2. b\r\n",
        "1. a\r\n\r\n# H\r\n\r\n2. b\r\n\r\n\r\n",
        "3. a\n3. b\n3. c\n",
        "#\n\n1.\n\n2. \n",
    ],
)
def test_the_entries_of_a_file_give_it_back_byte_for_byte(base: KnowledgeBase, file: Path, text: str) -> None:
    for now in (text, f"0. new\n{text}", f"one\n\ntwo\n\n0. new\n{text}"):
        file.write_bytes(now.encode())
        gone = base.import_file(file).ids("missing")
        assert "".join(map(in_file, by_line(base, gone))) == now


def by_line(base: KnowledgeBase, gone: tuple[int, ...]) -> list[Entry]:
    there = [str(each.id) for each in base.list().entries if each.id not in gone]
    entries = [shown.entry for shown in base.show(there)]
    return sorted(entries, key=lambda entry: (entry.source.first_line if entry.source else 0, entry.id))


def in_file(entry: Entry) -> str:
    assert entry.source
    source = entry.source
    pieces = (source.lead, source.list_marker, entry.body, source.tail)
    return "".join(pieces).replace("\n", source.newline)
