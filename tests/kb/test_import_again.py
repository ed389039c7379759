"""Importing a file again: the unchanged stays, the edited follows, what the person changed is theirs."""

from __future__ import annotations

from pathlib import Path

import pytest

from kbnotes.errors import InputError, InternalError
from kbnotes.kb import KnowledgeBase
from kbnotes.kb.making import check_nothing_lost
from kbnotes.markdown import split
from tests.conftest import SEED
from tests.kb.disk import change, entry_file, fingerprint, ids, later_and_later

NOTES = """1. _Chiplet_ is the first note.
2. _Bread_ is the second note.
3. _Tea_ is the third note.
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "mine.md"
    path.write_text(NOTES)
    return path


@pytest.fixture
def three(base: KnowledgeBase, file: Path, tmp_path: Path) -> KnowledgeBase:
    """A base of three imported notes, whose clock goes on."""
    clocked = KnowledgeBase(base.base, cache=tmp_path / "cache", now=later_and_later())
    assert clocked.import_file(file).ids("add") == (1, 2, 3)
    return clocked


def test_the_same_file_again_changes_nothing_on_the_disk(base: KnowledgeBase, tmp_path: Path) -> None:
    clocked = KnowledgeBase(base.base, cache=tmp_path / "cache", now=later_and_later())
    clocked.import_file(SEED)
    clocked.search("cache")
    before = fingerprint(tmp_path)
    report = clocked.import_file(SEED)
    assert report.ids("keep") == tuple(range(1, 21))
    assert len(report.steps) == 20
    clocked.search("cache")
    assert fingerprint(tmp_path) == before


def test_a_dry_run_tells_what_would_happen_and_writes_nothing(three: KnowledgeBase, file: Path) -> None:
    change(file, "second note", "second note, edited")
    file.write_text(file.read_text() + "4. A fourth.\n")
    before = fingerprint(three.base)
    planned = three.import_file(file, dry_run=True)
    assert fingerprint(three.base) == before
    assert (planned.ids("update"), planned.ids("add"), planned.ids("keep")) == ((2,), (4,), (1, 3))
    done = three.import_file(file)
    assert [(step.action, step.id) for step in done.steps] == [(s.action, s.id) for s in planned.steps]


def test_an_edited_note_updates_its_entry_and_no_other(three: KnowledgeBase, file: Path) -> None:
    before = fingerprint(three.base / "entries")
    created = three.show(["2"])[0].entry.created
    change(file, "second note", "second note about rye")
    report = three.import_file(file)
    assert (report.ids("update"), report.ids("keep")) == ((2,), (1, 3))
    entry = three.show(["2"])[0].entry
    assert "about rye" in entry.body
    assert entry.created == created < entry.updated
    assert ids(three, "rye") == [2]
    after = fingerprint(three.base / "entries")
    assert {path for path in before if before[path] != after[path]} == {str(entry_file(three, 2))}
    assert list((three.base / "history" / "0002").iterdir())


def test_a_title_made_from_the_text_follows_it_and_an_own_one_stays(three: KnowledgeBase, file: Path) -> None:
    three.edit("2", title="My own bread")
    change(file, "_Bread_", "_Loaf_")
    change(file, "_Tea_", "_Coffee_")
    assert three.import_file(file).ids("update") == (2, 3)
    assert [entry.title for entry in three.list().entries] == ["Chiplet", "My own bread", "Coffee"]


def test_own_tags_survive_an_update_and_a_removed_one_stays_away(three: KnowledgeBase, file: Path) -> None:
    assert three.list().entries[0].tags == ("chiplets",)
    three.apply(three.retag(three.select(["1"]), add=["mine"], remove=["chiplets"]))
    assert three.import_file(file).ids("keep") == (1, 2, 3)
    change(file, "first note", "first note, and about chiplets again")
    assert three.import_file(file).ids("update") == (1,)
    assert three.list().entries[0].tags == ("mine",)


def test_an_update_brings_the_tags_that_the_new_text_calls_for(three: KnowledgeBase, file: Path) -> None:
    change(file, "_Bread_ is", "_Excel_ is")
    three.import_file(file)
    assert three.list().entries[1].tags == ("excel",)


def test_a_note_that_vanished_is_reported_and_kept(three: KnowledgeBase, file: Path) -> None:
    file.write_text(NOTES.replace("2. _Bread_ is the second note.\n", ""))
    before = fingerprint(three.base / "entries")
    report = three.import_file(file)
    assert (report.ids("missing"), report.ids("keep")) == ((2,), (1, 3))
    assert fingerprint(three.base / "entries") == before
    file.write_text(NOTES)
    assert three.import_file(file).ids("keep") == (1, 2, 3)


def test_an_entry_changed_in_both_places_is_a_conflict_and_stays(three: KnowledgeBase, file: Path) -> None:
    three.edit("2", body="My own words.\n")
    change(file, "second note", "second note, edited")
    before = fingerprint(three.base / "entries")
    for _ in range(2):  # and goes on being one
        report = three.import_file(file)
        assert (report.ids("conflict"), report.ids("update")) == ((2,), ())
        assert fingerprint(three.base / "entries") == before


def test_an_entry_changed_in_kb_only_is_not_touched(three: KnowledgeBase, file: Path) -> None:
    three.edit("2", body="My own words.\n")
    before = fingerprint(three.base / "entries")
    report = three.import_file(file)
    assert (report.ids("conflict"), report.ids("update"), report.ids("keep")) == ((), (), (1, 2, 3))
    assert fingerprint(three.base / "entries") == before


def test_the_same_change_in_both_places_is_no_conflict(three: KnowledgeBase, file: Path) -> None:
    body = three.show(["2"])[0].entry.body
    three.edit("2", body=body.replace("second", "other"))
    change(file, "second", "other")
    assert three.import_file(file).ids("conflict") == ()
    change(file, "other", "yet another")
    assert three.import_file(file).ids("update") == (2,)


def test_a_removed_entry_does_not_come_back_by_import(three: KnowledgeBase, file: Path) -> None:
    three.remove(["2"])
    for text in (NOTES, NOTES.replace("second note", "second note, edited")):
        file.write_text(text)
        report = three.import_file(file)
        assert (report.ids("removed"), report.ids("add")) == ((2,), ())
        assert [entry.id for entry in three.list().entries] == [1, 3]
    three.restore([2])
    assert three.import_file(file).ids("update") == (2,)


def test_a_broken_entry_file_is_left_alone_by_an_import_and_said(three: KnowledgeBase, file: Path) -> None:
    path = entry_file(three, 2)
    path.write_text("id: [")
    report = three.import_file(file)
    assert path.read_text() == "id: ["
    assert any(path.name in warning for warning in report.warnings)


def test_a_split_that_would_lose_a_line_is_refused() -> None:
    sections = split(NOTES)
    bodies = {at: section.body for at, section in enumerate(sections.sections)}
    check_nothing_lost(NOTES, sections, bodies)
    with pytest.raises(InternalError):
        check_nothing_lost(NOTES + "one line more\n", sections, bodies)
    with pytest.raises(InternalError):
        check_nothing_lost(NOTES, sections, {**bodies, 0: bodies[0][:-2]})


def test_a_note_larger_than_an_entry_may_be_is_refused_at_once(base: KnowledgeBase, tmp_path: Path) -> None:
    path = tmp_path / "huge.md"
    path.write_text("1. small\n2. " + "word " * 2_000_000 + "\n3. small\n")
    with pytest.raises(InputError, match=r"note at line 2 has 9\.5 MB"):
        base.import_file(path)
    assert base.list().total == 0
