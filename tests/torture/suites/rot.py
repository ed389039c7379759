"""One damaged byte anywhere in a base: `kb doctor` names the file."""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import kbnotes.kb.doctor.content
import kbnotes.kb.doctor.memory
import kbnotes.kb.doctor.survey
import kbnotes.kb.doctor.table
import kbnotes.render.doctor  # (all these: so that a forked process has nothing left to import)
from kbnotes.kb import KnowledgeBase, create_base
from kbnotes.model import Diagnosis
from tests.conftest import SEED
from tests.torture.program import Program
from tests.torture.suite import Run, Suite

LATER_NS = 1800 * 10**9  # by which the mtime of a file is moved
BY_PROGRAM = 12  # one round of so many runs the command in a process of its own
FORGETFUL = 2  # one round of so many is without doctor's memory, where the base itself has a record
CHANGED = 6  # one round of so many leaves the mtime changed, where that must be noticed
CLEAN = 10  # one round of so many damages nothing
ONLY_REMEMBERED = ("drafts/", "reading.txt")  # of these the base itself has no record


@dataclass(frozen=True, slots=True, kw_only=True)
class Damage:
    """What is done in one round."""

    path: str
    at: int  # byte
    was: int
    now: int
    later: bool  # the mtime is changed
    forgotten: bool  # doctor's memory is deleted

    def __str__(self) -> str:
        time = "changed" if self.later else "restored"
        memory = ", memory deleted" if self.forgotten else ""
        return f"byte {self.at} of {self.path}, {self.was:#04x} to {self.now:#04x}, mtime {time}{memory}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A base with a bit of everything, and its cache."""

    base: Path
    program: Program
    sizes: Mapping[str, int]  # of every file, by its path relative to the base

    @property
    def cache(self) -> Path:
        """Where kb keeps what it remembers."""
        return self.program.home / ".cache" / "kb"

    def check(self) -> Diagnosis:
        """Ask the facade."""
        return KnowledgeBase(self.base, cache=self.cache).health.check()


def make(directory: Path) -> Field:
    """Make a base by an import, additions, edits, removals, tags and a draft, and let doctor see it once."""
    base, home = directory / "base", directory / "home"
    home.mkdir(mode=0o700)
    program = Program(base=base, home=home)
    create_base(base)
    knowledge = KnowledgeBase(base, cache=home / ".cache" / "kb")
    notes = base / "notes.md"
    notes.write_bytes(SEED.read_bytes())
    knowledge.import_file(notes)
    for number in range(6):
        knowledge.add(f"_Loaf {number}_ wants {number + 2} hours.\n\nAnd salt, déjà vu.\n", tags=["bread"])
    for entry_id in ("21", "22", "5"):
        knowledge.edit(entry_id, title=f"Anew {entry_id}")
        knowledge.edit(entry_id, tags=["changed", "twice"])
    knowledge.remove(["3", "23"])
    knowledge.restore([23])
    knowledge.apply(knowledge.retag(knowledge.select(["6", "7"]), add=["read"]))
    knowledge.past.undo()
    knowledge.new_draft(title="Half", body="Half a thought.\n" * 200)
    knowledge.edit_draft("8")
    (base / "reading.txt").write_text("What is no entry yet.\n" * 200, "utf-8")
    sizes = {
        path.relative_to(base).as_posix(): path.stat().st_size
        for path in sorted(base.rglob("*"))
        if path.is_file()
    }
    field = Field(base=base, program=program, sizes=sizes)
    field.check()
    return field


def choose(field: Field, rng: random.Random) -> Damage:
    """Return a damage, its place uniform over all bytes of the base."""
    place = rng.randrange(sum(field.sizes.values()))
    path, *rest = field.sizes
    while place >= field.sizes[path]:
        place -= field.sizes[path]
        path, *rest = rest
    was = (field.base / path).read_bytes()[place]
    flipped = was ^ (1 << rng.randrange(8))
    other = rng.choice([byte for byte in range(256) if byte != was])
    recorded = not path.startswith(ONLY_REMEMBERED)
    return Damage(
        path=path,
        at=place,
        was=was,
        now=flipped if rng.random() < 0.5 else other,
        later=recorded and rng.randrange(CHANGED) == 0,
        forgotten=recorded and rng.randrange(FORGETFUL) == 0,
    )


