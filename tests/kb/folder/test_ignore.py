"""`.gitignore`: by the cases of its manual, and beside git itself."""

from __future__ import annotations

import random
import shutil
import subprocess
from pathlib import Path

import pytest

from kbnotes.kb.folder.ignore import Ignore
from kbnotes.kb.folder.walk import Walker
from tests.kb.folder.trees import grow

CASES = """
*.tmp            a.tmp  x/y/b.tmp                ! a.tmpx
/todo.md         todo.md                         ! x/todo.md
x/todo.md        x/todo.md                       ! a/x/todo.md
**/todo          todo  a/b/todo                  ! atodo
a/**             a/b  a/b/c                      ! a
a/**/b           a/b  a/x/b  a/x/y/b             ! a/xb
no[te].md        not.md  noe.md                  ! no/.md nox.md
no[!te].md       nox.md                          ! not.md
a?c              abc                             ! a/c ac
\\#x             #x                              ! x
\\!x             !x                              ! x
[[:digit:]]*     1  2x                           ! x
"""
PIECES = [*"abcxqt", ".md", "*", "/", "/", "?", "[ab]", "[!a]", "[a-c]", "\\", "!", "#", " ", "]", "[", "-"]
PIECES += ["**/", "/**/", "a/b", "[[:alpha:]]", "[]a]"]
PATHS = """a b ab x.md abc/d abc/d/e.md a/b a/b/c a/bb a/x.md a/b/x.md a-b !a #a a] [a a*b B a/B/x q/r/s/t
zdir/a/b zdir/q""".split()


@pytest.mark.parametrize("case", CASES.strip().split("\n"), ids=lambda case: case.split()[0])
def test_a_pattern_finds_what_the_manual_says(case: str) -> None:
    found, _, missed = case.partition(" ! ")
    pattern, *paths = found.split()
    ignore = Ignore().below("", pattern + "\n")
    assert [path for path in paths if not ignore.leaves_out(path, is_folder=False)] == []
    assert [path for path in missed.split() if ignore.leaves_out(path, is_folder=False)] == []


def test_the_last_pattern_decides_and_a_folder_left_out_is_left_out_whole(tmp_path: Path) -> None:
    root = grow(
        tmp_path / "root",
        {
            ".gitignore": "# remark\n\n*.md\n!keep.md\nbuild/\n",
            "keep.md": "x",
            "drop.md": "x",
            "build/keep.md": "x",
            "sub/.gitignore": "!own.md\nkeep.md\r\n",
            "sub/own.md": "x",
            "sub/keep.md": "x",
        },
    )
    found = Walker(root).walk()
    assert found.notes == ["keep.md", "sub/own.md"]
    assert sorted(found.left_out) == ["build/", "drop.md", "sub/keep.md"]


def test_the_patterns_of_the_repository_hold_in_a_folder_of_it(tmp_path: Path) -> None:
    files = {
        ".git/HEAD": "",
        ".gitignore": "/notes/a.md\nb.md\n",
        "notes/a.md": "",
        "notes/b.md": "",
        "notes/c.md": "",
    }
    root = grow(tmp_path / "repository", files)
    assert Walker(root / "notes").walk().notes == ["c.md"]


@pytest.mark.skipif(not shutil.which("git"), reason="git says what is right")
@pytest.mark.parametrize("seed", range(40))
def test_random_patterns_leave_out_what_git_leaves_out(tmp_path: Path, seed: int) -> None:
    rng = random.Random(seed)
    texts = ["".join(f"{_pattern(rng)}\n" for _ in range(rng.randint(1, 6))) for _ in range(2)]
    grow(tmp_path, {".gitignore": texts[0], "a/.gitignore": texts[1]})
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    paths = [path for path in PATHS if path != "a"]
    asked = ["git", "-C", str(tmp_path), "check-ignore", "-z", "--no-index", "--stdin"]
    said = subprocess.run(asked, input="\0".join(paths).encode(), capture_output=True, check=False).stdout
    outer = Ignore().below("", texts[0])
    rules = {True: outer.below("a/", texts[1]), False: outer}
    mine = {path for path in paths if _left_out(path, rules)}
    assert mine == set(said.decode().split("\0")) - {""}, texts


def _pattern(rng: random.Random) -> str:
    return "".join(rng.choice(PIECES) for _ in range(rng.randint(1, 5)))


def _left_out(path: str, rules: dict[bool, Ignore]) -> bool:
    parts = path.split("/")
    steps = ["/".join(parts[: at + 1]) for at in range(len(parts))]
    return any(rules[step.startswith("a/")].leaves_out(step, is_folder=step != path) for step in steps)
