"""A long file that stays where it is, and its entries: edited on either side, they become one again."""

from __future__ import annotations

from pathlib import Path

import pytest

from kbnotes.errors import ConflictError, ConsentError, InputError, StorageError
from kbnotes.kb import KnowledgeBase
from kbnotes.store import Store, files
from tests.conftest import SEED
from tests.kb.disk import fingerprint, ids

TEXT = "# ML\n\n1. alpha\nmore of alpha\nthe end of alpha\n\n2. beta\n\n\n3) gamma\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "long.md"


def link(base: KnowledgeBase, file: Path, text: str = TEXT) -> str:
    """Link a file and return what sources call it."""
    file.write_bytes(text.encode())
    base.import_file(file, keep=True)
    return base.linked.named(file)


def sync(base: KnowledgeBase, name: str, **how: object) -> dict[str, tuple[int, ...]]:
    """Sync and return the ids of each action that happened."""
    report = base.linked.sync(name, **how)  # type: ignore[arg-type]
    return {action: report.ids(action) for action in dict.fromkeys(step.action for step in report.steps)}


def body(base: KnowledgeBase, entry_id: int) -> str:
    return base.show([str(entry_id)])[0].entry.body


def test_a_note_changed_in_the_file_updates_its_entry(base: KnowledgeBase, file: Path) -> None:
    name = link(base, file)
    file.write_text(TEXT.replace("beta", "beta, by hand"))
    assert sync(base, name) == {"keep": (1, 3), "update": (2,)}
    assert body(base, 2) == "beta, by hand\n"
    assert ids(base, "hand") == [2]


def test_an_entry_changed_in_kb_goes_to_its_place_and_no_other_byte_changes(
    base: KnowledgeBase, file: Path
) -> None:
    name = link(base, file, TEXT.replace("\n", "\r\n"))
    base.edit("2", body="beta, in kb\nand a line\n")
    assert sync(base, name) == {"keep": (1, 3), "write": (2,)}
    expected = TEXT.replace("2. beta\n", "2. beta, in kb\nand a line\n")
    assert file.read_bytes().decode() == expected.replace("\n", "\r\n")
    assert sync(base, name) == {"keep": (1, 2, 3)}


def test_both_changed_elsewhere_are_merged_by_lines(base: KnowledgeBase, file: Path) -> None:
    name = link(base, file)
    base.edit("1", body="alpha\nmore of alpha\nthe end of alpha, in kb\n")
    file.write_text(TEXT.replace("1. alpha", "1. alpha, by hand"))
    assert sync(base, name) == {"merge": (1,), "keep": (2, 3)}
    merged = "alpha, by hand\nmore of alpha\nthe end of alpha, in kb\n"
    assert body(base, 1) == merged
    assert f"1. {merged}" in file.read_text()
    assert sync(base, name) == {"keep": (1, 2, 3)}


def test_where_the_changes_meet_both_are_kept_and_the_entry_stays(base: KnowledgeBase, file: Path) -> None:
    name = link(base, file)
    base.edit("2", body="beta, in kb\n")
    by_hand = TEXT.replace("beta", "beta, by hand")
    file.write_text(by_hand)
    before = fingerprint(base.base / "entries")
    assert sync(base, name) == {"keep": (1, 3), "conflict": (2,)}
    assert fingerprint(base.base / "entries") == before
    assert file.read_text() == by_hand
    (kept,) = [version for version in base.past.versions(2) if version.label == "file"]
    assert base.past.stored(kept).entry.body == "beta, by hand\n"
    assert sync(base, name) == {"keep": (1, 3), "conflict": (2,)}
    assert [version for version in base.past.versions(2) if version.label == "file"] == [kept]
    base.past.bring_back(2, kept.number)
    assert sync(base, name) == {"keep": (1, 2, 3)}


@pytest.mark.parametrize(("prefer", "held"), [("kb", "beta, in kb\n"), ("file", "beta, by hand\n")])
def test_the_person_may_say_whose_text_holds(base: KnowledgeBase, file: Path, prefer: str, held: str) -> None:
    name = link(base, file)
    base.edit("2", body="beta, in kb\n")
    file.write_text(TEXT.replace("beta", "beta, by hand"))
    sync(base, name, prefer=prefer)
    assert body(base, 2) == held
    assert file.read_text() == TEXT.replace("beta\n", held)
    held_before = [path.read_text() for path in base.base.glob("linked/*/*")]
    assert held_before == ([TEXT.replace("beta", "beta, by hand")] if prefer == "kb" else [])


