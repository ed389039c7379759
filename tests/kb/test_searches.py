"""Saved searches: queries by name, in a file of the base."""

from __future__ import annotations

from pathlib import Path

import pytest

from kbnotes.errors import FormatError, StorageError, UsageError
from kbnotes.kb import KnowledgeBase, create_base
from tests.kb.disk import fingerprint, reopened


@pytest.fixture
def base(tmp_path: Path) -> KnowledgeBase:
    """An empty base."""
    create_base(tmp_path / "base")
    return KnowledgeBase(tmp_path / "base", cache=tmp_path / "cache")


def test_a_saved_search_is_there_for_the_next_command(base: KnowledgeBase, tmp_path: Path) -> None:
    assert base.saved_searches() == {}
    base.save_search("HW", "tag:hardware  -tag:ml\n")
    base.save_search("@papers", '"a survey" OR title:review')
    later = reopened(base, tmp_path / "cache")
    assert later.saved_searches() == {"hw": "tag:hardware -tag:ml", "papers": '"a survey" OR title:review'}
    later.save_search("hw", "chip*")
    later.forget_search("Papers")
    assert base.saved_searches() == {"hw": "chip*"}
    assert (base.base / "searches.yaml").stat().st_mode & 0o777 == 0o600


def test_saving_what_is_saved_already_writes_nothing(base: KnowledgeBase) -> None:
    base.save_search("hw", "chip")
    before = fingerprint(base.base)
    base.save_search("hw", "chip")
    assert fingerprint(base.base) == before


@pytest.mark.parametrize(("name", "text"), [("two words", "x"), ("", "x"), ("a/b", "x"), ("hw", " \n")])
def test_what_cannot_be_saved_is_said_and_nothing_is_written(
    base: KnowledgeBase, name: str, text: str
) -> None:
    with pytest.raises(UsageError):
        base.save_search(name, text)
    assert not (base.base / "searches.yaml").exists()


def test_what_is_not_saved_cannot_be_forgotten(base: KnowledgeBase) -> None:
    with pytest.raises(UsageError, match="no saved search “hw”"):
        base.forget_search("hw")


def test_a_file_that_cannot_be_read_is_named_and_kept(base: KnowledgeBase) -> None:
    path = base.base / "searches.yaml"
    for content in (b"hw: [a\n", b"\xff\xfe", b"hw: a\nhw: b\n"):
        path.write_bytes(content)
        for act in (
            base.saved_searches,
            lambda: base.save_search("kv", "x"),
            lambda: base.forget_search("hw"),
        ):
            with pytest.raises(FormatError, match=r"searches\.yaml"):
                act()
        assert path.read_bytes() == content


def test_a_link_is_neither_read_nor_written_through(base: KnowledgeBase, tmp_path: Path) -> None:
    (tmp_path / "elsewhere.yaml").write_text("hw: chip\n")
    (base.base / "searches.yaml").symlink_to(tmp_path / "elsewhere.yaml")
    with pytest.raises(FormatError, match="symbolic link"):
        base.save_search("kv", "x")
    assert (tmp_path / "elsewhere.yaml").read_text() == "hw: chip\n"


def test_where_nothing_can_be_written_the_file_stays_as_it_was(
    base: KnowledgeBase, monkeypatch: pytest.MonkeyPatch
) -> None:
    base.save_search("hw", "chip")

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("kbnotes.store.files._write_all", full)
    with pytest.raises(StorageError, match="the disk is full"):
        base.save_search("kv", "x")
    assert base.saved_searches() == {"hw": "chip"}


def test_doctor_knows_the_file_and_says_when_it_cannot_be_read(base: KnowledgeBase) -> None:
    base.save_search("hw", "chip")
    assert not base.health.check().findings
    (base.base / "searches.yaml").write_text("hw: [a, b]\n")
    (finding,) = base.health.check().findings
    assert (finding.check, finding.path, finding.level) == ("searches", "searches.yaml", "problem")
    assert "line 1" in finding.said


def test_a_backup_holds_the_file(base: KnowledgeBase, tmp_path: Path) -> None:
    base.save_search("hw", "chip")
    done = base.back_up(tmp_path / "base.tar.gz")
    assert not done.left_out
    assert done.files == len(fingerprint(base.base))
