"""Random commands, taken back one by one: what an undo should leave is worked out here from the files alone.

Even rounds are tidy: the last command is undone, perhaps redone at once, and every tree must be, to the byte,
the one of that moment. In odd rounds files are edited and deleted by hand in between and any operation is
undone at any time: what a hand has touched must stay, and nothing that was ever saved may be lost.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from kbnotes.errors import ConflictError, KbError
from kbnotes.kb import KnowledgeBase, create_base, past
from kbnotes.model import Change, FileState, Operation, Version
from kbnotes.store import files, journal
from kbnotes.store.commit import Committer
from kbnotes.store.history import History
from kbnotes.store.planned import Planned
from tests.torture.program import Program
from tests.torture.suite import Run, Suite

STEPS = 50
BY_PROGRAM = 5  # every fifth round undoes with kb as a program, not with calls
WORDS = "bread oven cache rye python kernel GPU attention index mill yeast matrix café 雪 ½ zebra".split()

Tree = dict[str, bytes]  # path below the base -> content, of entries/ and trash/
Moved = dict[str, tuple[bytes | None, bytes | None]]  # path -> before and after


@dataclass(frozen=True, slots=True)
class Step:
    """An operation with the trees around it."""

    number: int
    undoes: int | None
    before: Tree
    after: Tree


@dataclass(slots=True)
class Round:
    """One base, and what is known of its past without asking kb."""

    run: Run
    number: int
    rng: random.Random
    place: Path
    kb: KnowledgeBase = field(init=False)
    steps: dict[int, Step] = field(default_factory=dict)
    seen: set[bytes] = field(default_factory=set)
    excused: set[bytes] = field(default_factory=set)  # overwritten or deleted by hand
    clock: datetime = datetime(2026, 11, 23, 12, tzinfo=UTC)
    notes: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        create_base(self.place / "base")
        self.kb = KnowledgeBase(self.place / "base", cache=self.place / "cache", now=self.now)

    def now(self) -> datetime:
        self.clock += timedelta(minutes=1)
        return self.clock

    def tree(self) -> Tree:
        """Return what entries/ and trash/ hold."""
        base = self.kb.base
        found = (path for name in ("entries", "trash") for path in (base / name).glob("*") if path.is_file())
        return {path.relative_to(base).as_posix(): path.read_bytes() for path in found}

    def wrong(self, said: str) -> None:
        self.run.violation(said, at=self.number)

    def is_undone(self, number: int) -> bool:
        return any(each.undoes == number and not self.is_undone(each.number) for each in self.steps.values())

    def stack(self) -> list[int]:
        """Return the operations that `kb undo` can take back, the first one first."""
        return [n for n, each in sorted(self.steps.items()) if each.undoes is None and not self.is_undone(n)]

    def last_undo(self) -> int | None:
        """Return the last operation if it is an undo that a redo can take back."""
        last = self.steps[max(self.steps)] if self.steps else None
        return last.number if last and last.undoes is not None else None


def torture(run: Run) -> None:
    """Play the rounds."""
    commands = refused = operations = undos = 0
    for number, rng in run.each():
        place = run.directory / str(number)
        place.mkdir()
        this = Round(run, number, rng, place)
        wild = number % 2 == 1
        for _ in range(STEPS):
            commands += 1
            refused += _command(this, wild=wild)
            if run.violations and run.violations[-1].startswith(f"round {number}:"):
                break
        _unwind(this, wild=wild)
        _nothing_lost(this)
        operations += len(this.steps)
        undos += sum(each.undoes is not None for each in this.steps.values())
    run.figures["commands"] = commands
    run.figures["refused"] = refused
    run.figures["operations"] = operations
    run.figures["undos"] = undos


def _command(this: Round, *, wild: bool) -> int:
    """Give one command, note what it did, and return 1 if kb refused it, which must change nothing."""
    rng = this.rng
    kinds = (
        [_add] * 4 + [_edit] * 5 + [_tag] * 3 + [_remove] * 3 + [_restore] * 2 + [_version] * 2 + [_import]
    )
    pick = rng.random()
    if pick < 0.16:
        any_one = wild and rng.random() < 0.4 and this.steps
        _undo(this, rng.choice(sorted(this.steps)) if any_one else None)
        return 0
    if pick < 0.22 and (redo := this.last_undo()):
        _undo(this, redo)
        return 0
    if wild and pick < 0.36:
        _by_hand(this)
        return 0
    before, last = this.tree(), _last(this)
    try:
        rng.choice(kinds)(this)
    except KbError as error:
        if this.tree() != before or _last(this) != last:
            this.wrong(f"a command that was refused ({error.message}) changed something")
        return 1
    _note(this, before, last)
    return 0


def _note(this: Round, before: Tree, last: int) -> None:
    after = this.tree()
    this.seen |= set(before.values()) | set(after.values())
    operations = [each for each in this.kb.past.operations() if each.number > last]
    if not operations and before != after:
        this.wrong("a change is not in the journal")
    if len(operations) > 1:
        this.wrong("one command is several operations")
    for each in operations[:1]:
        this.steps[each.number] = Step(each.number, each.undoes, before, after)


def _last(this: Round) -> int:
    return next((each.number for each in this.kb.past.operations()), 0)


# Commands


def _text(rng: random.Random) -> str:
    return (
        "\n".join(" ".join(rng.choices(WORDS, k=rng.randint(1, 9))) for _ in range(rng.randint(1, 4))) + "\n"
    )


def _ids(this: Round) -> list[int]:
    return [each.id for each in this.kb.list().entries]


def _some(this: Round, most: int = 3) -> list[str]:
    found = _ids(this)
    return [str(each) for each in this.rng.sample(found, min(len(found), this.rng.randint(1, most)))]


def _add(this: Round) -> None:
    rng = this.rng
    this.kb.add(
        _text(rng),
        title=rng.choice(["", _text(rng)[:30]]),
        tags=rng.sample(["a", "b", "c"], rng.randint(0, 2)),
    )


def _edit(this: Round) -> None:
    title, body = this.rng.choice([(_text(this.rng)[:40], None), (None, _text(this.rng))])
    for each in _some(this, 1):
        this.kb.edit(each, title=title, body=body, yes=True)


def _tag(this: Round) -> None:
    rng, kb = this.rng, this.kb
    if rng.random() < 0.3:
        kb.apply(kb.rename_tag(rng.choice("abc"), rng.choice("abcd")), yes=True)
    else:
        picked = kb.select(_some(this, 30)) if _ids(this) else ()
        kb.apply(
            kb.retag(picked, add=rng.sample("abcd", 1), remove=rng.sample("abcd", rng.randint(0, 1))),
            yes=True,
        )


def _remove(this: Round) -> None:
    if chosen := _some(this):
        this.kb.remove(chosen, yes=True)


def _restore(this: Round) -> None:
    trash = sorted({number for number, _ in this.kb.trashed()})
    if trash:
        this.kb.restore(this.rng.sample(trash, min(len(trash), this.rng.randint(1, 3))), yes=True)


def _version(this: Round) -> None:
    for each in _some(this, 1):
        if versions := this.kb.past.versions(int(each)):
            this.kb.past.bring_back(int(each), this.rng.choice(versions).number, yes=True)


def _import(this: Round) -> None:
    rng = this.rng
    place = rng.choice([this.kb.base / "notes.md", this.place / "old.md"])
    notes = place.read_text("utf-8").split("\n\n") if place.exists() else []
    notes = [note if rng.random() < 0.7 else f"1. {_text(rng).strip()}" for note in notes]
    notes += [f"1. {_text(rng).strip()}" for _ in range(rng.randint(1, 6))]
    rng.shuffle(notes)
    bodies = [note.partition(". ")[2].replace("\n", " ") for note in notes]
    place.write_text("\n\n".join(f"{n}. {body}" for n, body in enumerate(bodies, 1)), "utf-8")
    this.kb.import_file(place, yes=True)


def _by_hand(this: Round) -> None:
    """Change or delete a file as an editor does; what that overwrites is nobody's fault."""
    rng, tree = this.rng, this.tree()
    if not tree:
        return
    name = rng.choice(sorted(tree))
    path, content = this.kb.base / name, tree[name]
    this.seen.add(content)
    if rng.random() < 0.2:
        path.unlink()
    else:
        word = rng.choice(WORDS)
        changed = content.replace(b"title: ", f"title: {word} ".encode(), 1)
        if rng.random() < 0.1:
            changed = content[: len(content) // 2]
        temp = path.with_name("hand.tmp")
        temp.write_bytes(changed)
        if rng.random() < 0.5:
            temp.replace(path)
        else:
            temp.unlink()
            path.write_bytes(changed)
    this.excused.add(content)
    this.seen |= set(this.tree().values())


# Undoing


def _undo(this: Round, number: int | None, program: Program | None = None) -> bool:
    """Undo an operation and compare with what the files say; return whether it was undone."""
    stack = this.stack()
    target = number if number is not None else (stack[-1] if stack else None)
    before, last = this.tree(), _last(this)
    expected = _expected(before, this.steps[target]) if target is not None else before
    done, said = _do_undo(this, number, program)
    after = this.tree()
    what = f"undo of operation {target}"
    if after != expected:
        this.wrong(f"{what} ({said}) left another tree: {_difference(expected, after)}")
    if done != (expected != before) and target is not None:
        this.wrong(
            f"{what}: {said}, though {'something' if expected != before else 'nothing'} was to be undone"
        )
    if done:
        _note(this, before, last)
        if (newest := this.steps.get(max(this.steps))) and newest.undoes != target:
            this.wrong(f"{what} took back operation {newest.undoes} instead")
    return done


def _do_undo(this: Round, number: int | None, program: Program | None) -> tuple[bool, str]:
    if program:
        said = program.run("undo", "--yes", *([] if number is None else [str(number)]))
        refused = said.err.startswith(b"kb: ")
        if said.code not in ((2, 5, 4) if refused else (0, 5)):
            this.wrong(f"kb undo ended with exit code {said.code}: {said.err.decode('utf-8', 'replace')}")
        return not refused, f"exit code {said.code}"
    try:
        this.kb.past.undo(number, yes=True)
    except KbError as error:
        return False, error.message
    return True, "done"


def _expected(tree: Tree, step: Step) -> Tree:
    """Return the tree after an undo: each change is taken back where its files are as it left them."""
    result = dict(tree)
    for group in _groups(step):
        if all(result.get(path) == after for path, (_, after) in group.items()):
            for path, (before, _) in group.items():
                if before is None:
                    result.pop(path, None)
                else:
                    result[path] = before
    return result


def _groups(step: Step) -> Iterator[Moved]:
    """Yield the changes of a step; a file that moved is one change of two paths."""
    paths = sorted(step.before.keys() | step.after.keys())
    left = {
        path: (step.before.get(path), step.after.get(path))
        for path in paths
        if step.before.get(path) != step.after.get(path)
    }
    for path in [path for path, (_, after) in left.items() if after is None]:
        gone = left[path][0]
        name = path.partition("/")[2].partition(".")[0]
        target = next(
            (
                other
                for other, (before, after) in left.items()
                if before is None and after == gone and other.partition("/")[2].startswith(name[:4])
            ),
            None,
        )
        if target:
            yield {path: left.pop(path), target: left.pop(target)}
    for path, change in left.items():
        yield {path: change}


def _difference(expected: Tree, found: Tree) -> str:
    paths = sorted(path for path in expected.keys() | found.keys() if expected.get(path) != found.get(path))
    said = {True: "missing", False: "there"}
    return "; ".join(
        f"{path} ({said[path not in found]}, should be {said[path not in expected]})" for path in paths[:3]
    )


def _unwind(this: Round, *, wild: bool) -> None:
    """Undo everything that is left, the last first, and redo some of it on the way."""
    program = None
    if this.number % BY_PROGRAM < 2:
        program = Program(base=this.kb.base, home=this.place)
    skipped: set[int] = set()
    while stack := [each for each in this.stack() if each not in skipped]:
        top, after = stack[-1], this.tree()
        if not _undo(this, top if wild else None, program):
            skipped.add(top)
            if not wild:
                this.wrong(f"operation {top} could not be undone, though nothing was changed since")
                return
            continue
        if not wild and this.tree() != this.steps[top].before:
            said = _difference(this.steps[top].before, this.tree())
            this.wrong(f"the undo of operation {top} left another tree: {said}")
            return
        redo = this.last_undo()
        if redo and this.rng.random() < 0.25:
            undone = this.tree()
            if _undo(this, redo, program) and not wild and this.tree() != after:
                this.wrong(f"redoing operation {top} left another tree: {_difference(after, this.tree())}")
                return
            _undo(this, max(this.steps), program)  # an undo of the redo, which is the undo again
            if not wild and this.tree() != undone:
                this.wrong(f"undoing the redo of operation {top} left another tree")
                return
            if not this.is_undone(top):
                skipped.add(top)


def _nothing_lost(this: Round) -> None:
    there = {path.read_bytes() for path in this.kb.base.rglob("*.yaml") if path.is_file()}
    lost = this.seen - this.excused - there
    if lost:
        this.wrong(f"{len(lost)} contents that were saved are nowhere, the first: {min(lost)[:80]!r}")


# Defects


def _put(owner: object, name: str, defect: object) -> None:
    """Put a defect in the place of what must be there."""
    getattr(owner, name)
    setattr(owner, name, defect)


def undo_without_comparing() -> None:
    def nothing(*_: object) -> str:
        return ""

    _put(past.Past, "_obstacle", nothing)
    _put(Committer, "_check", nothing)
    _put(Committer, "_is_as_expected", lambda *_: True)


def no_history_on_replace() -> None:
    def replace(this: Committer, each: Planned, _before: FileState, after: FileState) -> None:
        files.replace(this._base / after.path, each.content or b"")

    _put(Committer, "_replace", replace)


def before_and_after_swapped() -> None:
    _with_raw(lambda changes: tuple(each.reverse for each in changes))


def one_change_forgotten() -> None:
    _with_raw(lambda changes: changes[:-1] if len(changes) > 1 else changes)


def _with_raw(defect: Callable[[tuple[Change, ...]], tuple[Change, ...]]) -> None:
    from dataclasses import replace

    raw = journal._raw

    def spoiled(operation: Operation) -> dict[str, object]:
        return raw(replace(operation, changes=defect(operation.changes)))

    _put(journal, "_raw", spoiled)
    finish = journal.Journal.finish

    def finished(this: journal.Journal, operation: Operation) -> None:
        finish(this, replace(operation, changes=defect(operation.changes)))

    _put(journal.Journal, "finish", finished)


def newest_version_for_any() -> None:
    def content(this: History, entry_id: int, _digest: str) -> bytes | None:
        versions: tuple[Version, ...] = this.versions(entry_id)
        return files.read(Path(versions[-1].path)) if versions else None

    _put(History, "content", content)


def taken_away_for_good() -> None:
    def move(_: History, _id: int, path: Path, _digest: str) -> Path:
        files.remove(path)
        return path

    _put(History, "move", move)


def undone_is_forgotten() -> None:
    _put(past, "_undone", lambda _: frozenset())


def refusals_are_silent() -> None:
    """Have an undo that can do nothing pretend that it did: the operation counts as undone."""
    undo = past.Past.undo

    def pretending(this: past.Past, number: int | None = None, *, yes: bool = False) -> object:
        try:
            return undo(this, number, yes=yes)
        except ConflictError:
            return None

    _put(past.Past, "undo", pretending)


SUITE = Suite(
    name="undo",
    promise="undone one by one, commands leave the tree of each moment to the byte, and nothing is lost",
    unit="sequences",
    figure=200,
    small=6,
    run=torture,
    sabotages={
        "undo-without-comparing": undo_without_comparing,
        "no-history-on-replace": no_history_on_replace,
        "before-and-after-swapped": before_and_after_swapped,
        "one-change-forgotten": one_change_forgotten,
        "newest-version-for-any": newest_version_for_any,
        "taken-away-for-good": taken_away_for_good,
        "undone-is-forgotten": undone_is_forgotten,
        "refusals-are-silent": refusals_are_silent,
    },
)