def test_a_new_note_becomes_an_entry_and_one_that_is_gone_is_reported(
    base: KnowledgeBase, file: Path
) -> None:
    name = link(base, file)
    file.write_text("# ML\n\n1. alpha\nmore of alpha\nthe end of alpha\n\n2. beta\n\n3. delta epsilon\n")
    assert sync(base, name) == {"keep": (1, 2), "update": (3,)}
    file.write_text("# ML\n\n1. alpha\nmore of alpha\nthe end of alpha\n\n4. eta\n")
    assert sync(base, name) == {"keep": (1,), "add": (4,), "missing": (2, 3)}
    assert sync(base, name, prune=True, dry_run=True) == {"keep": (1, 4), "prune": (2, 3)}
    assert sync(base, name, prune=True) == {"keep": (1, 4), "prune": (2, 3)}
    assert [number for number, _ in base.trashed()] == [2, 3]
    assert sync(base, name, prune=True) == {"keep": (1, 4)}


def test_a_note_that_moved_or_was_renumbered_is_recognised_though_edited_on_either_side(
    base: KnowledgeBase, file: Path
) -> None:
    words = ["one bird sings", "two cats sleep well", "three dogs bark loudly", "four mice eat cheese"]
    name = link(base, file, "".join(f"{at}. {each}\n" for at, each in enumerate(words, 1)))
    base.edit("2", body="two cats sleep very well\n")
    moved = ["something new entirely", words[3], words[0], words[1], "three dogs bark very loudly"]
    file.write_text("".join(f"{at}. {each}\n" for at, each in enumerate(moved, 1)))
    assert sync(base, name) == {"add": (5,), "keep": (4, 1), "write": (2,), "update": (3,)}
    assert "4. two cats sleep very well\n" in file.read_text()
    assert sync(base, name) == {"keep": (5, 4, 1, 2, 3)}


@pytest.mark.parametrize(
    "trap", ["beta\n3. x\n", "beta\n# Heading\n", "beta\n```\nopen\n", "beta\n\n1. x\n\n9. y\n"]
)
def test_text_that_would_be_no_single_note_stays_out_of_the_file(
    base: KnowledgeBase, file: Path, trap: str
) -> None:
    name = link(base, file)
    base.edit("2", body=trap)
    base.edit("3", body="gamma, in kb\n")
    assert sync(base, name) == {"keep": (1,), "conflict": (2,), "write": (3,)}
    assert body(base, 2) == trap
    assert [each.number for each in base.linked.sync(name).steps if each.action != "missing"] == [1, 2, 3]


def test_a_number_that_begins_the_text_of_a_note_stays_in_that_note(base: KnowledgeBase, file: Path) -> None:
    name = link(base, file)
    base.edit("2", body="3. beta\n")
    assert sync(base, name) == {"keep": (1, 3), "write": (2,)}
    assert "2. 3. beta\n" in file.read_text()
    assert sync(base, name) == {"keep": (1, 2, 3)}


