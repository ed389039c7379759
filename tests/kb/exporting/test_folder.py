"""A directory out: names that every system takes, and no file overwritten that is not kb's own."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kbnotes.errors import InputError, StorageError
from kbnotes.kb import KnowledgeBase
from kbnotes.kb.exporting.folder import MAX_BYTES, markdown_files, obsidian_files, safe_name
from kbnotes.kb.exporting.writing import LIST
from kbnotes.model import Exported, Form
from kbnotes.record import replace
from tests.codec.helpers import entry
from tests.codec.test_round_trip import any_text

RESERVED = {"con", "prn", "aux", "nul", *(f"{port}{at}" for port in ("com", "lpt") for at in range(10))}


@given(st.lists(any_text, max_size=6))
@settings(max_examples=200, deadline=None)
def test_every_name_is_one_that_every_system_takes_and_no_two_are_alike(titles: list[str]) -> None:
    made = [entry(id=at, title=title) for at, title in enumerate(titles)]
    for files in (obsidian_files, markdown_files):
        names = [name for name, _ in files(made)]
        assert len({name.casefold() for name in names}) == len(names) == len(titles)
        for name in names:
            stem = name.removesuffix(".md")
            assert stem == stem.strip(" .") != ""
            assert not set(name) & set('\\/:*?"<>|\0\n\r\t\x1b\x7f\u202e\u2028#^[]')
            assert len(name.encode()) <= MAX_BYTES + 40
            assert stem.partition(".")[0].lower() not in RESERVED


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("KV cache", "KV cache"),
        ("A/B: what?", "A B what"),
        ("../../etc/passwd", "etc passwd"),
        ("con", "con_"),
        ("NUL.txt", "NUL.txt_"),
        ("LPT1", "LPT1_"),
        ("...", ""),
        ("a.", "a"),
        ("漢字", "漢字"),
        ("e\u0301", "é"),
        ("x" * 300, "x" * 100),
    ],
)
def test_a_title_is_made_a_name(title: str, name: str) -> None:
    assert safe_name(title) == name


def test_titles_that_some_file_system_takes_for_one_get_their_ids() -> None:
    titles = ["Cache", "cache", "CACHE", "ﬁle", "file", ""]
    made = [entry(id=at, title=title) for at, title in enumerate(titles, 1)]
    names = [name for name, _ in obsidian_files(made)]
    assert names == ["Cache.md", "cache 2.md", "CACHE 3.md", "ﬁle.md", "file 5.md", "Entry 6.md"]
    twice = [entry(id=1, title="x"), entry(id=1, title="x")]
    assert [name for name, _ in markdown_files(twice)] == ["0001-x.md", "0001-x 1.md"]


def _write(
    base: KnowledgeBase, place: Path, *, form: Form = "md", overwrite: bool = False, query: str = ""
) -> Exported:
    return base.export(query, form=form).write(place, overwrite=overwrite)


def test_an_entry_a_file_and_the_same_again_changes_nothing(seeded: KnowledgeBase, tmp_path: Path) -> None:
    place = tmp_path / "out" / "md"
    done = _write(seeded, place)
    assert (done.entries, done.written, done.unchanged, done.left) == (20, 20, 0, ())
    before = {path.name: path.stat().st_mtime_ns for path in place.iterdir()}
    done = _write(seeded, place)
    assert (done.written, done.unchanged, done.left) == (0, 20, ())
    assert {path.name: path.stat().st_mtime_ns for path in place.iterdir()} == before
    assert sorted(name for name in before if not name.startswith("."))[17] == "0018-kv-cache.md"


def test_a_file_that_is_there_is_left_and_the_others_are_written(
    seeded: KnowledgeBase, tmp_path: Path
) -> None:
    mine = tmp_path / "0018-kv-cache.md"
    mine.write_text("Mine.")
    for overwrite, why in ((False, "is there already"), (True, "was not made by an export")):
        done = _write(seeded, tmp_path, overwrite=overwrite)
        ((name, reason),) = done.left
        assert (name, mine.read_text()) == ("0018-kv-cache.md", "Mine.")
        assert why in reason
    assert done.unchanged == 19


def test_overwrite_replaces_what_an_export_made_and_nobody_changed(
    seeded: KnowledgeBase, tmp_path: Path
) -> None:
    place = tmp_path / "md"
    _write(seeded, place)
    (place / "0003-onnx.md").write_text("Changed by hand.")
    for number in ("3", "18", "4"):
        seeded.edit(number, tags=["mine"])
    assert [name for name, _ in _write(seeded, place).left] == [
        "0003-onnx.md", "0004-multi-processors.md", "0018-kv-cache.md",
    ]  # fmt: skip
    done = _write(seeded, place, overwrite=True)
    assert done.left == (("0003-onnx.md", "was changed since kb exported it"),)
    assert (place / "0003-onnx.md").read_text() == "Changed by hand."
    assert "- mine\n" in (place / "0018-kv-cache.md").read_text()
    assert done.written == 2


def test_files_of_an_earlier_export_stay_and_are_counted(seeded: KnowledgeBase, tmp_path: Path) -> None:
    _write(seeded, tmp_path / "md")
    seeded.edit("18", title="Another")
    done = _write(seeded, tmp_path / "md", overwrite=True)
    assert (done.written, done.stale) == (1, 1)
    assert (tmp_path / "md" / "0018-kv-cache.md").exists()


def test_nothing_is_written_through_a_symbolic_link(seeded: KnowledgeBase, tmp_path: Path) -> None:
    place, target = tmp_path / "md", tmp_path / "target"
    place.mkdir()
    target.write_text("Mine.")
    (place / "0018-kv-cache.md").symlink_to(target)
    (place / "0003-onnx.md").symlink_to(tmp_path / "nowhere")
    left = dict(_write(seeded, place, overwrite=True).left)
    assert set(left) == {"0018-kv-cache.md", "0003-onnx.md"}
    assert (target.read_text(), (tmp_path / "nowhere").exists()) == ("Mine.", False)


@pytest.mark.parametrize(
    "content", ["", "[]", "{}", '{"format": "x", "files": {}}', '{"format": "kb-export"}']
)
def test_a_list_that_is_none_of_kbs_is_refused_and_kept(
    seeded: KnowledgeBase, tmp_path: Path, content: str
) -> None:
    (tmp_path / LIST).write_text(content)
    with pytest.raises(InputError, match="not the list of an export"):
        _write(seeded, tmp_path)
    assert (tmp_path / LIST).read_text() == content


def test_what_was_written_before_the_disk_was_full_is_on_the_list(
    seeded: KnowledgeBase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from kbnotes.store import files

    create, count = files.create, iter(range(99))

    def failing(path: Path, content: bytes, *, sync_directory: bool = True) -> None:
        if next(count) == 5:
            raise OSError(28, "No space left on device")
        create(path, content, sync_directory=sync_directory)

    monkeypatch.setattr(files, "create", failing)
    with pytest.raises(StorageError, match="the disk is full"):
        _write(seeded, tmp_path / "md")
    listed = json.loads((tmp_path / "md" / LIST).read_text())["files"]
    assert sorted(listed) == sorted(path.name for path in (tmp_path / "md").glob("0*.md"))
    assert len(listed) == 5


def test_a_file_is_not_overwritten_unless_that_is_asked_for(seeded: KnowledgeBase, tmp_path: Path) -> None:
    path = tmp_path / "out.json"
    assert _write(seeded, path, form="json").written == 1
    before = path.read_bytes()
    with pytest.raises(InputError, match="is there already"):
        _write(seeded, path, form="csv")
    assert path.read_bytes() == before
    _write(seeded, path, form="csv", overwrite=True)
    assert path.read_bytes().startswith(b"id,title,tags")
    link = tmp_path / "link.json"
    link.symlink_to(path)
    with pytest.raises(InputError, match="no regular file"):
        _write(seeded, link, form="json", overwrite=True)
    with pytest.raises(InputError, match="is a directory"):
        _write(seeded, tmp_path, form="json")
    with pytest.raises(InputError, match="is no directory"):
        _write(seeded, path, form="md")
    with pytest.raises(StorageError, match="Cannot write"):
        _write(seeded, tmp_path / "no" / "out.json", form="json")
    assert [each.name for each in tmp_path.glob(".*")] == []


@pytest.mark.parametrize(
    "name", ["entries/0001-x.yaml", "topics.yaml", "journal.jsonl", "last-id", "trash/x"]
)
def test_an_export_never_writes_where_the_base_keeps_its_own(seeded: KnowledgeBase, name: str) -> None:
    for form in ("json", "md"):
        with pytest.raises(InputError, match="belongs to the base itself"):
            _write(seeded, seeded.base / name, form=form, overwrite=True)


def test_titles_cannot_lead_out_of_the_directory(base: KnowledgeBase, tmp_path: Path) -> None:
    for title in ("../../x", "/etc/x", "C:\\x", "..", "~/x", "a\\..\\b"):
        base.add("Text.", title=title)
    made = [replace(each, title=f"{each.title}") for each in base.export(form="obsidian").entries]
    place = tmp_path / "deep" / "vault"
    done = _write(base, place, form="obsidian")
    assert done.written == len(made) == len(list(place.glob("*.md")))
    assert [path.name for path in (tmp_path / "deep").iterdir()] == ["vault"]
