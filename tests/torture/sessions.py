"""Sessions of kb commands, carried out under a trace, and the states that a power cut in them may leave."""

from __future__ import annotations

import copy
import random
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.torture.crash_rules import Promise
from tests.torture.crash_states import Disk, Tree, read_tree
from tests.torture.program import Program
from tests.torture.trace import EDITOR, Call
from tests.torture.traced import TracedProgram, load


@dataclass(frozen=True, slots=True)
class Step:
    """A command, and what shows that it has been acknowledged."""

    arguments: tuple[str, ...]
    said: bytes = b""  # seen on standard output, it is an acknowledgement; else the command's end is one
    typed: str = ""  # what is typed in the editor that it opens
    notes: str = ""  # what the file to import holds

    def __str__(self) -> str:
        return f"kb {' '.join(self.arguments)}"


@dataclass(frozen=True, slots=True)
class Scenario:
    """Commands whose calls are traced, after others that are long durable."""

    steps: tuple[Step, ...]
    setup: tuple[Step, ...] = ()
    needs: str = ""  # a command that the kb at hand may not have


def _add(word: str, *more: str) -> Step:
    return Step(("add", f"Entry word{word} of the base", *more), b"added")


def _import(*words: str) -> Step:
    notes = "".join(f"{number}. Note word{word} here\n" for number, word in enumerate(words, 1))
    return Step(("import", "notes.md"), notes=notes)


INIT = Step(("init",), b"is a knowledge base")
RETITLE = Step(("edit", "1", "--title", "Other"), b"changed")
SMALL = (INIT, _add("00000001", "--tag", "one"))
BASE = (
    *SMALL,
    _add("00000002"),
    _add("00000003"),
    Step(("tag", "add", "1", "old")),
    _add("00000004"),
    Step(("rm", "4")),
)
SCENARIOS = {
    "init": Scenario((INIT, _add("0000000a"))),
    "add": Scenario(
        (_add("0000000a"), Step(("add",), b"added", "Typed word0000000b"), _add("0000000c")), BASE
    ),
    "edit": Scenario((Step(("edit", "2"), b"changed", "Typed word0000000d"), RETITLE), BASE),
    "first edit": Scenario((RETITLE,), SMALL),
    "tag": Scenario((Step(("tag", "add", "1", "2", "3", "new")),), BASE),
    "rm": Scenario((Step(("rm", "2"), b"removed"), Step(("rm", "1", "3"), b"removed")), BASE),
    "first rm": Scenario((Step(("rm", "1"), b"removed"), Step(("restore", "1"), b"restored")), SMALL),
    "restore": Scenario((Step(("restore", "4"), b"restored"), Step(("rm", "4"), b"removed")), BASE),
    "import": Scenario((_import("0000000e", "0000000f"), _import("0000000e", "00000010", "00000011")), BASE),
    "undo": Scenario((_add("0000000a"), Step(("undo",)), Step(("undo",))), BASE, "undo"),
    "undo of an edit": Scenario((RETITLE, Step(("undo",)), Step(("rm", "1")), Step(("undo",))), BASE, "undo"),
    "version": Scenario((Step(("restore", "1@1"), b"restored"),), BASE, "undo"),
}


@dataclass(slots=True)
class Session:
    """A scenario as it was carried out."""

    name: str
    start: Disk
    trees: list[Tree]  # before the first command and after each
    steps: tuple[Step, ...]
    calls: list[list[Call]] = field(default_factory=list)  # of each command

    def sites(self) -> set[str]:
        """Return each place in kb that asked for an fsync."""
        return {call.site for calls in self.calls for call in calls if call.name == "fsync"} - {EDITOR}


@dataclass(frozen=True, slots=True)
class State:
    """What a power cut may leave at a moment of a session."""

    where: str
    tree: Tree
    promise: Promise


