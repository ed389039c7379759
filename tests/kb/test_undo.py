"""Taking back what was done: to the byte where nothing changed since, and never over what did."""

from __future__ import annotations

import errno
import json
import os
import signal
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from kbnotes.errors import ConflictError, ConsentError, InputError, SelectorError, StorageError
from kbnotes.kb import KnowledgeBase
from kbnotes.store import files
from kbnotes.store.commit import Committer
from kbnotes.store.journal import Journal
from tests.cli.console import kb, one_sentence
from tests.kb.disk import change, entry_file, ids

pytestmark = pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning")

NOTES = "1. Sourdough rises slowly.\n\n2. Rye bread wants a hot oven.\n\n3. The mill is closed.\n"


def _tree(base: KnowledgeBase) -> dict[str, bytes]:
    """Return what entries/ and trash/ hold."""
    found = (path for name in ("entries", "trash") for path in (base.base / name).glob("*"))
    return {str(path.relative_to(base.base)): path.read_bytes() for path in found}


def _commands(base: KnowledgeBase) -> list[str]:
    """Return the operations, the latest first."""
    return [each.command for each in base.past.operations()]


@pytest.fixture
def bread(base: KnowledgeBase) -> KnowledgeBase:
    """A base of three entries."""
    base.add("_Sourdough_ rises slowly.", tags=["bread"])
    base.add("_Rye bread_ wants a hot oven.", tags=["bread"])
    base.add("The mill is closed on Mondays.")
    return base


@pytest.fixture
def many(base: KnowledgeBase, tmp_path: Path) -> KnowledgeBase:
    """A base of 25 entries made by one import."""
    path = tmp_path / "many.md"
    path.write_text("\n\n".join(f"{n}. Note number{n} of many." for n in range(1, 26)))
    base.import_file(path)
    return base


# Each command

CHANGES: dict[str, Callable[[KnowledgeBase], object]] = {
    "add": lambda base: base.add("New."),
    "edit the title": lambda base: base.edit("1", title="New"),
    "edit the text": lambda base: base.edit("1", body="Sourdough rises quickly now.\n"),
    "tag add": lambda base: base.apply(base.retag(base.select(["1", "2", "3"]), add=["new"])),
    "tag remove": lambda base: base.apply(base.retag(base.select(["1", "2"]), remove=["bread"])),
    "tag rename": lambda base: base.apply(base.rename_tag("bread", "loaf")),
    "rm": lambda base: base.remove(["1", "3"]),
    "restore": lambda base: base.restore([4, 5]),
    "restore a version": lambda base: base.past.bring_back(2, 1),
    "import": lambda base: base.import_file(base.base / "notes.md"),
    "import again": lambda base: base.import_file(base.base / "known.md"),
}


@pytest.mark.parametrize("what", CHANGES)
def test_each_change_is_undone_and_redone_to_the_byte(bread: KnowledgeBase, what: str) -> None:
    bread.edit("2", body="Rye bread wants a very hot oven.\n")
    bread.remove([str(bread.add(text).id) for text in ("Gone.", "Gone, too.")])
    (bread.base / "notes.md").write_text(NOTES)
    (bread.base / "known.md").write_text(NOTES)
    bread.import_file(bread.base / "known.md")
    (bread.base / "known.md").write_text(NOTES.replace("slowly", "quickly").replace("closed", "shut"))
    before = _tree(bread)
    CHANGES[what](bread)
    after = _tree(bread)
    assert after != before
    undone = bread.past.undo()
    assert undone.left == ()
    assert _tree(bread) == before
    assert _commands(bread)[0] == "undo"
    assert not bread.broken
    (redone,) = [each.number for each in bread.past.operations()[:1]]
    bread.past.undo(redone)
    assert _tree(bread) == after
    bread.past.undo()
    assert _tree(bread) == before


