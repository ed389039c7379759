"""What must hold of a base after a power cut: of its files, and of what kb says when it opens them."""

from __future__ import annotations

import contextlib
import io
import json
import os
import random
import re
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from kbnotes.cli import run as run_kb
from tests.torture.crash_states import Tree, write_tree

WORD = re.compile(rb"word[0-9a-f]{8}")  # each text that a suite adds has one of its own
_ID = re.compile(r"(\d+)[-.]")


@dataclass(frozen=True, slots=True)
class Promise:
    """What has been promised at a moment: the base before a command, after it, and how far it has come."""

    before: Tree
    after: Tree
    acknowledged: bool = False
    typed: bytes = b""  # what the editor has saved, fsynced
    command: tuple[str, ...] = ()


def entries(tree: Tree) -> Tree:
    """Return the files of a tree that kb takes for entries."""
    return {path: content for path, content in _yaml(tree).items() if path.startswith("base/entries/")}


def broken_promises(tree: Tree, promise: Promise) -> Iterator[str]:
    """Yield a sentence for each promise that the files of a tree break; nothing is opened."""
    now = _lasting(tree)
    before, after = _lasting(promise.before), _lasting(promise.after)
    if promise.acknowledged:
        for path, content in after.items():
            if now.get(path) != content:
                yield f"{path} is {_state(now.get(path), before.get(path))} though the command had ended"
        for path in now.keys() - after.keys():
            yield f"{path} is there though the command had ended without it"
    else:
        yield from _half_way(now, before, after)
    found = set(now.values())
    for path, content in _yaml(promise.before).items():
        if content not in found and content in set(after.values()):
            yield f"the content of {path} is nowhere"
    if promise.typed and not any(promise.typed in content for content in tree.values() if content):
        yield "what the editor had saved is nowhere"


def _half_way(now: Tree, before: Tree, after: Tree) -> Iterator[str]:
    """Yield what is wrong with a tree while a command is under way: each file must be old or new."""
    for path in {*now, *before, *after}:
        content, old, new = now.get(path), before.get(path), after.get(path)
        if content in (old, new):
            continue
        if path.endswith(".yaml") or content is None or (old or b"") != content[: len(old or b"")]:
            yield f"{path} is {_state(content, old)}"


def _state(content: bytes | None, old: bytes | None) -> str:
    if content is None:
        return "missing"
    return "empty" if not content else "as it was before" if content == old else "damaged"


def _lasting(tree: Tree) -> Tree:
    """Return the files that are to last: not drafts, nor the temporary files that nobody reads."""
    return {
        path: content
        for path, content in tree.items()
        if content is not None and not path.startswith("base/drafts/") and "/." not in path
    }


def _yaml(tree: Tree) -> Tree:
    return {path: content for path, content in _lasting(tree).items() if path.endswith(".yaml")}