def test_the_file_is_not_written_when_it_changed_meanwhile(
    base: KnowledgeBase, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = link(base, file)
    base.edit("2", body="beta, in kb\n")
    rewrite = files.rewrite

    def late(path: Path, content: bytes, *, expected: bytes) -> bool:
        file.write_text("another program was here\n")
        return rewrite(path, content, expected=expected)

    monkeypatch.setattr(files, "rewrite", late)
    before = fingerprint(base.base / "entries")
    with pytest.raises(ConflictError):
        base.linked.sync(name)
    assert file.read_text() == "another program was here\n"
    assert fingerprint(base.base / "entries") == before


def test_ended_between_file_and_entries_the_next_sync_ends_the_work(
    base: KnowledgeBase, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = link(base, file)
    base.edit("1", body="alpha, in kb\nmore of alpha\nthe end of alpha\n")
    file.write_text(TEXT.replace("the end of alpha", "the end, by hand").replace("beta", "beta, by hand"))

    def end(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(Store, "commit", end)
        with pytest.raises(KeyboardInterrupt):
            base.linked.sync(name)
    written = file.read_text()
    assert "1. alpha, in kb\nmore of alpha\nthe end, by hand\n" in written
    assert sync(base, name) == {"update": (1, 2), "keep": (3,)}
    assert file.read_text() == written
    assert body(base, 1) == "alpha, in kb\nmore of alpha\nthe end, by hand\n"


def test_a_full_disk_leaves_both_sides_as_they_were(
    base: KnowledgeBase, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = link(base, file)
    base.edit("2", body="beta, in kb\n")

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files, "rewrite", full)
    with pytest.raises(StorageError, match="disk is full"):
        base.linked.sync(name)
    assert file.read_text() == TEXT
    monkeypatch.undo()
    assert sync(base, name)["write"] == (2,)


def test_a_symlink_stays_one_and_the_mode_stays(base: KnowledgeBase, file: Path, tmp_path: Path) -> None:
    real = tmp_path / "elsewhere" / "real.md"
    real.parent.mkdir()
    file.symlink_to(real)
    real.write_text(TEXT)
    real.chmod(0o640)
    base.import_file(file, keep=True)
    base.edit("2", body="beta, in kb\n")
    assert sync(base, base.linked.named(file))["write"] == (2,)
    assert file.is_symlink()
    assert "beta, in kb" in real.read_text()
    assert real.stat().st_mode & 0o777 == 0o640
    assert not [path for path in real.parent.iterdir() if path != real]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "gb18030", "latin-1"])
def test_the_encoding_of_the_file_stays(base: KnowledgeBase, file: Path, encoding: str) -> None:
    named = encoding if encoding in ("gb18030", "latin-1") else None
    file.write_bytes("1. alpha\n2. é\n".encode(encoding))
    base.import_file(file, encoding=named, keep=True)
    base.edit("1", body="älpha\n")
    sync(base, base.linked.named(file))
    assert file.read_bytes() == "1. älpha\n2. é\n".encode(encoding)


def test_what_the_encoding_has_not_is_refused_and_nothing_is_written(base: KnowledgeBase, file: Path) -> None:
    file.write_bytes("1. alpha\n2. é\n".encode("latin-1"))
    base.import_file(file, encoding="latin-1", keep=True)
    base.edit("1", body="雪\n")
    with pytest.raises(InputError, match="LATIN-1"):
        base.linked.sync(base.linked.named(file))
    assert file.read_bytes() == "1. alpha\n2. é\n".encode("latin-1")


def test_bytes_that_cannot_be_written_back_are_left_alone(base: KnowledgeBase, file: Path) -> None:
    file.write_bytes(b"1. alpha\0\n2. beta\n")
    base.import_file(file, keep=True)
    base.edit("2", body="beta, in kb\n")
    with pytest.raises(InputError, match="cannot write back"):
        base.linked.sync(base.linked.named(file))
    assert file.read_bytes() == b"1. alpha\0\n2. beta\n"


def test_an_import_of_a_linked_file_goes_both_ways(base: KnowledgeBase, file: Path) -> None:
    link(base, file)
    base.edit("2", body="beta, in kb\n")
    assert base.import_file(file).ids("write") == (2,)
    assert "beta, in kb" in file.read_text()


def test_a_forgotten_file_is_left_alone(base: KnowledgeBase, file: Path) -> None:
    name = link(base, file)
    assert base.linked.files() == (file,)
    base.linked.forget(name)
    assert base.linked.files() == ()
    with pytest.raises(InputError, match="no linked file"):
        base.linked.sync(name)
    base.edit("2", body="beta, in kb\n")
    base.import_file(file)
    assert file.read_text() == TEXT


def test_a_linked_file_that_is_gone_is_said_and_its_entries_stay(base: KnowledgeBase, file: Path) -> None:
    name = link(base, file)
    file.unlink()
    with pytest.raises(InputError, match="There is no file"):
        base.linked.sync(name, prune=True)
    assert ids(base, "beta") == [2]


def test_very_much_at_once_is_asked_for(base: KnowledgeBase, file: Path) -> None:
    name = link(base, file, "".join(f"{at}. note {at}\n" for at in range(1, 31)))
    file.write_text("".join(f"{at}. note {at}, by hand\n" for at in range(1, 31)))
    with pytest.raises(ConsentError, match="30 entries would be changed"):
        base.linked.sync(name)
    assert len(sync(base, name, yes=True)["update"]) == 30
    file.write_text("1. note 1, by hand\n")
    with pytest.raises(ConsentError, match="29 entries would be removed"):
        base.linked.sync(name, prune=True)


def test_the_seed_linked_and_synced_is_untouched(base: KnowledgeBase, file: Path) -> None:
    file.write_bytes(SEED.read_bytes())
    base.import_file(file, keep=True)
    before = fingerprint(base.base / "entries")
    stat = file.stat()
    assert sync(base, base.linked.named(file)) == {"keep": tuple(range(1, 21))}
    assert fingerprint(base.base / "entries") == before
    assert (file.read_bytes(), file.stat().st_mtime_ns) == (SEED.read_bytes(), stat.st_mtime_ns)


# kb add --to


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("1. a\n2. b\n", "1. a\n2. b\n3. new\n"),
        ("1. a\n\n\n2. b", "1. a\n\n\n2. b\n\n\n3. new"),
        ("8) a\r\n\r\n9) b\r\n\r\n\r\n", "8) a\r\n\r\n9) b\r\n\r\n10) new\r\n\r\n\r\n"),
        ("01. a\n02. b\n", "01. a\n02. b\n03. new\n"),
        ("1. a\n1. b\n", "1. a\n1. b\n1. new\n"),
        ("3. c\n2. b\n1. a\n", "4. new\n3. c\n2. b\n1. a\n"),
        ("# A\n\n1. a\n\n2. b\n\n# B\n\nThe end.\n", "# A\n\n1. a\n\n2. b\n\n3. new\n\n# B\n\nThe end.\n"),
        ("### 1. a\n\nx\n\n### 2. b\n\ny\n", "### 1. a\n\nx\n\n### 2. b\n\ny\n\n### 3. new\n"),
        ("1、甲\n2、乙\n", "1、甲\n2、乙\n3、new\n"),
        ("九、a\n十、b\n", "九、a\n十、b\n十一、new\n"),
        ("１．a\n２．b\n", "１．a\n２．b\n３．new\n"),
        ("Only prose.\n", "Only prose.\n\n1. new\n"),
        ("", "1. new\n"),
    ],
)
def test_a_note_is_added_in_the_style_of_the_file(
    base: KnowledgeBase, file: Path, text: str, after: str
) -> None:
    name = link(base, file, text)
    count = len(base.list().entries)
    added = base.linked.append(name, "new")
    assert file.read_bytes().decode() == after
    assert sync(base, name, dry_run=True).keys() <= {"keep"}
    assert len(base.list().entries) == count + 1
    assert ids(base, "new") == [added.id]