def test_undoing_again_and_again_ends_with_nothing_to_undo(bread: KnowledgeBase) -> None:
    bread.edit("1", title="New")
    bread.remove(["2"])
    for _ in range(5):
        bread.past.undo()
    assert _tree(bread) == {}
    with pytest.raises(SelectorError, match="nothing to undo"):
        bread.past.undo()
    with pytest.raises(SelectorError, match="no operation 99"):
        bread.past.undo(99)
    assert bread.add("New.").id == 4, "the ids of what was undone are not given again"


def test_a_search_finds_what_an_undo_brought_back_and_not_what_it_took(bread: KnowledgeBase) -> None:
    bread.edit("1", body="Sourdough and zebras.\n")
    bread.remove(["2"])
    assert (ids(bread, "zebras"), ids(bread, "rye")) == ([1], [])
    bread.past.undo()
    bread.past.undo()
    assert (ids(bread, "zebras"), ids(bread, "rye"), ids(bread, "slowly")) == ([], [2], [1])


def test_an_operation_in_the_middle_is_undone_by_its_number(bread: KnowledgeBase) -> None:
    before = _tree(bread)
    bread.edit("1", title="New")
    (number, *_) = [each.number for each in bread.past.operations()]
    bread.add("Later.")
    bread.past.undo(number)
    assert {name: _tree(bread)[name] for name in before} == before
    assert len(_tree(bread)) == 4
    assert number in bread.past.log().undone


# What changed since


def test_an_entry_that_was_changed_since_is_left_alone_and_the_rest_is_undone(bread: KnowledgeBase) -> None:
    before = _tree(bread)
    bread.apply(bread.retag(bread.select(["1", "2", "3"]), add=["new"]))
    change(entry_file(bread, 2), "hot oven", "zebra oven")
    mine = entry_file(bread, 2).read_bytes()
    undone = bread.past.undo()
    assert [each.id for each in undone.taken_back] == [3, 1]
    ((left, reason),) = undone.left
    assert (left.id, reason) == (2, "entry 2 was changed since")
    assert entry_file(bread, 2).read_bytes() == mine
    name = f"entries/{entry_file(bread, 2).name}"
    assert {**before, name: mine} == _tree(bread)


@pytest.mark.parametrize("what", ["changed", "deleted", "broken"])
def test_where_nothing_can_be_undone_nothing_is(bread: KnowledgeBase, what: str) -> None:
    bread.edit("1", title="New")
    path = entry_file(bread, 1)
    if what == "deleted":
        path.unlink()
    else:
        change(path, "rises", "sinks" if what == "changed" else "\tbody: [")
    before, commands = _tree(bread), _commands(bread)
    with pytest.raises(ConflictError):
        bread.past.undo()
    assert (_tree(bread), _commands(bread)) == (before, commands)


def test_a_removed_entry_does_not_come_back_over_a_file_of_its_name(bread: KnowledgeBase) -> None:
    path = entry_file(bread, 1)
    bread.remove(["1"])
    path.write_text("mine")
    with pytest.raises(ConflictError, match="there is another file"):
        bread.past.undo()
    assert path.read_text() == "mine"
    assert len(list((bread.base / "trash").iterdir())) == 1


