"""`behind`: kb killed between the save and the index, or while it writes the index; the next search knows."""

from __future__ import annotations

import os
import random
import signal
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from whoosh.writing import SegmentWriter

from kbnotes.index import index as index_module
from kbnotes.index import place, seal, state
from kbnotes.index.index import Index
from kbnotes.index.segment.writer import PackedSegmentWriter
from kbnotes.index.state import State
from kbnotes.index.storage import PrivateStorage
from kbnotes.kb.fresh import FreshIndex
from kbnotes.model import Document
from tests.torture.indexes import make_base, told
from tests.torture.program import Program
from tests.torture.sabotage import put
from tests.torture.suite import Run, Suite

# Where a command is killed: at one of the first calls of a function, before it begins or when it is done.
PLACES: tuple[tuple[object, str], ...] = (
    (FreshIndex, "refresh"),
    (Index, "_write"),
    (Index, "_begin"),
    (PrivateStorage, "create_file"),
    (PrivateStorage, "rename_file"),
    (PrivateStorage, "delete_file"),
    (PackedSegmentWriter, "add"),
    (SegmentWriter, "commit"),
    (SegmentWriter, "_commit_toc"),
    (seal, "seal"),
    (state, "save"),
    (place, "create"),
    (place, "sweep"),
    (place, "remove"),
    (index_module, "_sweep"),
)

ATTEMPTS = 12  # a command that does not come by the place where it should be killed is followed by another


@dataclass(slots=True)
class Trap:
    """Kills this process at the chosen call. Set before a fork, it works in the child."""

    name: str = ""
    calls: int = 0  # calls left before it snaps
    after: bool = False
    kills: int = 0  # commands that it ended
    saved: bool = False  # only what comes after the save is of interest

    def watch(self, owner: object, name: str) -> None:
        """Make a function look at the trap when it is called."""
        original: Callable[..., object] = getattr(owner, name)

        def watched(*arguments: object, **named: object) -> object:
            hit = self._is_here(name)
            if hit and not self.after:
                os.kill(os.getpid(), signal.SIGKILL)
            result = original(*arguments, **named)
            if hit:
                os.kill(os.getpid(), signal.SIGKILL)
            return result

        put(owner, name, watched)

    def _is_here(self, name: str) -> bool:
        self.saved = self.saved or name == "refresh"
        if name != self.name or not self.saved:
            return False
        self.calls -= 1
        return self.calls == 0


def _found(program: Program, word: str) -> set[int]:
    return {hit["id"] for hit in told(program.run("search", "--json", "-n", "99", word)).get("hits", ())}


def _change(rng: random.Random, program: Program, trap: Trap, new: str) -> str:
    """Run a command into the trap, then search; return what is wrong, or ""."""
    listed = _listed(program)
    target = rng.choice(sorted(listed))
    command, wanted = {
        "add": (("add", f"A note on {new}."), None),
        "title": (("edit", str(target), "--title", f"On {new}"), target),
        "tag": (("tag", "add", str(target), new), target),
        "rm": (("rm", str(target)), 0),
    }[rng.choice(("add", "title", "tag", "rm"))]
    _set(rng, trap)
    said = program.run(*command)
    trap.name, trap.kills = "", trap.kills + (said.code < 0)
    if said.code not in (0, -signal.SIGKILL):
        return f"kb {command[0]} ended with {said.code}: {said.err[-200:]!r}"
    told = f"kb {command[0]}, {'killed' if said.code else 'not killed'}: the next search "
    if wanted == 0:
        after = _listed(program)
        return (
            "" if after == listed - {target} else told + f"has {sorted(after ^ listed)} too many or too few"
        )
    found = _found(program, new)
    expected = _listed(program) - listed if wanted is None else {wanted}
    if len(expected) != 1 or found != expected:
        return told + f"for {new} finds {sorted(found)} instead of {sorted(expected)}"
    return ""


def _set(rng: random.Random, trap: Trap) -> None:
    trap.name = rng.choice(PLACES)[1]
    few = trap.name in ("refresh", "_write", "_begin", "commit", "_commit_toc", "seal", "save")
    trap.calls = 1 if few else rng.randrange(1, 5)
    trap.after, trap.saved = rng.random() < 0.5 and trap.name != "refresh", False


def _listed(program: Program) -> set[int]:
    return {entry["id"] for entry in told(program.run("list", "--json")).get("entries", ())}


def run(run: Run) -> None:
    """Kill a command that has saved its change; ask for the change."""
    trap = Trap()
    for owner, name in PLACES:
        trap.watch(owner, name)
    program = make_base(run.directory)
    program.run("list")
    for number, rng in run.each():
        for attempt in range(ATTEMPTS):
            kills = trap.kills
            if wrong := _change(rng, program, trap, f"token{number}x{attempt}"):
                run.violation(wrong, at=number)
            if wrong or trap.kills > kills:
                break
        if len(_listed(program)) < 8:
            for at in range(8):
                program.run("add", f"Something else {number} {at}.")
    run.figures["killed"] = trap.kills


def _state_before_index(
    self: Index, documents: Sequence[Document], gone: Iterable[str], new: State, *, size: int = 0
) -> None:
    if self._home and self.state.generation >= 0:
        state.save(self._home, replace(self.state, files=new.files))
    _write(self, documents, gone, new, size=size)


_write = Index._write


def state_first() -> None:
    """Say that the index holds the change before it does."""
    put(Index, "_write", _state_before_index)


def names_only() -> None:
    """Look for changed files by their names only."""
    put(
        Index,
        "is_fresh",
        lambda self, files, _: self.state.generation >= 0 and self.state.files.keys() == files.keys(),
    )


def first_answer_stays() -> None:
    """Take an index for good as soon as there is one."""
    put(Index, "is_fresh", lambda self, *_: self.state.generation >= 0)


SUITE = Suite(
    name="behind",
    promise="killed between the save and the index: the next search finds what was saved",
    unit="kills",
    figure=200,
    small=40,
    run=run,
    sabotages={each.__name__: each for each in (state_first, names_only, first_answer_stays)},
)
