"""Sixteen processes change one base at the same time: ids are unique, and no change that was made is lost."""

from __future__ import annotations

import json
import os
import random
import shutil
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from tests.torture import defects, truth
from tests.torture.program import Program, Said
from tests.torture.suite import Run, Suite
from tests.torture.truth import Tree

PROCESSES = 16
SHARED = (1, 2, 3)  # entries that everyone changes
TITLED = 4  # an entry whose title everyone changes
KILLED = 0.05  # of the changes
KINDS = {"add": 22, "tag": 22, "title": 10, "edit": 12, "search": 12, "list": 14, "rebuild": 4, "rm": 4}
APPEND = 'printf "%s\\n" "$LINE" >> "$1"\n'


@dataclass(frozen=True, slots=True)
class Act:
    """One operation of one process, and afterwards what came of it."""

    kind: str
    word: str  # nobody else's: a line, a tag, a title
    entry: int = 0  # whose
    patience: float = -1.0  # seconds until it is killed; below 0: never
    code: int = 0
    ids: tuple[int, ...] = ()
    wrong: str = ""


def torture(run: Run) -> None:
    """Deal n operations out to the processes, let them run, and look at what is left."""
    base, home = run.directory / "base", run.directory / "home"
    home.mkdir(mode=0o700)
    editor = run.directory / "editor"
    editor.write_text(APPEND, "utf-8")
    program = Program(base=base, home=home, environment={"KB_EDITOR": f"sh {editor}"})
    _set_up(program, base)
    acts = [_chosen(number, rng) for number, rng in run.each()]
    started = time.monotonic()
    pids = [
        _worker(program, acts[place::PROCESSES], run.directory / f"done-{place}")
        for place in range(PROCESSES)
    ]
    codes = [os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) for pid in pids]
    if any(codes):
        raise RuntimeError(f"a process of the suite itself failed: {codes}")
    seconds = time.monotonic() - started
    done = [_read(run.directory / f"done-{place}") for place in range(PROCESSES)]
    everything = [act for own in done for act in own]
    for said in [*(act.wrong for act in everything if act.wrong), *_lost(everything, base, program)]:
        run.violation(said)
    run.figures["killed"] = sum(act.code < 0 for act in everything)
    run.figures["conflicts"] = sum(act.code == 5 for act in everything)
    run.figures["operations a second"] = round(len(everything) / seconds, 1)


def _set_up(program: Program, base: Path) -> None:
    for arguments in [
        ("init", str(base)),
        *[("add", f"The shared entry of number {at}.") for at in (1, 2, 3, 4)],
    ]:
        said = program.run(*arguments)
        if said.code:
            raise RuntimeError(f"kb {arguments}: {said}")
        (base / "topics.yaml").write_text("kitchen:\n  keywords:\n    - dough\n", "utf-8")


def _chosen(number: int, rng: random.Random) -> Act:
    kind = rng.choices(list(KINDS), list(KINDS.values()))[0]
    word = f"w{number}" + "".join(rng.choices("bcdfghjklm", k=5))
    entry = TITLED if kind == "title" else rng.choice(SHARED)
    killed = kind in ("add", "tag", "edit", "rm") and rng.random() < KILLED
    return Act(kind, word, entry, rng.uniform(0, 0.3) if killed else -1.0)


def _worker(program: Program, acts: Sequence[Act], report: Path) -> int:
    """Fork a process that carries the acts out one by one and writes down what came of them."""
    pid = os.fork()
    if pid:
        return pid
    code = 1
    try:
        known: list[int] = []  # what this process has added and not removed
        done = [_carried_out(program, act, known) for act in acts]
        report.write_text(json.dumps([asdict(act) for act in done]), "utf-8")
        code = 0
    finally:
        os._exit(code)


def _carried_out(program: Program, act: Act, known: list[int]) -> Act:
    if act.kind == "rebuild":
        shutil.rmtree(program.home / ".cache" / "kb" / "index", ignore_errors=True)
        act = replace(act, kind="list")
    if act.kind == "rm":
        act = replace(act, entry=known.pop(0)) if known else replace(act, kind="add")
    own = replace(program, environment={**program.environment, "LINE": act.word})
    running = own.start(*_command(act))
    if act.patience >= 0:
        time.sleep(act.patience)
        running.kill()
    said = running.wait(timeout=300)
    ids = tuple(truth.acknowledged(said))
    if act.kind == "add":
        known.extend(ids)
    return replace(act, code=said.code, ids=ids, wrong="; ".join(_wrong(act, said, known)))


