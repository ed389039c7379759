"""Editors that save in their own way, fail or die: what was typed is never lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.console import editor, entry_files, kb, one_sentence, process

pytestmark = pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning")

WRITES = 'printf "%s\\n" "---" "title: Oats" "tags: breakfast" "---" "Soak overnight." > "$1"\n'
TYPED = 'printf "typed\\n" >> "$1"\n'


def _drafts(base: Path) -> list[Path]:
    return sorted((base / "drafts").glob("*.md"))


def _use(monkeypatch: pytest.MonkeyPatch, directory: Path, script: str) -> None:
    monkeypatch.setenv("EDITOR", editor(directory, script))


@pytest.mark.parametrize(
    "script",
    [
        WRITES,
        f'cp "$1" "$1.tmp"; set -- "$1.tmp" "$1"\n{WRITES}mv "$1" "$2"\n',
        f'mv "$1" "$1~"\n{WRITES}rm "$1~"\n',
    ],
    ids=["in place", "a new file renamed over it", "the old file renamed away"],
)
def test_an_editor_may_save_as_it_likes(
    here: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str
) -> None:
    _use(monkeypatch, tmp_path, script)
    assert kb("add").out == "added  1  Oats   breakfast\n"
    assert kb("show", "--raw", "1").out == "Soak overnight.\n"
    assert not _drafts(here)


@pytest.mark.parametrize(
    ("script", "sentence"),
    [
        (TYPED + "exit 1\n", "ended with exit code 1"),
        (TYPED + "kill -KILL $$\n", "was ended by SIGKILL"),
        (TYPED + "kill -INT $$\n", "was ended by SIGINT"),
        (TYPED + 'sed -i.bak \'s/^tags:.*/nonsense/\' "$1"; rm "$1.bak"\n', "is no header line"),
        ('printf "%s\\n" "---" "title: typed" > "$1"\n', "no closing `---` line"),
    ],
    ids=["fails", "is killed", "is interrupted", "breaks the header", "cuts the header"],
)
def test_whatever_the_editor_does_the_draft_is_kept_and_can_be_taken_up(
    here: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str, sentence: str
) -> None:
    _use(monkeypatch, tmp_path, script)
    said = kb("add")
    assert sentence in one_sentence(said, code=6)
    (draft,) = _drafts(here)
    assert str(draft) in said.err
    assert "typed" in draft.read_text()
    assert not entry_files(here)
    _use(monkeypatch, tmp_path, WRITES)
    assert kb("add", "--resume").out == "added  1  Oats   breakfast\n"
    assert not _drafts(here)


@pytest.mark.parametrize(
    "script", ["", 'touch "$1"\n', ': > "$1"\n'], ids=["unchanged", "touched", "emptied"]
)
def test_a_draft_that_says_nothing_makes_no_entry(
    here: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str
) -> None:
    _use(monkeypatch, tmp_path, script)
    said = kb("add")
    assert (said.code, said.out) == (0, "")
    assert "Nothing was written" in said.err
    assert not entry_files(here)
    assert kb("drafts").out == ""


@pytest.mark.parametrize("script", ["", ': > "$1"\n'], ids=["unchanged", "emptied"])
def test_an_entry_stays_as_it_is_when_its_draft_says_nothing_new(
    bread: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str
) -> None:
    before = entry_files(bread)[0].read_bytes()
    _use(monkeypatch, tmp_path, script)
    assert kb("edit", "1").code == 0
    assert entry_files(bread)[0].read_bytes() == before


def test_a_draft_that_the_editor_deleted_is_an_error_and_the_entry_stays(
    bread: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = entry_files(bread)[0].read_bytes()
    _use(monkeypatch, tmp_path, 'rm "$1"\n')
    assert "left no file behind" in one_sentence(kb("edit", "1"), code=6)
    assert entry_files(bread)[0].read_bytes() == before


def test_an_editor_may_have_options_and_blanks_in_its_path(
    here: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    directory = tmp_path / "my editors"
    directory.mkdir()
    script = f'[ "$1" = --wait ] || exit 9\nshift\n{WRITES}'
    monkeypatch.setenv("EDITOR", editor(directory, script, name="the best") + " --wait")
    assert kb("add").code == 0
    own = directory / "executable"
    own.write_text(f"#!/bin/sh\n{WRITES}")
    own.chmod(0o700)
    monkeypatch.setenv("EDITOR", f'"{own}"')
    assert kb("add").code == 0


def test_kb_editor_goes_before_visual_before_editor(
    here: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("EDITOR", "VISUAL", "KB_EDITOR"):
        script = f'printf "by {name}\\n" > "$1"\n'
        monkeypatch.setenv(name, editor(tmp_path, script, name=f"run {name}"))
        assert f"by {name}" in kb("add").out


def test_an_editor_that_does_not_exist_is_named(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EDITOR", "/nowhere/edit")
    assert "/nowhere/edit cannot be started" in one_sentence(kb("add"), code=6)


def test_without_an_editor_or_a_terminal_kb_does_not_wait(here: Path) -> None:
    assert "no terminal for an editor" in one_sentence(process("add"), code=6)
    assert not (here / "drafts").exists()


def test_ctrl_c_in_the_editor_does_not_end_kb(
    here: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _use(monkeypatch, tmp_path, f"kill -INT $PPID\n{WRITES}")
    said = process("add")
    assert (said.code, said.out) == (0, "added  1  Oats   breakfast\n"), said.err


def test_when_the_entry_changes_behind_the_editor_both_versions_are_kept(
    bread: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = entry_files(bread)[0]
    _use(monkeypatch, tmp_path, f'{TYPED}sed -i.bak s/slowly/quickly/ "{path}"; rm "{path}.bak"\n')
    said = kb("edit", "1")
    assert "changed while you were at it" in one_sentence(said, code=5)
    assert "quickly" in path.read_text()
    kept = [file for file in (bread / "history" / "0001").iterdir() if "typed" in file.read_text()]
    assert len(kept) == 1
    assert "slowly" in kept[0].read_text()
    assert str(kept[0]) in said.err


def test_a_draft_of_an_entry_that_was_removed_meanwhile_is_kept(
    bread: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = entry_files(bread)[0]
    _use(monkeypatch, tmp_path, f'{TYPED}rm "{path}"\n')
    said = kb("edit", "1")
    assert one_sentence(said, code=2) == "Entry 1 is gone."
    (draft,) = _drafts(bread)
    assert str(draft) in said.err
    assert "typed" in draft.read_text()
    monkeypatch.setenv("EDITOR", "true")
    assert "added  4" in kb("add", "--resume").out
    assert _drafts(bread) == []