def attack(run: Run) -> None:
    """Damage a byte, ask doctor, and put everything back."""
    field = make(run.directory)
    remembered = field.cache / "doctor"
    kept = run.directory / "remembered"
    shutil.copytree(remembered, kept)
    seen: dict[str, int] = {"forgotten": 0, "mtime changed": 0, "clean": 0}
    for number, rng in run.each():
        damage = choose(field, rng)
        by_program = rng.randrange(BY_PROGRAM) == 0
        if rng.randrange(CLEAN) == 0:
            seen["clean"] += 1
            _expect_clean(run, field, number)
        seen["forgotten"] += damage.forgotten
        seen["mtime changed"] += damage.later
        with _damaged(field.base / damage.path, damage):
            if damage.forgotten:
                shutil.rmtree(remembered)
            said = _by_program(field) if by_program else _by_facade(field)
        _judge(run, damage, said, number)
        shutil.rmtree(remembered, ignore_errors=True)
        shutil.copytree(kept, remembered)
    run.figures.update(seen)


class _damaged:  # noqa: N801 (used like a function)
    """Damage a file in its place, and restore it with its times afterwards."""

    def __init__(self, path: Path, damage: Damage) -> None:
        self._path = path
        self._damage = damage
        info = path.stat()
        self._times = (info.st_atime_ns, info.st_mtime_ns)

    def __enter__(self) -> None:
        self._write(self._damage.now)
        if self._damage.later:
            os.utime(self._path, ns=(self._times[0], self._times[1] + LATER_NS))
        else:
            os.utime(self._path, ns=self._times)

    def __exit__(self, *_: object) -> None:
        self._write(self._damage.was)
        os.utime(self._path, ns=self._times)

    def _write(self, byte: int) -> None:
        with self._path.open("r+b") as file:
            file.seek(self._damage.at)
            file.write(bytes([byte]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What doctor said: the level of what it found, by path, and the exit code."""

    found: set[tuple[str, str]]  # level and path
    code: int
    text: str = ""


def _by_facade(field: Field) -> Said:
    diagnosis = field.check()
    found: set[tuple[str, str]] = {
        (each.level, each.path) for each in diagnosis.findings if each.check not in _EVER
    }
    return Said(found=found, code=1 if diagnosis.problems else 0)


def _by_program(field: Field) -> Said:
    said = field.program.run("doctor")
    text = said.out.decode("utf-8", "replace")
    found: set[tuple[str, str]] = set()
    check = ""
    for line in text.splitlines():
        if not line.startswith(" "):
            check = line
        elif line.startswith(("  problem", "  note")) and check not in _EVER:
            level, path = line.split()[:2]
            found.add((level, path))
    return Said(found=found, code=said.code, text=text + said.err.decode("utf-8", "replace"))


_EVER = {"drafts", "foreign"}  # what is to be told of this base, clean as it is


def _judge(run: Run, damage: Damage, said: Said, number: int) -> None:
    levels = {level for level, path in said.found if path == damage.path}
    if not levels:
        run.violation(f"not reported: {damage}; {said.text[-300:]}", at=number)
    elif not damage.later and "problem" not in levels:
        run.violation(f"reported as a note only: {damage}", at=number)
    if said.code != (1 if any(level == "problem" for level, _ in said.found) else 0):
        run.violation(f"exit code {said.code}: {damage}; {said.text[-300:]}", at=number)


def _expect_clean(run: Run, field: Field, number: int) -> None:
    diagnosis = field.check()
    told = [each for each in diagnosis.findings if each.check not in _EVER]
    if told:
        run.violation(f"reported of a clean base: {told[0]}", at=number)


def _swap(owner: object, name: str, new: object) -> None:
    """Put a defect in the place of something that must be there."""
    if not hasattr(owner, name):
        raise AttributeError(f"{owner} has no {name} to sabotage")
    setattr(owner, name, new)


def _without_check(name: str) -> Callable[[], None]:
    """Return what takes a check away."""

    def sabotage() -> None:
        table = kbnotes.kb.doctor.table._TABLE
        left = tuple(row for row in table if row[0].name != name)
        if len(left) == len(table):
            raise AttributeError(f"there is no check {name} to sabotage")
        _swap(kbnotes.kb.doctor.table, "_TABLE", left)

    return sabotage


def journal_not_compared() -> None:
    """Forget what the journal says of the files."""
    _swap(kbnotes.kb.doctor.content, "is_same_time", lambda recorded_ns, mtime_ns: False)


def memory_ignored() -> None:
    """Remember nothing."""
    _swap(kbnotes.kb.doctor.memory.Memory, "load", lambda self: {})


def versions_not_checked() -> None:
    """Believe the names of versions."""
    _without_check("history")()


def journal_not_checked() -> None:
    """Believe every line of the journal."""
    _without_check("journal")()


SUITE = Suite(
    name="rot",
    promise="one damaged byte anywhere in a base is reported by kb doctor, which names the file",
    unit="bytes",
    figure=1000,
    small=200,
    run=attack,
    sabotages={
        "journal_not_compared": journal_not_compared,
        "memory_ignored": memory_ignored,
        "versions_not_checked": versions_not_checked,
        "journal_not_checked": journal_not_checked,
    },
)
