"""Writing into a file that is not kb's own, and keeping what it held."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from kbnotes.errors import ConflictError, StorageError
from kbnotes.store import files
from kbnotes.store.linked import LinkedFiles, version_digest


@pytest.fixture
def file(tmp_path: Path) -> Path:
    (tmp_path / "place").mkdir()
    path = tmp_path / "place" / "long notes.md"
    path.write_bytes(b"old")
    path.chmod(0o640)
    return path


def test_a_file_is_replaced_only_if_it_holds_what_was_read(file: Path) -> None:
    assert files.rewrite(file, b"new", expected=b"old")
    assert (file.read_bytes(), file.stat().st_mode & 0o777) == (b"new", 0o640)
    assert not files.rewrite(file, b"newer", expected=b"old")
    assert file.read_bytes() == b"new"
    assert list(file.parent.iterdir()) == [file]


@pytest.mark.parametrize("call", ["replace", "fsync"])
def test_a_failure_leaves_the_file_and_no_other(
    file: Path, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path if call == "replace" else os, call, fail)
    with pytest.raises(OSError, match="No space"):
        files.rewrite(file, b"new", expected=b"old")
    assert file.read_bytes() == b"old"
    assert list(file.parent.iterdir()) == [file]


def test_where_there_are_no_owners_the_file_is_replaced_all_the_same(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(os, "chown")
    assert files.rewrite(file, b"new", expected=b"old")


def test_what_a_file_held_is_kept_once_for_each_time(file: Path, tmp_path: Path) -> None:
    (tmp_path / "base").mkdir()
    linked = LinkedFiles(tmp_path / "base")
    assert list(linked.versions()) == []
    first = linked.rewrite(file, b"new", expected=b"old")
    second = linked.rewrite(file, b"newer", expected=b"new")
    assert [path for path, _ in linked.versions()] == [first, second]
    assert (first.read_bytes(), second.read_bytes()) == (b"old", b"new")
    assert first.parent.name.startswith("long-notes.md-")
    (first.parent / "by hand").write_bytes(b"x")
    (linked.directory / "stray").write_bytes(b"x")
    assert [path for path, _ in linked.versions()] == [first, second]
    assert version_digest("by hand") is None


def test_after_a_crash_the_same_content_is_not_kept_twice(file: Path, tmp_path: Path) -> None:
    (tmp_path / "base").mkdir()
    linked = LinkedFiles(tmp_path / "base")
    with pytest.raises(ConflictError, match="was changed while kb was at it"):
        linked.rewrite(file, b"new", expected=b"older")
    (kept,) = linked.versions()
    file.write_bytes(b"older")
    assert linked.rewrite(file, b"new", expected=b"older") == kept[0]
    assert len(list(linked.versions())) == 1


def test_what_cannot_be_kept_is_not_replaced(file: Path, tmp_path: Path) -> None:
    (tmp_path / "base").mkdir()
    (tmp_path / "base" / "linked").write_bytes(b"in the way")
    with pytest.raises(StorageError):
        LinkedFiles(tmp_path / "base").rewrite(file, b"new", expected=b"old")
    assert file.read_bytes() == b"old"
