"""Importing a folder: each file an entry, with what its front matter, its text and its place say."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from kbnotes.errors import InputError
from kbnotes.kb import KnowledgeBase
from kbnotes.model import Entry, LinkCount
from tests.kb.disk import ids
from tests.kb.folder.trees import SOURDOUGH, TIL, VAULT, grow


@pytest.fixture
def vault(tmp_path: Path) -> Path:
    """A small Obsidian vault."""
    return grow(tmp_path / "vault", VAULT)


@pytest.fixture
def til(tmp_path: Path) -> Path:
    """A small repository of things learned."""
    return grow(tmp_path / "til", TIL)


def entries(base: KnowledgeBase) -> dict[str, Entry]:
    """Return the entries of a base by their titles."""
    shown = base.show([str(each.id) for each in base.list().entries])
    return {each.entry.title: each.entry for each in shown}


def test_a_vault_becomes_an_entry_a_file_in_order(base: KnowledgeBase, vault: Path) -> None:
    report = base.import_folder(vault)
    assert [(step.id, step.file, step.title) for step in report.steps] == [
        (1, "Cooking/Sourdough.md", "Sourdough: the long way"),
        (2, "Cooking/Starter.md", "Starter"),
        (3, "Daily/2024-05-06.md", "6 May"),
    ]
    assert report.files == 3


def test_front_matter_gives_title_tags_and_times_and_is_kept_byte_for_byte(
    base: KnowledgeBase, vault: Path
) -> None:
    base.import_folder(vault)
    entry = entries(base)["Sourdough: the long way"]
    assert entry.tags == ("bread", "fermentation", "cooking/baking", "experiment")
    assert entry.created == datetime(2024, 3, 1, 6, tzinfo=UTC)
    assert entry.updated == datetime(2024, 5, 6, tzinfo=UTC)
    assert entry.source
    assert entry.source.lead + entry.body + entry.source.tail == SOURDOUGH


def test_aliases_and_other_values_of_front_matter_are_found_and_its_keys_are_not(
    base: KnowledgeBase, vault: Path
) -> None:
    base.import_folder(vault)
    assert ids(base, '"pain au levain"') == [1]
    assert ids(base, "wide") == [1]
    assert ids(base, "=cssclass") == []
    assert ids(base, "=aliases") == []


def test_wiki_links_are_shown_as_their_text_and_found(base: KnowledgeBase, vault: Path) -> None:
    base.import_folder(vault)
    (hit,) = base.search('"see Starter and that day"').hits
    assert hit.summary.id == 1
    links = base.show(["1"])[0].content.links
    assert [(link.text, link.url) for link in links] == [
        ("Starter", "[[Starter]]"),
        ("that day", "[[Daily/2024-05-06]]"),
        ("crumb.png", "[[crumb.png]]"),
    ]


def test_links_are_counted_by_where_they_lead_and_the_lost_are_named(
    base: KnowledgeBase, vault: Path
) -> None:
    report = base.import_folder(vault)
    assert report.links == LinkCount(notes=4, files=2, nothing=2)
    assert "Cooking/Starter.md: nothing is at [[Nowhere note]]" in report.warnings
    assert "Daily/2024-05-06.md: nothing is at gone.md" in report.warnings


def test_what_is_hidden_or_ignored_is_left_out_and_the_ignored_is_told(
    base: KnowledgeBase, vault: Path
) -> None:
    report = base.import_folder(vault)
    assert not any("Secret" in step.file or "Old" in step.file for step in report.steps)
    assert "left out by .gitignore: private/" in report.warnings
    assert report.failed == ()


def test_the_folders_of_a_repository_are_tags_but_those_that_are_no_category(
    base: KnowledgeBase, til: Path
) -> None:
    base.import_folder(til)
    tags = {title: set(entry.tags) for title, entry in entries(base).items()}
    assert "git" in tags["Stash what is untracked"] & tags["Who wrote a line"]
    assert "python" in tags["Merge two dicts"]
    assert "docs" not in tags["How this is made"]
    assert "2024" not in tags["New year"]


def test_the_folders_of_a_vault_are_tags_only_if_asked_for(base: KnowledgeBase, vault: Path) -> None:
    asked = base.import_folder(vault, folder_tags=True, dry_run=True)
    assert [step.tags for step in asked.steps if step.title == "Starter"] == [("cooking",)]
    base.import_folder(vault)
    assert entries(base)["Starter"].tags == ()


def test_folder_tags_can_be_chosen(base: KnowledgeBase, til: Path) -> None:
    base.import_folder(til, folder_tags=False)
    assert "git" not in entries(base)["Who wrote a line"].tags


def test_a_file_is_cut_at_the_headings_that_repeat(base: KnowledgeBase, tmp_path: Path) -> None:
    text = "---\ntags: x\n---\n# All\n\nBefore.\n\n## One\n\nFirst #a.\n\n"
    text += "## Two\n\nSecond.\n\n### Deep\n\nIn two.\n\n"
    root = grow(tmp_path / "notes", {"all.md": text, "single.md": "# Single\n\nAlone.\n"})
    report = base.import_folder(root, by="heading")
    assert [step.title for step in report.steps] == ["All", "One", "Two", "Single"]
    found = entries(base)
    assert found["One"].tags == ("x", "a")
    assert found["Two"].source
    assert found["Two"].source.section == ("# All",)
    parts = [base.show([str(number)])[0].entry for number in (1, 2, 3)]
    assert "".join(each.source.lead + each.body + each.source.tail for each in parts if each.source) == text
    again = base.import_folder(root)  # the way of the first time is kept
    assert again.ids("keep") == (1, 2, 3, 4)
    assert len(again.steps) == 4


def test_front_matter_that_is_not_yaml_is_kept_as_text_with_a_warning(
    base: KnowledgeBase, tmp_path: Path
) -> None:
    text = "---\ntitle: a: b: c\n---\nBody here.\n"
    root = grow(tmp_path / "notes", {"broken.md": text})
    report = base.import_folder(root)
    assert any("kept as text" in warning for warning in report.warnings)
    assert base.show(["1"])[0].entry.body == text
    assert base.import_folder(root).ids("keep") == (1,)


def test_a_file_of_front_matter_only_is_an_entry_of_it_and_an_empty_one_is_none(
    base: KnowledgeBase, tmp_path: Path
) -> None:
    files = {"place.md": "---\ntags: x\nlocation: Lisbon\n---\n", "empty.md": "", "blank.md": "\n \n"}
    report = base.import_folder(grow(tmp_path / "notes", files))
    assert [(step.title, step.tags) for step in report.steps] == [("Place", ("x",))]
    assert ids(base, "lisbon") == [1]
    assert any("blank.md, empty.md: empty" in warning for warning in report.warnings)


def test_a_file_with_windows_line_ends_is_accounted_for(base: KnowledgeBase, tmp_path: Path) -> None:
    text = "---\r\ntitle: Ends\r\n---\r\n\r\nOne.\r\nTwo.\r\n\r\n"
    base.import_folder(grow(tmp_path / "notes", {"a.md": text}))
    entry = base.show(["1"])[0].entry
    assert entry.source
    assert entry.title == "Ends"
    assert entry.body == "One.\nTwo.\n"
    assert (entry.source.lead + entry.body + entry.source.tail).replace("\n", "\r\n") == text


def test_a_file_of_numbered_notes_becomes_one_entry_with_a_hint(base: KnowledgeBase, tmp_path: Path) -> None:
    notes = "".join(f"{n}. _Term {n}_ is a note of its own.\n" for n in range(1, 13))
    root = grow(tmp_path / "notes", {"long.md": notes})
    report = base.import_folder(root)
    assert report.ids("add") == (1,)
    assert any("12 numbered notes" in warning for warning in report.warnings)


def test_a_file_imported_note_by_note_is_left_to_that(base: KnowledgeBase, tmp_path: Path) -> None:
    root = grow(tmp_path / "notes", {"long.md": "1. _One_ is.\n2. _Two_ is.\n", "b.md": "# B\n\nb\n"})
    base.import_file(root / "long.md")
    report = base.import_folder(root)
    assert [(step.action, step.file) for step in report.steps] == [("add", "b.md")]
    assert any("long.md: left alone" in warning for warning in report.warnings)


def test_a_dry_run_says_what_happens_then_and_writes_nothing(base: KnowledgeBase, til: Path) -> None:
    planned = base.import_folder(til, dry_run=True)
    assert base.list().total == 0
    done = base.import_folder(til)
    assert done == planned


def test_a_folder_is_one_operation_and_one_undo_takes_it_back(base: KnowledgeBase, til: Path) -> None:
    base.import_folder(til)
    assert base.list().total == len(TIL)
    base.past.undo()
    assert base.list().total == 0


def test_what_is_no_folder_or_kbs_own_is_refused(base: KnowledgeBase, tmp_path: Path) -> None:
    grow(base.base, {"drafts/mine.md": "a draft"})
    for path in (tmp_path / "nowhere", base.base / "drafts", base.base / "entries"):
        with pytest.raises(InputError):
            base.import_folder(path)


def test_a_folder_around_the_base_brings_in_none_of_its_own_files(base: KnowledgeBase) -> None:
    grow(base.base, {"drafts/mine.md": "a draft", "mine.md": "# Mine\n\nBeside the entries.\n"})
    for root in (base.base.parent, base.base):
        report = base.import_folder(root, dry_run=True)
        assert [step.title for step in report.steps] == ["Mine"]
    report = base.import_folder(base.base)
    assert base.show(["1"])[0].entry.source
    assert report.ids("add") == (1,)
    assert base.import_folder(base.base).ids("keep") == (1,)


def test_a_wiki_link_names_the_entry_whose_title_it_is_if_there_is_one(
    base: KnowledgeBase, tmp_path: Path
) -> None:
    files = {
        "a.md": "# Links\n\n[[merge-dicts]], [[folder/Twice]], [[#Links]], [[None]], [[Merge Dicts#x|y]]\n",
        "merge-dicts.md": "`a | b`\n",
        "one/twice.md": "text\n",
        "two/twice.md": "text, too\n",
    }
    base.import_folder(grow(tmp_path / "notes", files))
    assert base.show(["1"])[0].targets == {"[[merge-dicts]]": 2, "[[Merge Dicts#x]]": 2}


def test_a_note_is_found_by_the_name_of_its_file(base: KnowledgeBase, tmp_path: Path) -> None:
    base.import_folder(grow(tmp_path / "notes", {"zeppelin.md": "# Airships\n\nThey fly.\n"}))
    assert ids(base, "zeppelin") == [1]


def test_links_are_followed_from_the_note_and_from_the_root(base: KnowledgeBase, tmp_path: Path) -> None:
    text = "[a](b.md) [b](/sub/b.md) [c](sub/b.md) [d](b) [e](../pic%20one.png?raw=1#x) [f](b.md#top)"
    text += " [g](sub/no.md) [h](#top) [i](http://x.y/z.md) [j](mailto:a@b.c) [k](../../..)"
    root = grow(tmp_path / "notes", {"sub/a.md": text, "sub/b.md": "b", "pic one.png": ""})
    assert base.import_folder(root).links == LinkCount(notes=5, files=2, nothing=1)