def test_an_added_note_leaves_nothing_to_a_sync_and_one_undo_takes_it_back(
    base: KnowledgeBase, file: Path
) -> None:
    name = link(base, file, "1. a\n\n2. b\n\n\n\n")
    base.linked.append(name, "new")
    operations = len(base.past.operations())
    assert sync(base, name) == {"keep": (1, 2, 3)}
    assert len(base.past.operations()) == operations
    base.past.undo()
    assert ids(base, "new") == []


def test_text_that_would_be_several_notes_is_indented(base: KnowledgeBase, file: Path) -> None:
    name = link(base, file, "1. a\n2. b\n")
    base.linked.append(name, "steps:\n1. x\n4. y\n", title="Steps", tags=["how-to"])
    assert file.read_text() == "1. a\n2. b\n3. steps:\n   1. x\n   4. y\n"
    entry = base.show(["3"])[0].entry
    assert (entry.title, "how-to" in entry.tags) == ("Steps", True)
    assert sync(base, name) == {"keep": (1, 2, 3)}


def test_underlined_headings_take_no_note_and_nothing_is_written(base: KnowledgeBase, file: Path) -> None:
    text = "1 One\n=====\n\nx\n\n2 Two\n=====\n\ny\n"
    name = link(base, file, text)
    with pytest.raises(InputError, match="underlined"):
        base.linked.append(name, "new")
    with pytest.raises(InputError, match="no text"):
        base.linked.append(name, " \n")
    assert file.read_text() == text


def test_a_draft_may_become_a_note_of_the_file(base: KnowledgeBase, file: Path) -> None:
    name = link(base, file, "1. a\n2. b\n")
    draft = base.new_draft()
    draft.write_text(draft.read_text() + "from the editor\n")
    saved = base.save_draft(draft, to=name)
    assert saved is not None
    assert file.read_text() == "1. a\n2. b\n3. from the editor\n"
    assert not draft.exists()


def test_nobody_else_can_read_what_the_file_held(base: KnowledgeBase, file: Path) -> None:
    name = link(base, file)
    base.edit("2", body="beta, in kb\n")
    sync(base, name)
    for path in [base.base / "linked", *base.base.glob("linked/**/*"), base.base / "linked.yaml"]:
        assert path.stat().st_mode & 0o077 == 0, path
    assert any((base.base / "linked").iterdir())


def test_a_version_brought_back_is_an_edit_that_goes_to_the_file(base: KnowledgeBase, file: Path) -> None:
    name = link(base, file)
    file.write_text(TEXT.replace("beta", "beta, by hand"))
    sync(base, name)
    base.past.bring_back(2, 1)
    assert sync(base, name) == {"keep": (1, 3), "write": (2,)}
    assert file.read_text() == TEXT
    assert body(base, 2) == "beta\n"


def test_a_file_without_any_of_its_notes_is_pruned_only_when_that_is_meant(
    base: KnowledgeBase, file: Path
) -> None:
    name = link(base, file)
    file.write_text("")
    with pytest.raises(ConsentError, match="none of its 3 notes"):
        sync(base, name, prune=True)
    assert sync(base, name) == {"missing": (1, 2, 3)}
    assert sync(base, name, prune=True, yes=True) == {"prune": (1, 2, 3)}


def test_an_empty_note_that_gets_text_stays_an_item_of_its_list(base: KnowledgeBase, file: Path) -> None:
    name = link(base, file, "1.\n2. b\n\n3)\n")
    base.edit("1", body="one")
    base.edit("3", body="three\nmore")
    assert sync(base, name) == {"keep": (2,), "write": (1, 3)}
    assert file.read_text() == "1. one\n2. b\n\n3) three\nmore\n"
    assert sync(base, name) == {"keep": (1, 2, 3)}