@dataclass(slots=True)
class Opener:
    """Opens crash states with kb, in this process and in one scratch directory."""

    scratch: Path
    can_undo: bool
    found: list[str] = field(default_factory=list)

    def check(self, tree: Tree, promise: Promise, rng: random.Random) -> list[str]:
        """Return a sentence for each thing that does not work in a base left in the state `tree`."""
        self.found = []
        shutil.rmtree(self.scratch, ignore_errors=True)
        root = self.scratch / "root"
        root.mkdir(parents=True, mode=0o700)
        (self.scratch / "home").mkdir(mode=0o700)
        write_tree(tree, root)
        names = [name for name in os.environ if name.startswith(("KB_", "XDG_"))]
        for name in names:
            del os.environ[name]
        os.environ.update({"HOME": str(self.scratch / "home"), "KB_BASE": str(root / "base")})
        if not {"base/entries", "base/topics.yaml"} <= tree.keys():  # the cut came in the middle of `kb init`
            self._kb("init")
        there = entries(tree)
        self._reading(there, rng)
        undoable = promise.acknowledged and promise.command[0] not in ("init", "undo")
        if self.can_undo and undoable and rng.random() < 0.5:
            self._undo(root, promise)
        else:
            self._changing(root, tree, promise, rng)
        return self.found

    def _reading(self, there: Tree, rng: random.Random) -> None:
        listed = self._listed()
        wanted = sorted(_number(path) for path in there)
        if listed != wanted:
            self.found.append(f"kb list has the entries {listed}, the directory has {wanted}")
        words = {path: found[0] for path, content in there.items() if (found := WORD.search(content or b""))}
        if words:
            path = rng.choice(sorted(words))
            said = self._kb("search", words[path].decode(), "--json")
            if _number(path) not in [hit["id"] for hit in json.loads(said or '{"hits":[]}')["hits"]]:
                self.found.append(f"kb search does not find {path}")

    def _changing(self, root: Path, tree: Tree, promise: Promise, rng: random.Random) -> None:
        there = entries(tree)
        if there and rng.random() < 0.5:  # one move that a crash left half done is finished by the next
            path = rng.choice(sorted(there))
            self._kb("rm", str(_number(path)))
            if (root / path).exists():
                self.found.append(f"{path} is still there after kb rm")
            elif there[path] not in [each.read_bytes() for each in (root / "base/trash").iterdir()]:
                self.found.append(f"{path} is not in the trash after kb rm")
            there = {each: content for each, content in there.items() if each != path}
        self._kb("add", "the next one")
        new = set((root / "base/entries").glob("[!.]*.yaml")) - {root / path for path in there}
        used = _ids(tree) | set(map(_number, entries(promise.before)))
        used |= set(map(_number, entries(promise.after))) if promise.acknowledged else set()
        for file in new:
            if b"the next one" not in file.read_bytes():
                self.found.append(f"{file.name} is not what was added")
            if _number(file.name) in used:
                self.found.append(f"the id of {file.name} was given out before")
        if len(new) != 1:
            self.found.append(f"the next add made {len(new)} entries")
        for name, content in there.items():
            if not (root / name).exists() or (root / name).read_bytes() != content:
                self.found.append(f"{name} was changed by the next command")
        wanted = sorted([*(_number(path) for path in there), *(_number(path.name) for path in new)])
        if (listed := self._listed()) != wanted:
            self.found.append(f"after the next command kb list has {listed}, not {wanted}")

    def _undo(self, root: Path, promise: Promise) -> None:
        self._kb("undo", "--yes")
        left = {
            path.relative_to(root).as_posix(): path.read_bytes()
            for path in (root / "base/entries").glob("[!.]*.yaml")
        }
        if left != entries(promise.before):
            self.found.append(f"kb undo does not take back `kb {promise.command[0]}`, which had ended")

    def _listed(self) -> list[int]:
        said = self._kb("list", "--json")
        return [each["id"] for each in json.loads(said or '{"entries":[]}')["entries"]]

    def _kb(self, *arguments: str) -> str:
        """Run a command and return its output, "" if it fails."""
        code, out, err = in_process(arguments)
        if code:
            self.found.append(f"kb {' '.join(arguments)} ends with {code}: {' '.join(err.split())[:300]}")
        elif "cannot be read" in err or "Traceback" in err:
            self.found.append(f"kb {' '.join(arguments)} says {' '.join(err.split())[:300]}")
        return out if not code else ""


def in_process(arguments: Sequence[str]) -> tuple[int, str, str]:
    """Run a kb command in this process; return its exit code and what it said on either stream."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            code = run_kb(list(arguments))
        except SystemExit as ending:
            code = ending.code if isinstance(ending.code, int) else 1
    return code, out.getvalue(), err.getvalue()


def _ids(tree: Tree) -> set[int]:
    """Return every id that a file of a tree shows by its name, or by its directory in the history."""
    parts = [Path(path).parts for path in _yaml(tree)]
    named = {_number(each[-1]) for each in parts if each[-2] in ("entries", "trash")}
    return named | {int(each[2]) for each in parts if len(each) == 4}


def _number(path: str) -> int:
    found = _ID.search(Path(path).name)
    return int(found[1]) if found else 0