def test_a_change_between_the_look_and_the_undo_is_not_overwritten(
    bread: KnowledgeBase, monkeypatch: pytest.MonkeyPatch
) -> None:
    bread.edit("1", title="New")
    real = Committer.commit

    def after_a_hand(*arguments: object, **named: object) -> object:
        change(entry_file(bread, 1), "rises", "sinks")
        return real(*arguments, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(Committer, "commit", after_a_hand)
    with pytest.raises(ConflictError):
        bread.past.undo()
    assert "sinks" in entry_file(bread, 1).read_text()


def test_an_undo_whose_earlier_version_is_gone_or_damaged_leaves_the_entry(bread: KnowledgeBase) -> None:
    bread.edit("1", title="New")
    before = _tree(bread)
    (kept,) = (bread.base / "history" / "0001").iterdir()
    kept.write_bytes(kept.read_bytes().replace(b"slowly", b"slowlx"))
    with pytest.raises(ConflictError, match="no longer in the history"):
        bread.past.undo()
    kept.unlink()
    with pytest.raises(ConflictError, match="no longer in the history"):
        bread.past.undo()
    assert _tree(bread) == before


def test_the_command_says_what_it_left_with_exit_code_5(here: Path) -> None:
    kb("add", "One.")
    kb("add", "Two.")
    kb("tag", "add", "new", "1", "2")
    (path,) = (here / "entries").glob("0001*")
    path.write_text(path.read_text().replace("One.", "Mine."))
    said = kb("undo")
    assert said.code == 5
    assert "Left alone: entry 1 was changed since." in said.err
    assert "put back to its earlier version" in said.out
    assert "Mine." in path.read_text()
    assert kb("undo").code == 0
    path.write_text(path.read_text().replace("Mine.", "Mine again."))
    assert "was not undone: entry 1 was changed since" in one_sentence(kb("undo"), code=5)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty base, and the working directory."""
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    kb("init")
    return tmp_path / "here"


# Many entries


def test_an_undo_of_more_than_twenty_entries_asks_first(many: KnowledgeBase) -> None:
    before = _tree(many)
    with pytest.raises(ConsentError, match="25"):
        many.past.undo()
    assert _tree(many) == before
    assert len(many.past.undo(yes=True).taken_back) == 25
    assert _tree(many) == {}


# Interruptions


def _in_a_child(work: Callable[[], object]) -> int:
    """Run `work` in a child process and return how it ended."""
    sys.stdout.flush()
    pid = os.fork()
    if pid == 0:
        try:
            work()
        finally:
            os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


@pytest.mark.parametrize("made", [0, 1, 2])
def test_a_change_of_many_files_that_was_killed_in_the_middle_is_taken_back(
    bread: KnowledgeBase, made: int
) -> None:
    before = _tree(bread)
    real, count = Committer._make_one, 0

    def until_killed(*arguments: object) -> object:
        nonlocal count
        if count == made:
            os.kill(os.getpid(), signal.SIGKILL)
        count += 1
        return real(*arguments)  # type: ignore[arg-type]

    def work() -> None:
        Committer._make_one = until_killed  # type: ignore[assignment, method-assign]
        bread.apply(bread.retag(bread.select(["1", "2", "3"]), add=["new"]))

    assert _in_a_child(work) == -signal.SIGKILL
    operation = bread.past.operations()[0]
    assert (operation.command, operation.finished, len(operation.changes)) == ("tag", False, 3)
    assert sum(b"new" in content for content in _tree(bread).values()) == made
    if made:
        undone = bread.past.undo()
        assert len(undone.taken_back) == made
        assert undone.left == (), "what was never made is no reason to complain"
        assert _tree(bread) == before
    else:
        with pytest.raises(ConflictError, match="nothing of it was done"):
            bread.past.undo()


@pytest.mark.parametrize("named", [True, False])
@pytest.mark.parametrize("killed_at", [1, 2, 4])
def test_an_undo_that_was_killed_in_the_middle_is_finished_by_the_next(
    bread: KnowledgeBase, killed_at: int, *, named: bool
) -> None:
    before = _tree(bread)
    bread.apply(bread.retag(bread.select(["1", "2", "3"]), add=["new"]))
    (number, *_) = [each.number for each in bread.past.operations()]
    real, count = Committer._make_one, 0

    def until_killed(*arguments: object) -> object:
        nonlocal count
        count += 1
        if count == killed_at:
            os.kill(os.getpid(), signal.SIGKILL)
        return real(*arguments)  # type: ignore[arg-type]

    def last_word(*_: object) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    def work() -> None:
        Committer._make_one = until_killed  # type: ignore[assignment, method-assign]
        Journal.finish = last_word  # type: ignore[assignment, method-assign]
        bread.past.undo()

    assert _in_a_child(work) == -signal.SIGKILL
    assert sum(b"new" in content for content in _tree(bread).values()) == 4 - killed_at
    if killed_at == 4 and not named:
        gone = bread.past.undo()
        assert gone.operation.command == "add", "all was done but to say so: the next is the one before"
        return
    if killed_at < 4:
        bread.past.undo(number if named else None)
    assert _tree(bread) == before


def test_a_full_disk_in_the_middle_of_an_undo_leaves_each_entry_whole(
    bread: KnowledgeBase, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = _tree(bread)
    bread.apply(bread.retag(bread.select(["1", "2", "3"]), add=["new"]))
    after = _tree(bread)
    (number, *_) = [each.number for each in bread.past.operations()]
    real, count = files.replace, 0

    def full(path: Path, content: bytes) -> None:
        nonlocal count
        count += 1
        if count == 2:
            raise OSError(errno.ENOSPC, "No space left on device")
        real(path, content)

    with monkeypatch.context() as patch:
        patch.setattr(files, "replace", full)
        with pytest.raises(StorageError, match="the disk is full"):
            bread.past.undo()
    assert all(content in (before[name], after[name]) for name, content in _tree(bread).items())
    bread.past.undo(number)
    assert _tree(bread) == before


# The journal


def _journal(base: KnowledgeBase) -> Path:
    return base.base / "journal.jsonl"


@pytest.mark.parametrize("kept", [1, 40, -2, -1])
def test_a_torn_last_line_counts_as_never_written(bread: KnowledgeBase, kept: int) -> None:
    before = _tree(bread)
    bread.edit("1", title="New")
    *lines, last, _ = _journal(bread).read_bytes().split(b"\n")
    _journal(bread).write_bytes(b"\n".join(lines) + b"\n" + (last[:kept] if kept != -1 else last))
    torn = kept != -1  # a line that lacks nothing but its end is whole
    assert _commands(bread)[0] == ("add" if torn else "edit")
    bread.edit("2", title="Newer")
    assert _commands(bread)[0] == "edit"
    numbers = [each.number for each in bread.past.operations()]
    assert len(set(numbers)) == len(numbers)
    bread.past.undo()
    now = _tree(bread)
    assert {name: now[name] for name in before if "0002" in name} == {
        name: content for name, content in before.items() if "0002" in name
    }
    assert "title: New" in entry_file(bread, 1).read_text()


def test_a_damaged_line_in_the_middle_hides_only_its_own_operation(bread: KnowledgeBase) -> None:
    bread.edit("1", title="New")
    before = _tree(bread)
    bread.edit("2", title="New, too")
    bread.edit("3", title="New as well")
    lines = _journal(bread).read_bytes().split(b"\n")
    at = len(lines) - 3
    assert json.loads(lines[at])["command"] == "edit"
    for damage in (b'"edit"', b'"exit"'), (b"{", b"\xff"):
        spoiled = [*lines]
        spoiled[at] = lines[at].replace(*damage, 1)
        assert spoiled != lines
        _journal(bread).write_bytes(b"\n".join(spoiled))
        assert _commands(bread) == ["edit", "edit", "add", "add", "add", "init"]
    bread.past.undo()
    bread.past.undo()
    titles = {each.id: each.title for each in bread.list().entries}
    assert titles == {1: "Sourdough", 2: "New, too", 3: titles[3]}
    assert titles[3] != "New as well"
    assert before.keys() == _tree(bread).keys()


def test_a_missing_journal_is_no_reason_to_fail(bread: KnowledgeBase) -> None:
    _journal(bread).unlink()
    with pytest.raises(SelectorError, match="nothing to undo"):
        bread.past.undo()
    assert bread.past.log().operations == ()
    bread.edit("1", title="New")
    bread.past.undo()
    assert "Sourdough" in entry_file(bread, 1).read_text()


def test_where_the_journal_cannot_be_written_the_change_is_kept_and_said(
    bread: KnowledgeBase, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(path: Path, line: bytes) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    commands = _commands(bread)
    with monkeypatch.context() as patch:
        patch.setattr(files, "append_line", full)
        bread.edit("1", title="New")
        with pytest.raises(StorageError, match="the disk is full"):
            bread.apply(bread.retag(bread.select(["1", "2"]), add=["new"]))
    assert bread.select(["1"])[0].title == "New"
    assert bread.list(tags=["new"]).total == 0, "many changes that cannot be announced are not made"
    assert len(bread.warnings) == 1
    assert "the disk is full" in bread.warnings[0]
    assert _commands(bread) == commands
    with pytest.raises(ConflictError):
        bread.past.undo(4 - 2)  # the add of entry 1, which is not as it was then
    assert bread.select(["1"])[0].title == "New"


# Looking back


def test_the_log_lists_what_was_done_the_latest_first(here: Path) -> None:
    kb("add", "Rye bread.")
    kb("edit", "1", "--title", "Rye")
    kb("undo")
    lines = kb("log").out.splitlines()
    assert [line.split()[3] for line in lines] == ["undo", "edit", "add", "init"]
    assert lines[0].endswith("of 3")
    assert lines[1].endswith("undone")
    logged = kb("log", "--json").json
    assert [each["command"] for each in logged["operations"]] == ["undo", "edit", "add", "init"]
    assert logged["operations"][0]["undoes"] == 3
    assert [each["undone"] for each in logged["operations"]] == [False, True, False, False]
    assert kb("log", "-n", "1").out.splitlines() == lines[:1]


def test_the_log_of_an_entry_has_its_versions_and_only_its_operations(here: Path) -> None:
    kb("add", "Rye bread.")
    kb("add", "Oats.")
    for title in ("Two", "Three"):
        kb("edit", "1", "--title", title)
    said = kb("log", "1")
    assert [line.split()[0] for line in said.out.splitlines() if line.startswith("@")] == ["@2", "@1"]
    logged = kb("log", "1", "--json").json
    assert [each["command"] for each in logged["operations"]] == ["edit", "edit", "add"]
    assert [each["version"] for each in logged["versions"]] == [2, 1]
    assert one_sentence(kb("log", "7"), code=2) == "There is no entry 7, and there never was."


def test_a_diff_shows_what_changed_since_a_version(here: Path) -> None:
    kb("add", "Rye bread wants a hot oven.", "--title", "Rye")
    kb("edit", "1", "--title", "Bread")
    kb("edit", "1", "--title", "Rye bread")
    said = kb("diff", "1")
    assert said.code == 0
    assert {"-title: Bread", "+title: Rye bread"} <= set(said.out.splitlines())
    assert {"-title: Rye", "+title: Rye bread"} <= set(kb("diff", "1@1").out.splitlines())
    kb("restore", "1@2")
    assert kb("diff", "1@2").code == 1
    assert "version 9" in one_sentence(kb("diff", "1@9"), code=2)


def test_a_version_is_brought_back_and_what_it_replaces_is_kept(bread: KnowledgeBase) -> None:
    first = entry_file(bread, 1).read_bytes()
    bread.edit("1", body="Sourdough rises quickly these days.\n")
    second = entry_file(bread, 1).read_bytes()
    assert bread.past.bring_back(1, 1).id == 1
    assert entry_file(bread, 1).read_bytes() == first
    assert [Path(each.path).read_bytes() for each in bread.past.versions(1)] == [first, second]
    assert ids(bread, "quickly") == []
    with pytest.raises(InputError, match="says already"):
        bread.past.bring_back(1, 1)
    bread.past.bring_back(1, 2)
    assert entry_file(bread, 1).read_bytes() == second
    for number in (0, 9):
        with pytest.raises(SelectorError):
            bread.past.bring_back(1, number)


def test_a_version_that_is_far_shorter_asks_first(bread: KnowledgeBase) -> None:
    bread.edit("1", body="Sourdough rises slowly. " * 20)
    with pytest.raises(ConsentError):
        bread.past.bring_back(1, 1)
    assert bread.past.bring_back(1, 1, yes=True).id == 1


def test_what_a_conflict_kept_out_is_a_version_that_says_so(bread: KnowledgeBase) -> None:
    draft = bread.edit_draft("1")
    change(draft, "rises slowly", "rises like a zebra")
    change(entry_file(bread, 1), "rises slowly", "rises like a lion")
    with pytest.raises(ConflictError):
        bread.save_draft(draft)
    (version,) = bread.past.versions(1)
    assert version.label == "yours"
    assert "zebra" in Path(version.path).read_text()
    with pytest.raises(SelectorError):
        bread.past.version(1, None)  # it never was the entry's content
    bread.past.bring_back(1, version.number)
    assert ids(bread, "zebra") == [1]
    assert ids(bread, "lion") == []
    bread.past.undo()
    assert ids(bread, "lion") == [1]


# Letting go


def _aged(path: Path, days: int) -> Path:
    """Give a version the time of days ago: its name says when it was replaced."""
    number, _, rest = path.name.split("-", 2)
    time = (datetime.now(UTC) - timedelta(days=days)).strftime("%Y%m%dT%H%M%SZ")
    return path.rename(path.with_name(f"{number}-{time}-{rest}"))


def test_old_versions_are_pruned_only_when_asked_and_the_newest_stays(bread: KnowledgeBase) -> None:
    for title in ("Two", "Three", "Four"):
        bread.edit("1", title=title)
    bread.edit("2", title="Two")
    one = sorted((bread.base / "history" / "0001").iterdir())
    (two,) = (bread.base / "history" / "0002").iterdir()
    old = [_aged(one[0], 400), _aged(one[1], 91)]
    newest, only = _aged(one[2], 400), _aged(two, 400)
    assert bread.past.prune(dry_run=True) == tuple(old)
    with pytest.raises(ConsentError, match="2 files"):
        bread.past.prune()
    with pytest.raises(InputError, match="at least 90 days"):
        bread.past.prune(days=89, yes=True)
    assert all(path.exists() for path in (*old, newest, only))
    assert bread.past.prune(days=365, yes=True) == (old[0],)
    assert bread.past.prune(yes=True) == (old[1],)
    assert bread.past.prune(yes=True) == ()
    assert newest.exists()
    assert only.exists()
    assert "Four" in entry_file(bread, 1).read_text()


def test_young_versions_and_young_trash_are_never_pruned(bread: KnowledgeBase) -> None:
    bread.edit("1", title="Two")
    bread.edit("1", title="Three")
    _aged(sorted((bread.base / "history" / "0001").iterdir())[0], 89)
    bread.remove(["2"])
    assert bread.past.prune(yes=True) == ()
    assert bread.trashed() == ((2, "Rye bread"),)


def test_an_import_that_was_undone_gives_its_notes_the_same_ids_again(base: KnowledgeBase) -> None:
    notes = base.base / "notes.md"
    notes.write_text("1. Rye\n2. Oats\n3. Barley\n")
    base.import_file(notes)
    base.past.undo()
    base.add("Something else")
    assert base.import_file(notes).ids("add") == (1, 2, 3)
    other = base.base / "other.md"
    other.write_text("2. Not oats\n")
    base.past.undo()
    assert base.import_file(other).ids("add") == (5,), "an id is not given to another note"
    broken = next((base.base / "history" / "0003").iterdir())
    for path in (base.base / "history" / "0003").iterdir():
        path.write_bytes(b"{")
    assert broken.read_bytes() == b"{"
    assert base.import_file(notes).ids("add") == (1, 2, 6)
