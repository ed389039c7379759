"""`kb doctor`: each check on a base with that very fault, and silence on one without."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from kbnotes.kb import KnowledgeBase
from kbnotes.kb.doctor.table import CHECKS
from kbnotes.model import Diagnosis, Finding
from kbnotes.store import files
from tests.cli.console import kb
from tests.conftest import ROOT

PAGE = ROOT / "docs" / "reference" / "doctor.md"


@pytest.fixture
def lived(base: KnowledgeBase) -> KnowledgeBase:
    """A base that was used: three entries, one of them with a version, and one in the trash."""
    for text in ("Rye bread wants a hot oven.", "Oats soak overnight.", "The mill is closed.", "Gone soon."):
        base.add(text)
    base.edit("1", title="Rye")
    base.remove(["4"])
    return base


def _findings(base: KnowledgeBase, check: str) -> list[Finding]:
    return [each for each in base.health.check().findings if each.check == check]


def _only(base: KnowledgeBase, check: str) -> Finding:
    """Return what a check found, after seeing that it is one finding."""
    (found,) = _findings(base, check)
    return found


def _entry(base: KnowledgeBase, number: int) -> Path:
    (path,) = (base.base / "entries").glob(f"{number:04d}*")
    return path


def _overwrite(path: Path, content: bytes, *, later_ns: int = 0) -> None:
    """Change a file in its place, with the mtime as it was or moved."""
    info = path.stat()
    path.write_bytes(content)
    os.utime(path, ns=(info.st_atime_ns, info.st_mtime_ns + later_ns))


def _flip(path: Path, at: int = 60, *, later_ns: int = 0) -> None:
    content = bytearray(path.read_bytes())
    content[at] ^= 1
    _overwrite(path, bytes(content), later_ns=later_ns)


def _tree(directory: Path) -> dict[str, tuple[int, int, bytes]]:
    return {
        path.relative_to(directory).as_posix(): (
            path.lstat().st_mtime_ns,
            path.lstat().st_mode,
            path.read_bytes() if path.is_file() else b"",
        )
        for path in sorted(directory.rglob("*"))
    }


def test_a_sound_base_gives_no_finding_at_all(lived: KnowledgeBase) -> None:
    for _ in range(2):
        diagnosis = lived.health.check()
        assert diagnosis.findings == ()
        assert diagnosis.files == len([path for path in lived.base.rglob("*") if path.is_file()])


def test_a_check_writes_nothing_into_the_base(lived: KnowledgeBase) -> None:
    _flip(_entry(lived, 1))
    (lived.base / "entries" / "stray.txt").write_text("?")
    before = _tree(lived.base)
    assert lived.health.check().problems
    assert _tree(lived.base) == before


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (lambda old: b"", "is empty"),
        (lambda old: b"\0" * len(old), "is NUL-filled"),
        (lambda old: old[: len(old) // 2] + b"\0" * 9, "is NUL-filled from byte"),
        (lambda old: old[: len(old) // 2], "is truncated"),
        (lambda old: old[:5], "is truncated"),
        (lambda old: old.replace(b"id:", b"\xff:"), "is not UTF-8 in line 2"),
        (lambda old: old.replace(b"id: 1", b"id: one"), "line 2: 'id' must be a whole number"),
    ],
)
def test_an_unreadable_entry_file_is_a_problem_with_its_reason(
    lived: KnowledgeBase, content: Callable[[bytes], bytes], said: str
) -> None:
    path = _entry(lived, 1)
    path.write_bytes(content(path.read_bytes()))
    found = _only(lived, "unreadable")
    assert (found.level, found.path) == ("problem", f"entries/{path.name}")
    assert said in found.said
    assert "`kb restore 1@1`" in found.hint


def test_content_that_changed_under_its_time_of_change_is_a_problem_of_every_run(
    lived: KnowledgeBase,
) -> None:
    (lived.base / "plain.txt").write_text("Nothing that kb knows, but what doctor has seen. " * 3)
    (lived.base / "topics.yaml").write_text(
        "bread:\n  keywords: [dough, and more than forty letters of it]\n"
    )
    draft = lived.new_draft(body="Half a thought, and another half of it.\n")
    lived.health.check()
    for path in (
        _entry(lived, 2),
        draft,
        lived.base / "plain.txt",
        lived.base / "topics.yaml",
        next((lived.base / "trash").iterdir()),
    ):
        before = path.read_bytes()
        _flip(path, 40)
        for _ in range(2):
            paths = {each.path for each in lived.health.check().problems}
            assert path.relative_to(lived.base).as_posix() in paths
        _overwrite(path, before)
        assert not lived.health.check().problems


def test_without_memory_the_journal_and_the_names_of_versions_tell_damage(lived: KnowledgeBase) -> None:
    places = [_entry(lived, 2), *lived.base.glob("trash/*"), *lived.base.glob("history/*/*")]
    places += [lived.base / name for name in ("journal.jsonl", "topics.yaml")]
    for path in places:
        before = path.read_bytes()
        _flip(path)
        assert path.relative_to(lived.base).as_posix() in {
            each.path for each in lived.health.check().problems
        }
        _overwrite(path, before)
    assert len(places) == 5
    for at in range((lived.base / "last-id").stat().st_size):
        before = (lived.base / "last-id").read_bytes()
        _flip(lived.base / "last-id", at)
        assert _only(lived, "last-id").level == "problem"
        _overwrite(lived.base / "last-id", before)


def test_what_someone_else_changed_is_a_note_but_a_problem_where_only_kb_writes(lived: KnowledgeBase) -> None:
    _flip(_entry(lived, 2), -8, later_ns=10**9)
    (trashed,) = (lived.base / "trash").iterdir()
    _flip(trashed, -8, later_ns=10**9)
    assert _only(lived, "changed").level == "note"
    assert _only(lived, "damaged").path == f"trash/{trashed.name}"


def test_a_damaged_memory_is_forgotten(lived: KnowledgeBase, tmp_path: Path) -> None:
    lived.health.check()
    (memory,) = (tmp_path / "cache" / "doctor").iterdir()
    assert memory.stat().st_mode & 0o777 == 0o600
    assert memory.parent.stat().st_mode & 0o777 == 0o700
    for at in range(0, memory.stat().st_size, 37):
        _flip(memory, at)
        assert lived.health.check().findings == ()
    memory.unlink()
    memory.symlink_to("/etc/passwd")
    assert lived.health.check().findings == ()


def test_every_line_of_the_journal_is_checked_and_a_torn_last_one_is_a_note(lived: KnowledgeBase) -> None:
    path = lived.base / "journal.jsonl"
    whole = path.read_bytes()
    for at in range(len(whole)):
        _flip(path, at)
        found = [each for each in _findings(lived, "journal") if each.level == "problem"]
        assert found, at
        _overwrite(path, whole)
    path.write_bytes(whole[:-1])  # only the line end is gone, so nothing is lost
    assert not _findings(replaced_memory(lived), "journal")
    for end in (40, 200):
        path.write_bytes(whole[:-end])
        (found_now,) = _findings(replaced_memory(lived), "journal")
        assert (found_now.level, found_now.said.split(",")[0]) == (
            "note",
            "has a line 7 that a crash cut off; kb passes it over",
        )
    path.write_bytes(whole.split(b"\n", 2)[0] + b"\n" + whole.split(b"\n", 2)[2])
    assert "lacks the operation 2" in {each.said for each in _findings(replaced_memory(lived), "journal")}


def replaced_memory(base: KnowledgeBase) -> KnowledgeBase:
    """Return the same base as one that doctor sees for the first time."""
    return KnowledgeBase(base.base, cache=base.base.parent / f"cache-{os.urandom(4).hex()}")


def test_a_journal_that_is_gone_is_a_problem_but_an_older_kb_kept_none(lived: KnowledgeBase) -> None:
    (lived.base / "journal.jsonl").unlink()
    assert _only(lived, "journal").said == "is missing"
    (lived.base / "last-id").write_bytes(b"4\n")
    assert replaced_memory(lived).health.check().findings == ()


def test_missing_files_are_a_note_and_very_many_are_a_problem(lived: KnowledgeBase) -> None:
    _entry(lived, 1).unlink()
    assert (_only(lived, "missing").level, _only(lived, "missing").path) == (
        "note",
        "entries/0001-rye-bread-wants-a-hot-oven.yaml",
    )
    for path in (lived.base / "entries").iterdir():
        path.unlink()
    assert {each.level for each in _findings(lived, "missing")} == {"problem"}


def test_names_and_ids_that_disagree_are_problems(lived: KnowledgeBase) -> None:
    path = _entry(lived, 1)
    (path.parent / "0009-copy.yaml").write_bytes(path.read_bytes())
    assert "has the number 9 in its name and the id 1" in _only(lived, "names").said
    assert _only(lived, "duplicate-ids").level == "problem"


def test_what_does_not_belong_is_told(lived: KnowledgeBase, tmp_path: Path) -> None:
    entries = lived.base / "entries"
    (entries / "note.txt").write_text("?")
    (entries / "0011-link.yaml").symlink_to(tmp_path / "elsewhere")
    (entries / "0012.yaml").mkdir()
    (lived.base / "trash" / ".0003-x.yaml.0a0b0c0d.tmp").write_text("Unsaved.")
    (lived.base / "reading.md").write_text("A list.")
    by_check = {each.check: each for each in lived.health.check().problems}
    assert by_check["foreign"].path == "entries/note.txt"
    assert by_check["symlinks"].path == "entries/0011-link.yaml"
    assert by_check["unreadable"].path == "entries/0012.yaml"
    assert by_check["temp-files"].path == "trash/.0003-x.yaml.0a0b0c0d.tmp"
    assert [each.path for each in lived.health.check().notes if each.check == "foreign"] == ["reading.md"]


def test_wide_permissions_are_a_note_and_writable_by_all_a_problem_and_fix_tightens(
    lived: KnowledgeBase,
) -> None:
    _entry(lived, 1).chmod(0o644)
    _entry(lived, 2).chmod(0o666)
    (lived.base / "history").chmod(0o755)
    levels = {each.path[:12]: each.level for each in _findings(lived, "permissions")}
    assert levels == {"entries/0001": "note", "entries/0002": "problem", "history": "note"}
    assert len(lived.health.mend().repairs) == 3
    assert lived.health.check().findings == ()
    assert _entry(lived, 2).stat().st_mode & 0o777 == 0o600


def test_a_draft_that_waits_is_a_note(lived: KnowledgeBase) -> None:
    path = lived.edit_draft("2")
    assert _findings(lived, "drafts") == [], "it says nothing yet"
    path.write_text(path.read_text("utf-8") + "More.\n", "utf-8")
    os.utime(path, (1, 1))
    found = _only(lived, "drafts")
    assert found.level == "note"
    assert re.fullmatch(r"is a draft of entry 2, left \d+ days ago", found.said)


def test_a_broken_topics_file_is_a_problem_that_names_the_line(lived: KnowledgeBase) -> None:
    (lived.base / "topics.yaml").write_text("bread:\n  colour: brown\n")
    assert "line 1" in _only(lived, "topics").said


def test_an_index_that_tells_what_is_not_so_is_a_problem_and_fix_makes_it_anew(lived: KnowledgeBase) -> None:
    path = _entry(lived, 2)
    title = next(line for line in path.read_bytes().split(b"\n") if line.startswith(b"title"))
    assert lived.list().total == 3
    os.utime(path, (1_700_000_000, 1_700_000_000))
    lived.list()
    _overwrite(path, path.read_bytes().replace(title, title.replace(b"O", b"G")))
    assert _only(lived, "index").path == f"entries/{path.name}"
    assert any(each.said == "has a new index" for each in lived.health.mend().repairs)
    assert not _findings(lived, "index")


class Stopped(BaseException):
    """What stands for a kill."""


def _stop_before_unlink(monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(self: Path, **_: object) -> None:
        raise Stopped

    monkeypatch.setattr(Path, "unlink", stop)


def test_a_removal_that_was_cut_off_is_told_and_finished(
    lived: KnowledgeBase, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        _stop_before_unlink(patch)
        with pytest.raises(Stopped):
            lived.remove(["2"])
    found = _only(lived, "two-names")
    assert (found.level, found.path[:12]) == ("problem", "entries/0002")
    diagnosis = lived.health.mend()
    assert (len(diagnosis.repairs), diagnosis.findings) == (1, ())
    assert [entry_id for entry_id, _ in lived.trashed()] == [2, 4]
    lived.past.undo()
    assert lived.show(["2"])


def test_an_import_that_was_cut_off_is_a_note_until_it_is_taken_back(
    base: KnowledgeBase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "notes.md").write_text("".join(f"{number}. Note {number}.\n" for number in range(1, 6)))
    made = 0
    create = files.create

    def stop(path: Path, content: bytes, *, sync_directory: bool = True) -> None:
        nonlocal made
        made += path.parent.name == "entries"
        if made > 2:
            raise Stopped
        create(path, content, sync_directory=sync_directory)

    with monkeypatch.context() as patch:
        patch.setattr(files, "create", stop)
        with pytest.raises(Stopped):
            base.import_file(tmp_path / "notes.md")
    found = _only(base, "unfinished")
    assert found.level == "note"
    assert "made for entries 1, 2, not made for entries 3, 4, 5" in found.said
    base.past.undo()
    assert base.health.check().findings == ()


def test_fix_brings_back_exactly_what_was_there_and_keeps_the_damaged_file(lived: KnowledgeBase) -> None:
    path = _entry(lived, 1)
    lived.past.bring_back(1, 1)  # so that its content stands in the history, too
    right = path.read_bytes()
    damaged = right[:70]
    path.write_bytes(damaged)
    diagnosis = lived.health.mend()
    assert [each.path for each in diagnosis.repairs] == [f"entries/{path.name}"]
    assert diagnosis.problems == ()
    assert path.read_bytes() == right
    (kept,) = (lived.base / "history").glob("*/*-damaged.yaml")
    assert kept.read_bytes() == damaged


def test_fix_leaves_what_it_cannot_prove_and_says_how_to_go_on(lived: KnowledgeBase) -> None:
    path = _entry(lived, 1)
    path.write_bytes(b"")
    before = _tree(lived.base)
    diagnosis = lived.health.mend()
    assert diagnosis.repairs == ()
    assert "`kb log 1`" in diagnosis.problems[0].hint
    assert _tree(lived.base) == before


def test_fix_removes_only_temp_files_that_hold_nothing_new(lived: KnowledgeBase) -> None:
    entries = lived.base / "entries"
    for name, content in (("a", b""), ("b", _entry(lived, 2).read_bytes()), ("c", b"Unsaved text.")):
        temp = entries / f".0009-{name}.yaml.0a0b0c0d.tmp"
        temp.write_bytes(content)
        temp.chmod(0o600)
    diagnosis = lived.health.mend()
    assert len(diagnosis.repairs) == 2
    assert [each.path for each in diagnosis.problems] == ["entries/.0009-c.yaml.0a0b0c0d.tmp"]


def test_fix_writes_last_id_again_above_every_id_that_ever_was(lived: KnowledgeBase) -> None:
    (lived.base / "last-id").write_bytes(b"4 00000000\n")
    _entry(lived, 3).unlink()
    assert [each.path for each in lived.health.mend().repairs] == ["last-id"]
    assert not _findings(lived, "last-id")
    assert lived.add("One more.").id == 5


@pytest.mark.parametrize("damage", ["missing", "symlink", "file"])
def test_a_base_that_stops_other_commands_is_looked_over_all_the_same(
    lived: KnowledgeBase, monkeypatch: pytest.MonkeyPatch, damage: str
) -> None:
    entries = lived.base / "entries"
    entries.rename(lived.base.parent / "elsewhere")
    if damage == "symlink":
        entries.symlink_to(lived.base.parent / "elsewhere")
    elif damage == "file":
        entries.write_text("?")
    monkeypatch.chdir(lived.base)
    before = _tree(lived.base)
    for arguments in (["doctor"], ["doctor", "--fix"], ["--base", str(lived.base), "doctor"]):
        said = kb(*arguments)
        assert said.code == 1, said.err
        assert "  problem  entries " in said.out
    assert _tree(lived.base) == before
    assert not (lived.base.parent / "home" / ".local").exists()


def test_the_command_says_it_in_lines_in_json_and_explained(
    lived: KnowledgeBase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(lived.base)
    assert kb("doctor").out == "8 files checked, 0 problems, 0 notes\n"
    assert kb("doctor").code == 0
    for check in CHECKS:
        assert check.meaning in kb("doctor", "--explain").out
    _entry(lived, 1).write_bytes(b"")
    said = kb("doctor", "--explain")
    assert said.code == 1
    assert said.out.startswith("unreadable\n")
    assert said.out.endswith("8 files checked, 1 problem, 0 notes\n")
    found = kb("doctor", "--json")
    assert (found.code, found.json["problems"], found.json["checks"]) == (1, 1, [])
    assert [check["name"] for check in kb("doctor", "--json", "--explain").json["checks"]] == ["unreadable"]


def test_the_page_explains_every_check_in_the_words_of_the_code() -> None:
    page = " ".join(PAGE.read_text("utf-8").split())
    sections = [
        f"### {each.name} {each.meaning} *How it comes about:* {each.cause} *What to do:* {each.remedy}"
        for each in CHECKS
    ]
    assert " ".join(sections) in page


def test_the_numbers_of_a_diagnosis_are_those_of_its_findings() -> None:
    finding = Finding(level="problem", path="x", said="is wrong", check=CHECKS[1].name)
    diagnosis = Diagnosis(
        base="/", files=1, findings=(finding, replace(finding, level="note")), checks=CHECKS
    )
    assert (len(diagnosis.problems), len(diagnosis.notes), diagnosis.found) == (1, 1, (CHECKS[1],))