def _command(act: Act) -> tuple[str, ...]:
    return {
        "add": ("add", f"{act.word} is what this entry says."),
        "tag": ("tag", "add", str(act.entry), act.word),
        "title": ("edit", str(act.entry), "--title", act.word),
        "edit": ("edit", str(act.entry)),
        "rm": ("rm", str(act.entry)),
        "search": ("search", "--json", "shared"),
        "list": ("list", "--json"),
    }[act.kind]


def _wrong(act: Act, said: Said, known: Sequence[int]) -> Iterator[str]:
    """Say what is wrong with the answer. Only an editor may meet a conflict; both versions are kept then."""
    allowed = {0, 5} if act.kind == "edit" else {0}
    what = f"kb {' '.join(_command(act))}"
    if act.patience >= 0 and said.code == -9:
        return
    if said.code not in allowed:
        yield f"{what}: code {said.code}, {said.err[-300:]!r}"
    if b"Traceback" in said.err or b"writing to" in said.err or (b"warning" in said.err):
        yield f"{what} said {said.err[-300:]!r}"
    if act.kind in ("search", "list") and not said.code:
        found = json.loads(said.out)
        ids = {each["id"] for each in found["hits" if act.kind == "search" else "entries"]}
        must = set(SHARED) if act.kind == "search" else {*known, *SHARED, TITLED}
        if not must <= ids:
            yield f"{what} does not name {sorted(must - ids)}, which were there before it was asked"


def _read(report: Path) -> list[Act]:
    return [Act(**{**each, "ids": tuple(each["ids"])}) for each in json.loads(report.read_text("utf-8"))]


def _lost(acts: Sequence[Act], base: Path, program: Program) -> Iterator[str]:
    """Say what the base does not hold of what was acknowledged, and what the end of it all looks like."""
    now = Tree.of(base)
    entries = {truth.id_of(content): content for content in now.entries.values()}
    kept = {truth.id_of(content): content for content in now.kept.values()}
    given = Counter(each for act in acts if act.kind == "add" for each in act.ids)
    yield from (f"the id {each} was given {times} times" for each, times in given.items() if times > 1)
    of_files = Counter(map(truth.id_of, now.entries.values()))
    yield from (f"{times} entries have the id {each}" for each, times in of_files.items() if times > 1)
    # A removal that was killed may have been made.
    removed = {act.entry for act in acts if act.kind == "rm"}
    for act in acts:
        word = act.word.encode()
        if act.kind == "add":
            for each in act.ids:
                if word not in (kept if each in removed else entries).get(each, b""):
                    yield f"entry {each} ({act.word}) was acknowledged and is not there"
        elif act.kind in ("tag", "edit") and act.code == 0 and word not in entries.get(act.entry, b""):
            yield f"{act.kind} of {act.word} on entry {act.entry} was acknowledged and is lost"
        elif act.code == 5 and not now.hold(word):
            yield f"edit of {act.word} ended in a conflict, and its version is nowhere"
        elif act.kind == "rm" and act.code == 0 and act.entry in entries:
            yield f"entry {act.entry} was removed and is still there"
    titles = {act.word.encode() for act in acts if act.kind == "title"}
    if any(act.kind == "title" and act.code == 0 for act in acts):
        title = entries.get(TITLED, b"").partition(b"title: ")[2].partition(b"\n")[0]
        if title not in titles:
            yield f"the title of entry {TITLED} is {title!r}, which nobody gave it"
    said = program.run("list", "--json")
    listed = {each["id"] for each in json.loads(said.out)["entries"]} if not said.code else set()
    if listed != set(entries):
        yield f"kb list at the end: code {said.code}, {len(listed)} entries, not {len(entries)}"


SUITE = Suite(
    name="conc",
    promise="Sixteen processes at once: unique ids, no change lost, no error for a lock.",
    unit="operations",
    figure=3_200,
    small=320,
    run=torture,
    sabotages={
        "no lock": defects.no_lock,
        "ids before the lock": defects.ids_before_the_lock,
        "whoever saves last wins": defects.whoever_saves_last_wins,
        "tags from before the lock": defects.tags_from_before_the_lock,
    },
)
