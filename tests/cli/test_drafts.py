"""Drafts: what was typed waits to be taken up, whatever the editor and the terminal do."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests.cli.console import PROGRAM, editor, entry_files, kb, one_sentence, process

pytestmark = pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning")

TYPED = 'printf "%s\\n" "---" "title: Oats" "tags: breakfast" "---" "Soak overnight." > "$1"\n'
ADDED = "added  1  Oats   breakfast\n"


def _use(monkeypatch: pytest.MonkeyPatch, directory: Path, script: str) -> None:
    monkeypatch.setenv("EDITOR", editor(directory, script))


def _draft(base: Path, name: str, text: str, *, age: float = 0) -> Path:
    path = base / "drafts" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    when = time.time() - age
    os.utime(path, (when, when))
    return path


def _wait_for(path: Path) -> None:
    until = time.monotonic() + 30
    while not path.exists():
        assert time.monotonic() < until, f"{path} never came"
        time.sleep(0.01)


# Listing


def test_drafts_are_listed_the_latest_first_with_what_they_are_to_become(bread: Path) -> None:
    _draft(bread, "new-20261101T000000Z-00000000.md", "---\ntitle: Oats\n---\n\nSoak them.\n", age=60)
    _draft(bread, "0002-0123456789abcdef-00ff.md", "---\ntitle: Rye\n---\nNew text.\n")
    first, second = kb("drafts").out.splitlines()
    assert first.startswith("  1  20")
    assert first.endswith("  entry 2  Rye bread  New text.")
    assert second.endswith("  new entry  Oats  Soak them.")
    one, two = kb("drafts", "--json").json["drafts"]
    assert (one["draft"], one["id"], one["title"], one["text"]) == (1, 2, "Rye bread", "New text.")
    assert (two["draft"], two["id"], two["title"], two["text"]) == (2, None, "Oats", "Soak them.")
    assert Path(two["path"]).exists()


def test_no_draft_is_said_in_a_sentence(here: Path) -> None:
    said = kb("drafts")
    assert (said.code, said.out, said.err) == (0, "", "No draft is waiting.\n")
    assert kb("drafts", "--json").json["drafts"] == []
    assert one_sentence(kb("add", "--resume"), code=2) == "There is no draft to take up."


def test_what_is_no_draft_is_not_listed(here: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret.md"
    secret.write_text("not yours")
    _draft(here, "new-x.txt", "no draft")
    (here / "drafts" / "new-link.md").symlink_to(secret)
    (here / "drafts" / "new-directory.md").mkdir()
    os.mkfifo(here / "drafts" / "new-pipe.md")
    assert kb("drafts").out == ""


def test_a_draft_that_nobody_can_read_as_one_is_listed_all_the_same(here: Path) -> None:
    path = _draft(here, "new-20261101T000000Z-00000000.md", "")
    path.write_bytes(b"---\nnonsense\n\x1b]52;c;x\x07 \xff typed\n")
    said = kb("drafts")
    assert said.code == 0
    assert "new entry" in said.out
    assert "\x1b" not in kb("drafts", terminal=True).out.replace("\x1b[", "")
    shown = kb("drafts", "--show", "1", terminal=True).out
    assert "typed" in shown
    assert "\x1b" not in shown


def test_a_draft_is_shown_as_it_is(here: Path) -> None:
    _draft(here, "new-20261101T000000Z-00000000.md", "---\ntitle: Oats\n---\nSoak them.\n")
    assert kb("drafts", "--show", "1").out == "---\ntitle: Oats\n---\nSoak them.\n"
    assert one_sentence(kb("drafts", "--show", "2"), code=2) == "There is no draft 2."


# Taking up


def test_any_draft_can_be_taken_up_by_its_number_or_name(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EDITOR", "true")
    older = _draft(here, "new-20261101T000000Z-aaaa0000.md", "Older.\n", age=60)
    newer = _draft(here, "new-20261101T000000Z-bbbb0000.md", "Newer.\n")
    oldest = _draft(here, "new-20261101T000000Z-cccc0000.md", "Oldest.\n", age=90)
    assert kb("add", "--resume", "2").out.startswith("added  1  Older")
    assert not older.exists()
    assert kb("add", "--resume", oldest.name).out.startswith("added  2  Oldest")
    assert not oldest.exists()
    assert newer.exists()
    assert one_sentence(kb("add", "--resume", "7"), code=2) == "There is no draft 7."
    assert one_sentence(kb("add", "--resume", "../topics.yaml"), code=2).startswith("There is no draft")
    assert kb("add", "--resume").out.startswith("added  3  Newer")


def test_a_title_typed_without_a_text_is_kept(
    here: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _use(monkeypatch, tmp_path, 'sed -i.bak "s/^title:.*/title: A thought/" "$1"; rm "$1.bak"\n')
    assert one_sentence(kb("add"), code=2) == "There is no text, so nothing was added."
    assert "A thought" in kb("drafts").out


# Discarding


def test_a_discarded_draft_is_in_the_trash_under_its_name(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kb("add", "Rye.")
    kb("rm", "1")
    for _ in range(2):
        path = _draft(here, "new-20261101T000000Z-00000000.md", "Precious.\n")
        said = kb("drafts", "--discard", "1")
        assert "would go to the trash" in one_sentence(said, code=2)
        assert path.exists()
        assert kb("drafts", "--discard", path.name, "--yes").code == 0
        assert not path.exists()
    kept = sorted((here / "trash").glob("*.md"))
    assert [each.name for each in kept] == [
        "new-20261101T000000Z-00000000-again.md",
        "new-20261101T000000Z-00000000.md",
    ]
    assert all(each.read_text() == "Precious.\n" for each in kept)
    assert kb("drafts").out == ""
    assert kb("restore").out == "   1  Rye\n"
    assert kb("undo").code == 0, "a draft in the trash is in nobody's way"
    assert len(entry_files(here)) == 1


# Editors that come back while their window is open


@pytest.mark.parametrize("how", ["path", "handle", "rename"])
def test_what_is_written_after_the_editor_came_back_is_not_lost(
    here: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    go, done = tmp_path / "go", tmp_path / "done"
    late = {
        "path": f"{TYPED}",
        "handle": 'printf "%s\\n" "Soak overnight." >&3\n',
        "rename": f'own="$1"; set -- "$1.new"; {TYPED}mv "$1" "$own"\n',
    }[how]
    script = f'exec 3>>"$1"; ( while [ ! -e {go} ]; do sleep 0.02; done; {late} touch {done} ) >&2 &\n'
    monkeypatch.setenv("EDITOR", editor(tmp_path, script))
    with subprocess.Popen([*PROGRAM, "add"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as running:
        assert running.wait(60) == 0
    assert entry_files(here) == []
    assert kb("drafts").out == ""
    go.touch()
    _wait_for(done)
    assert "Soak overnight." in kb("drafts").out
    monkeypatch.setenv("EDITOR", "true")
    assert kb("add", "--resume").out.startswith("added  1  ")
    assert kb("show", "--raw", "1").out.strip() == "Soak overnight."


def test_an_editor_that_comes_back_at_once_is_spoken_of(bread: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EDITOR", "true")
    for said in (kb("add"), kb("edit", "1")):
        assert said.code == 0
        assert "The editor came back at once." in said.err
    assert kb("drafts").out == ""


def test_an_untouched_draft_goes_after_a_day_and_a_touched_one_stays(
    bread: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EDITOR", "true")
    kb("add", "--title", "Half a thought")
    kb("edit", "1")
    typed = _draft(bread, "new-20261101T000000Z-00000000.md", "Precious.\n")
    emptied = _draft(bread, "new-20261101T000000Z-11111111.md", "")
    assert len(list((bread / "drafts").iterdir())) == 4
    kb("drafts")
    assert len(list((bread / "drafts").iterdir())) == 4
    later = time.time() + 25 * 3600
    monkeypatch.setattr(time, "time", lambda: later)
    kb("drafts")
    assert list((bread / "drafts").iterdir()) == [typed]
    assert not emptied.exists()


def test_an_untouched_draft_of_an_entry_that_changed_since_says_nothing(
    bread: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EDITOR", "true")
    kb("edit", "1")
    kb("edit", "1", "--title", "Changed meanwhile")
    assert kb("drafts").out == ""
    said = kb("add", "--resume")
    assert said.code == 0, said.err
    assert "Changed meanwhile" in kb("list").out


def test_a_draft_that_is_written_again_after_it_was_saved_is_not_dropped(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from kbnotes.kb import KnowledgeBase

    path = _draft(here, "new-20261101T000000Z-00000000.md", "First.\n")
    add = KnowledgeBase.add

    def slowly(*arguments: object, **named: object) -> object:
        saved = add(*arguments, **named)  # type: ignore[arg-type]
        path.write_text("Second.\n")
        return saved

    monkeypatch.setattr(KnowledgeBase, "add", slowly)
    monkeypatch.setenv("EDITOR", "true")
    assert kb("add", "--resume").out.startswith("added  1  First")
    assert path.read_text() == "Second.\n"


# Signals


@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP"])
def test_a_signal_to_kb_while_the_editor_is_open_leaves_the_draft(
    here: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    opened, go, done = tmp_path / "opened", tmp_path / "go", tmp_path / "done"
    script = f"touch {opened}; while [ ! -e {go} ]; do sleep 0.02; done; {TYPED} touch {done}\n"
    _use(monkeypatch, tmp_path, script)
    with subprocess.Popen([*PROGRAM, "add"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as running:
        _wait_for(opened)
        running.send_signal(signal.Signals[name])
        assert running.wait(60) != 0
        go.touch()
        _wait_for(done)
    assert entry_files(here) == []
    monkeypatch.setenv("EDITOR", "true")
    assert process("add", "--resume").out == ADDED
    assert list((here / "drafts").glob("*.md")) == []
