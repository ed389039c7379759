"""Importing a folder again: what moved is known, what was edited follows, what the person changed stays."""

from __future__ import annotations

from pathlib import Path

import pytest

from kbnotes.errors import ConsentError
from kbnotes.kb import KnowledgeBase
from tests.kb.disk import change, fingerprint, later_and_later
from tests.kb.folder.trees import TIL, VAULT, grow


@pytest.fixture
def til(base: KnowledgeBase, tmp_path: Path) -> Path:
    """A repository that is in the base already."""
    root = grow(tmp_path / "til", TIL)
    base.import_folder(root)
    return root


@pytest.fixture
def base(base: KnowledgeBase, tmp_path: Path) -> KnowledgeBase:
    """An empty base whose clock goes on."""
    return KnowledgeBase(base.base, cache=tmp_path / "cache", now=later_and_later())


def id_of(base: KnowledgeBase, title: str) -> int:
    """Return the id of the entry with a title."""
    return next(each.id for each in base.list().entries if each.title == title)


def test_the_same_folder_again_changes_nothing_on_the_disk(base: KnowledgeBase, til: Path) -> None:
    before = fingerprint(base.base)
    report = base.import_folder(til)
    assert len(report.ids("keep")) == len(TIL) == len(report.steps)
    assert fingerprint(base.base) == before


def test_an_edited_file_updates_its_entry_and_no_other(base: KnowledgeBase, til: Path) -> None:
    change(til / "git/stash.md", "takes it along", "takes it along, too")
    report = base.import_folder(til)
    assert report.ids("update") == (id_of(base, "Stash what is untracked"),)
    assert len(report.ids("keep")) == len(TIL) - 1


def test_a_file_moved_and_renamed_is_known_by_its_content(base: KnowledgeBase, til: Path) -> None:
    number = id_of(base, "Merge two dicts")
    (til / "languages").mkdir()
    (til / "python/dicts.md").rename(til / "languages/merge-dicts.md")
    grow(til, {"python/dicts.md": "# Another\n\nUnder the old name.\n"})
    report = base.import_folder(til)
    (added,) = report.ids("add")
    assert (added > len(TIL), report.ids("missing")) == (True, ())
    (step,) = [step for step in report.steps if step.id == number]
    assert (step.file, step.note) == ("languages/merge-dicts.md", "was python/dicts.md")
    entry = base.show([str(number)])[0].entry
    assert entry.source
    assert entry.source.file.endswith("languages/merge-dicts.md")
    assert "languages" in entry.tags
    assert "python" not in entry.tags
    assert len(base.import_folder(til).ids("keep")) == len(TIL) + 1


def test_a_folder_renamed_moves_every_entry_even_those_alike(base: KnowledgeBase, tmp_path: Path) -> None:
    root = grow(tmp_path / "n", {f"old/{name}.md": "The same text.\n" for name in "abc"})
    base.import_folder(root, folder_tags=False)
    (root / "old").rename(root / "new")
    report = base.import_folder(root, folder_tags=False)
    assert (report.ids("add"), report.ids("missing")) == ((), ())
    assert {step.file for step in report.steps} == {"new/a.md", "new/b.md", "new/c.md"}


def test_a_title_that_the_file_name_is_follows_the_name(base: KnowledgeBase, tmp_path: Path) -> None:
    root = grow(tmp_path / "n", {"First name.md": "Some text without a heading.\n"})
    base.import_folder(root)
    (root / "First name.md").rename(root / "Second name.md")
    base.import_folder(root)
    assert base.show(["1"])[0].entry.title == "Second name"
    base.edit("1", title="Mine")
    (root / "Second name.md").rename(root / "Third name.md")
    assert base.import_folder(root).ids("move") == (1,)
    assert base.show(["1"])[0].entry.title == "Mine"


def test_a_file_that_is_gone_is_told_and_its_entry_kept(base: KnowledgeBase, til: Path) -> None:
    number = id_of(base, "Merge two dicts")
    (til / "python/dicts.md").unlink()
    assert base.import_folder(til).ids("missing") == (number,)
    assert base.show([str(number)])


def test_a_file_that_cannot_be_read_this_time_is_not_missing(base: KnowledgeBase, til: Path) -> None:
    (til / "python/dicts.md").write_bytes(b"\x80\x81 no UTF-8")
    report = base.import_folder(til)
    assert report.ids("missing") == ()
    assert [path for path, _ in report.failed] == ["python/dicts.md"]


def test_an_entry_changed_in_both_places_is_a_conflict_and_stays(base: KnowledgeBase, til: Path) -> None:
    number = id_of(base, "Merge two dicts")
    base.edit(str(number), body="My own words.\n")
    assert number in base.import_folder(til).ids("keep")
    change(til / "python/dicts.md", "a | b", "{**a, **b}")
    report = base.import_folder(til)
    assert report.ids("conflict") == (number,)
    assert base.show([str(number)])[0].entry.body == "My own words.\n"


def test_tags_title_and_times_follow_the_front_matter_and_own_ones_stay(
    base: KnowledgeBase, tmp_path: Path
) -> None:
    root = grow(tmp_path / "vault", VAULT)
    base.import_folder(root)
    base.apply(base.retag(base.select(["1"]), add=["mine"], remove=["bread"]))
    note = root / "Cooking/Sourdough.md"
    change(note, '"#Fermentation"', "slow")
    change(note, "Sourdough: the long way", "Sourdough, slowly")
    change(note, "2024-03-01T08:00:00+02:00", "2023-01-01")
    assert base.import_folder(root).ids("update") == (1,)
    entry = base.show(["1"])[0].entry
    assert entry.title == "Sourdough, slowly"
    assert set(entry.tags) == {"cooking/baking", "experiment", "mine", "slow"}
    assert f"{entry.created:%Y-%m-%d}" == "2023-01-01"
    assert len(base.import_folder(root).ids("keep")) == 3


def test_a_removed_entry_does_not_come_back(base: KnowledgeBase, til: Path) -> None:
    number = id_of(base, "Merge two dicts")
    base.remove([str(number)])
    assert base.import_folder(til).ids("removed") == (number,)


def test_very_many_updates_ask_first(base: KnowledgeBase, tmp_path: Path) -> None:
    files = {f"n{at}.md": f"# Note {at}\n\nText.\n" for at in range(30)}
    root = grow(tmp_path / "many", files)
    base.import_folder(root)
    grow(root, {name: text + "More.\n" for name, text in files.items()})
    with pytest.raises(ConsentError):
        base.import_folder(root)
    assert len(base.import_folder(root, yes=True).ids("update")) == 30


def test_two_thousand_files_come_in_and_are_known_again(base: KnowledgeBase, tmp_path: Path) -> None:
    files = {f"f{at % 40}/n{at}.md": f"# Note {at}\n\nThe text of note {at}.\n" for at in range(2000)}
    root = grow(tmp_path / "many", files)
    told: list[tuple[int, int]] = []
    report = base.import_folder(root, progress=lambda done, total: told.append((done, total)))
    assert len(report.ids("add")) == 2000
    assert told[-1] == (4000, 4000)
    assert told == sorted(told)
    assert len(base.import_folder(root).ids("keep")) == 2000
    base.past.undo(yes=True)
    assert base.list().total == 0
