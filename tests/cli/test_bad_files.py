"""Files that cannot be imported or read: one clear sentence, a documented exit code, nothing lost."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from kbnotes.store import Store
from tests.cli.console import Said, entry_files, kb, one_sentence

pytestmark = pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning")


def _import(path: Path, content: bytes) -> Said:
    path.write_bytes(content)
    return kb("import", path.name)


def test_a_folder_without_markdown_says_so(here: Path) -> None:
    (here / "shelf").mkdir()
    said = kb("import", "shelf")
    assert (said.code, said.out) == (0, "shelf: no Markdown files in it\n")


def test_options_for_folders_want_a_folder(here: Path) -> None:
    (here / "notes.md").write_text("1. _One_ is.\n")
    assert "for folders" in one_sentence(kb("import", "--folder-tags", "notes.md"), code=2)
    assert "a file" in one_sentence(kb("import", "--by", "list", "."), code=2)
    assert "for files" in one_sentence(kb("import", "--keep", "."), code=2)


def test_a_missing_file_is_named(here: Path) -> None:
    assert one_sentence(kb("import", "nowhere.md"), code=2) == "There is no file nowhere.md."


@pytest.mark.parametrize(
    "content", [bytes(range(256)) * 40, b"\x01\x02\x03\x04" * 400, b"\x89PNG\r\n\x1a\n\0\0"]
)
def test_a_binary_file_makes_no_entry(here: Path, content: bytes) -> None:
    one_sentence(_import(here / "image.md", content), code=2)
    assert not entry_files(here)


def test_an_empty_file_is_no_error_and_no_entry(here: Path) -> None:
    said = _import(here / "empty.md", b"")
    assert (said.code, said.out) == (0, "empty.md: no entries in it\n")
    assert not entry_files(here)


def test_a_file_without_numbers_is_kept_and_said_to_be_one(here: Path) -> None:
    said = _import(here / "prose.md", b"Only prose.\n")
    assert said.code == 0
    assert "no numbered notes" in said.err
    assert kb("search", "prose").code == 0


def test_a_megabyte_on_one_line_is_one_entry_that_is_found(here: Path) -> None:
    said = _import(here / "long.md", b"1. flour " + b"water" * 200_000 + b"\n")
    assert said.code == 0
    assert len(entry_files(here)) == 1
    assert kb("search", "flour").code == 0
    assert len(kb("show", "1").out) > 1_000_000


def test_latin_1_is_refused_with_the_way_to_import_it(here: Path) -> None:
    said = _import(here / "old.md", "1. Café crème\n".encode("latin-1"))
    assert "old.md is not UTF-8" in one_sentence(said, code=2)
    assert "--encoding latin-1" in said.err
    assert kb("import", "--encoding", "latin-1", "old.md").code == 0
    assert kb("search", "café").code == 0


def test_one_bad_file_does_not_keep_the_others_out(here: Path) -> None:
    (here / "good.md").write_text("1. Bread\n")
    said = kb("import", "nowhere.md", "good.md")
    assert one_sentence(said, code=2)
    assert "good.md: 1 added" in said.out


def test_an_entry_file_broken_by_hand_is_named_and_kept_while_the_rest_works(bread: Path) -> None:
    path = entry_files(bread)[1]
    broken = b"id: 2\ntitle: [Rye\nbody: \xff|\n  wants a hot oven\n"
    path.write_bytes(broken)
    for command in (["list"], ["search", "sourdough"], ["tags"], ["show", "1"], ["add", "Oats"]):
        said = kb(*command)
        assert said.code == 0, said.err
        assert path.name in said.err or command[0] == "add"
    assert kb("rm", "1").code == 0
    assert path.read_bytes() == broken


def test_a_program_hears_of_a_broken_file_too(bread: Path) -> None:
    path = entry_files(bread)[1]
    path.write_text("id: [")
    said = kb("list", "--json")
    assert said.json["total"] == 2
    assert said.problem["kind"] == "format"
    assert path.name in said.problem["message"]


def test_two_files_with_one_id_are_both_listed_and_neither_is_taken_for_the_other(bread: Path) -> None:
    first = entry_files(bread)[0]
    twin = first.with_name("0009-twin.yaml")
    twin.write_bytes(first.read_bytes())
    assert kb("list").out.count("Sourdough") == 2
    said = kb("show", "1")
    assert first.name in one_sentence(said, code=2)
    assert twin.name in said.err
    one_sentence(kb("rm", "1"), code=2)
    assert first.exists()
    assert twin.exists()


def test_topics_broken_by_hand_are_named_and_searching_goes_on(bread: Path) -> None:
    (bread / "topics.yaml").write_text("topics: [")
    said = kb("search", "sourdough")
    assert said.code == 0
    assert "topics.yaml" in said.err
    added = kb("add", "Oats")
    assert added.code == 0
    assert "topics.yaml" in added.err
    (bread / "more.md").write_text("1. Oats\n")
    assert "topics.yaml" in one_sentence(kb("import", str(bread / "more.md")), code=2)


def test_a_base_on_a_read_only_file_system_can_be_read_and_says_why_it_cannot_be_written(
    bread: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def read_only(*_: object, **__: object) -> None:
        raise OSError(30, "Read-only file system")

    before = {path: path.read_bytes() for path in entry_files(bread)}
    monkeypatch.setattr(os, "link", read_only)
    monkeypatch.setattr(Path, "replace", read_only)
    said = kb("add", "Oats")
    assert "read-only" in one_sentence(said, code=4)
    assert "read-only" in one_sentence(kb("edit", "1", "--title", "Other"), code=4)
    assert "read-only" in one_sentence(kb("rm", "1"), code=4)
    assert kb("search", "sourdough").code == 0
    assert {path: path.read_bytes() for path in entry_files(bread)} == before
    assert "Barley and rye" in kb("add", "Barley and rye").err, "what was typed is shown if it can't be kept"


def test_text_that_cannot_become_an_entry_is_kept_as_a_draft(
    bread: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(Store, "commit", full)
        said = kb("add", "-", "-t", "grain", stdin=b"Barley\n\nand rye\n")
    assert "the disk is full" in said.err
    (draft,) = (bread / "drafts").iterdir()
    assert str(draft) in said.err
    assert draft.read_text().endswith("tags: grain\n---\nBarley\n\nand rye\n")
    monkeypatch.setenv("EDITOR", "true")
    assert "Barley" in kb("add", "--resume").out
    assert not list((bread / "drafts").glob("*.md"))


@pytest.mark.skipif(os.geteuid() == 0, reason="permissions do not bind root")
def test_a_base_without_permission_to_write_says_so(bread: Path) -> None:
    (bread / "entries").chmod(0o500)
    try:
        assert "permission is denied" in one_sentence(kb("add", "Oats"), code=4)
        assert kb("search", "sourdough").code == 0
    finally:
        (bread / "entries").chmod(0o700)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_output_onto_a_full_disk_is_an_error_and_no_traceback(bread: Path) -> None:
    import subprocess

    from tests.cli.console import PROGRAM

    with Path("/dev/full").open("w") as full:
        done = subprocess.run([*PROGRAM, "list"], stdout=full, stderr=subprocess.PIPE, check=False)
    assert done.returncode == 4
    assert done.stderr.decode() == "kb: Cannot write the output: no space left on device.\n"


def test_asking_for_a_broken_entry_says_what_is_wrong_with_its_file(bread: Path) -> None:
    broken = entry_files(bread)[0]
    broken.write_text("bad: [")
    said = kb("show", "1")
    assert said.code == 2
    assert f"hint: {broken.name}" in said.err
