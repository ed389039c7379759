"""Folders with what no one would put there: each is told, and the rest goes on."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kbnotes.codec import MAX_SIZE, encode_entry
from kbnotes.kb import KnowledgeBase
from kbnotes.kb.folder.bringing import MAX_NOTE
from kbnotes.model import Entry
from tests.kb.folder.trees import grow


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A folder with one good note."""
    return grow(tmp_path / "tree", {"good.md": "# Good\n\nText.\n"})


def passed(base: KnowledgeBase, root: Path) -> dict[str, str]:
    """Import `root`, check that the good note came in, and return what was passed over."""
    report = base.import_folder(root)
    assert "Good" in [step.title for step in report.steps]
    return dict(report.failed)


def test_links_out_of_the_folder_are_not_followed(base: KnowledgeBase, root: Path, tmp_path: Path) -> None:
    grow(tmp_path / "outside", {"secret.md": "a secret", "notes/more.md": "more"})
    (root / "link.md").symlink_to(tmp_path / "outside/secret.md")
    (root / "folder").symlink_to(tmp_path / "outside/notes")
    (root / "nowhere.md").symlink_to(tmp_path / "nothing")
    (root / "good-too.md").symlink_to("good.md")
    found = passed(base, root)
    assert found.keys() == {"link.md", "folder", "nowhere.md"}
    assert "leads out" in found["link.md"]
    assert base.list().total == 1


def test_a_loop_of_links_ends(base: KnowledgeBase, root: Path) -> None:
    (root / "inner").mkdir()
    (root / "inner/up").symlink_to("..")
    (root / "round.md").symlink_to("round.md")
    assert "leads nowhere" in passed(base, root)["round.md"]
    assert base.list().total == 1


def test_names_that_cannot_be_written_down_are_told(base: KnowledgeBase, root: Path) -> None:
    (root / "two\nlines.md").write_text("text")
    (root / "bell\a").mkdir()
    (root / "bell\a/in.md").write_text("text")
    Path(os.fsdecode(os.fsencode(root) + b"/\xff.md")).write_text("text")
    found = passed(base, root)
    assert sorted(found.values()) == [
        "its name holds a line break or another control character",
        "its name holds a line break or another control character",
        "its name is not UTF-8",
    ]


def test_what_is_no_text_file_is_told(base: KnowledgeBase, root: Path) -> None:
    os.mkfifo(root / "pipe.md")
    (root / "binary.md").write_bytes(bytes(range(256)) * 9)
    (root / "null.md").write_bytes(bytes(500))
    with (root / "huge.md").open("wb") as file:
        file.truncate(100_000_000)
    (root / "folder.md").mkdir()
    found = passed(base, root)
    assert found.keys() == {"pipe.md", "binary.md", "null.md", "huge.md"}
    assert "larger than 4 MB" in found["huge.md"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_what_may_not_be_read_is_told(base: KnowledgeBase, root: Path) -> None:
    grow(root, {"closed.md": "text", "shut/in.md": "text"})
    (root / "closed.md").chmod(0)
    (root / "shut").chmod(0)
    try:
        assert passed(base, root).keys() == {"closed.md", "shut"}
    finally:
        (root / "shut").chmod(0o700)


def test_a_note_as_large_as_may_be_is_an_entry_that_can_be_read_again() -> None:
    time = datetime(2026, 11, 27, tzinfo=UTC)
    entry = Entry(id=1, title="t", tags=(), created=time, updated=time, body="a\n" * (MAX_NOTE // 2 - 100))
    assert len(encode_entry(entry).encode()) < MAX_SIZE


def test_a_note_too_large_as_yaml_is_told(base: KnowledgeBase, root: Path) -> None:
    (root / "escapes.md").write_text("text " * 20_000 + "\x01" * 3_000_000)
    report = base.import_folder(root)
    assert [path for path, _ in report.failed] == ["escapes.md"]
    assert [step.title for step in report.steps] == ["Good"]
    again = base.import_folder(root)
    assert again.ids("keep") == report.ids("add")


def test_a_line_of_brackets_and_a_megabyte_end_soon(base: KnowledgeBase, root: Path) -> None:
    grow(root, {"brackets.md": "[" * 20_000, "wiki.md": "[[" * 10_000 + "a]]", "long.md": "word " * 200_000})
    assert passed(base, root) == {}


def test_a_folder_that_is_nowhere_or_empty_says_so(base: KnowledgeBase, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    report = base.import_folder(tmp_path / "empty")
    assert (report.files, report.steps) == (0, ())