def record(name: str, scenario: Scenario, place: Path, complain: Callable[[str], None]) -> Session:
    """Carry out a scenario in the directory `place`; what does not work is handed to `complain`."""
    root = place / "root"
    root.mkdir(parents=True, mode=0o700)
    if scenario.setup:
        shutil.copytree(_made(scenario.setup, place.parent, complain), root / "base")
    session = Session(name, Disk(root), [read_tree(root)], scenario.steps)
    disk = copy.deepcopy(session.start)
    for step in scenario.steps:
        (place / "notes.md").write_text(step.notes)
        arguments = [str(place / each) if each == "notes.md" else each for each in step.arguments]
        traced = TracedProgram(
            base=root / "base",
            home=place,
            root=root,
            trace=place / "trace",
            typed=step.typed,
            environment={"KB_EDITOR": f'"{EDITOR}"'},
        )
        if (said := traced.run(*arguments, stdin=None if step.typed else b"")).code:
            complain(f"{name}: {step} ends with {said.code}: {said.err!r}")
        session.calls.append(load(place / "trace"))
        session.trees.append(read_tree(root))
        _compare(disk, session, complain)
    return session


def _made(setup: tuple[Step, ...], place: Path, complain: Callable[[str], None]) -> Path:
    """Return a base in which the commands of `setup` were carried out; it is made once in `place`."""
    base = place / f"setup-{len(setup)}"
    if not base.exists():
        for step in setup:
            if (said := Program(base=base, home=place).run(*step.arguments)).code:
                complain(f"{step} ends with {said.code} before the trace: {said.err!r}")
    return base


def _compare(disk: Disk, session: Session, complain: Callable[[str], None]) -> None:
    """Complain if the last command's calls do not lead to the files that are there."""
    try:
        for call in session.calls[-1]:
            disk.apply(call)
    except KeyError as error:
        complain(f"{session.name}: the trace does not fit the files: {error}")
        return
    if disk.tree() != session.trees[-1]:
        other = {path for path, _ in disk.tree().items() ^ session.trees[-1].items()}
        complain(f"{session.name}: something goes around the trace, in {sorted(other)}")


def states(session: Session, seed: int, *, without: str = "") -> Iterator[State]:
    """Yield each state that a power cut may leave, once for each promise that it is to keep.

    `without` names a site whose fsyncs are taken out of the trace.
    """
    disk = copy.deepcopy(session.start)
    for number, step in enumerate(session.steps):
        promise = Promise(session.trees[number], session.trees[number + 1], command=step.arguments)
        seen: set[int] = set()
        for at, call in enumerate(session.calls[number]):
            if without and call.site == without:
                continue
            disk.apply(call)
            promised = _promise(promise, call, step)
            if promised != promise:
                seen.clear()
            elif call.name in ("fsync", "said", "done"):
                continue  # leaves no state that was not there before
            promise = promised
            where = f"{session.name}: {step}, cut after call {at} ({call.name} {call.path or call.site})"
            for tree in disk.states(random.Random(f"{seed}:{session.name}:{number}:{at}")):
                key = hash(frozenset(tree.items()))
                if key not in seen:
                    seen.add(key)
                    yield State(where, tree, promise)


def _promise(promise: Promise, call: Call, step: Step) -> Promise:
    """Return what is promised once a call has been made."""
    if call.name == "saved":
        return Promise(promise.before, promise.after, typed=call.data, command=promise.command)
    if call.name == "done" or (call.name == "said" and step.said and step.said in call.data):
        return Promise(promise.before, promise.after, acknowledged=True, command=promise.command)
    return promise


def unreached(sessions: list[Session], sources: Path) -> list[str]:
    """Return each line of kb that calls fsync and that no session came to."""
    reached = {site.split(" < ")[0] for session in sessions for site in session.sites()}
    places = {(site.split(":")[0], site.rsplit(":", 1)[1]) for site in reached}
    return [
        f"{path.parent.name}/{path.name}:{line}"
        for path in sorted(sources.rglob("*.py"))
        for line, text in enumerate(path.read_text("utf-8").splitlines(), 1)
        if ("os.fsync(" in text or "os.fdatasync(" in text)
        and (f"{path.parent.name}/{path.name}", str(line)) not in places
    ]
