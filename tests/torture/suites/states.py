"""Every state that a power cut can leave behind, worked out from the calls that commands make."""

from __future__ import annotations

import os
import random
import stat
import sys
from pathlib import Path
from types import ModuleType

import kbnotes
from kbnotes.store import files
from tests.torture.crash_rules import Opener, broken_promises
from tests.torture.program import Program
from tests.torture.sabotage import put
from tests.torture.sessions import SCENARIOS, Session, State, record, states, unreached
from tests.torture.suite import Run, Suite

OPENED = 60  # states opened with kb to find a bad one among those that a dropped fsync brings


def run(run: Run) -> None:
    """Trace every scenario, judge all states by their files, and open as many as asked for with kb.

    Round N is the Nth state, in an order that the seed decides.
    """
    program = Program(base=run.directory / "base", home=run.directory)
    can_undo = program.run("undo", "--help").code == 0
    sessions = [
        record(name, scenario, run.directory / str(number), run.violation)
        for number, (name, scenario) in enumerate(SCENARIOS.items())
        if can_undo or not scenario.needs
    ]
    if run.violations:
        return  # what the trace does not tell cannot be judged
    found = [state for session in sessions for state in states(session, run.seed)]
    random.Random(run.seed).shuffle(found)
    opener = Opener(run.directory / "state", can_undo)
    real = put(os, "fsync", lambda _: None)  # the states are not for keeping
    try:
        _judge(run, found, opener)
        if not run.sabotage and run.only is None and not run.violations:
            _without_each(run, sessions, found, opener)
    finally:
        os.fsync = real
    run.figures["fsyncs never reached"] = len(unreached(sessions, Path(kbnotes.__file__).parent))


def _judge(run: Run, found: list[State], opener: Opener) -> None:
    bad: dict[int, list[str]] = {}
    for number, state in enumerate(found):
        if run.only in (None, number) and (said := list(broken_promises(state.tree, state.promise))):
            bad[number] = said
    run.figures["states"] = len(found)
    for number, rng in run.each():
        if number >= len(found):
            break
        state = found[number]
        if number not in bad and (said := opener.check(state.tree, state.promise, rng)):
            bad[number] = said
    for number, said in sorted(bad.items()):
        run.violation(f"{found[number].where}: {'; '.join(said)}", at=number)


def _without_each(run: Run, sessions: list[Session], found: list[State], opener: Opener) -> None:
    """Take each fsync of kb out of the traces in turn: a state must show that it was needed."""
    sites = sorted({site for session in sessions for site in session.sites()})
    run.figures["places that fsync"] = len(sites)
    known = {hash(frozenset(state.tree.items())) for state in found}
    for site in sites:
        affected = [session for session in sessions if site in session.sites()]
        new: list[State] = []
        for state in (state for each in affected for state in states(each, run.seed, without=site)):
            if next(broken_promises(state.tree, state.promise), ""):
                break
            if hash(frozenset(state.tree.items())) not in known:
                new.append(state)
        else:
            rng = random.Random(f"{run.seed}:{site}")
            some = rng.sample(new, min(len(new), OPENED))
            if not any(opener.check(state.tree, state.promise, rng) for state in some):
                run.violation(f"without the fsync of {site} no state is bad: it is needless, or not tested")


class _Spoilt:
    """The module `os` as kb sees it, with one function that is not what it was."""

    def __init__(self, **functions: object) -> None:
        self.__dict__.update(functions)

    def __getattr__(self, name: str) -> object:
        return getattr(os, name)


def spoil_os(**functions: object) -> None:
    """Give every module of kb that uses `os` another one; a trace still sees what reaches the real one."""
    modules = [each for name, each in sys.modules.items() if name.startswith("kbnotes.")]
    using = [each for each in modules if isinstance(getattr(each, "os", None), ModuleType)]
    if files not in using:
        raise AttributeError("kbnotes.store.files does not use os")
    for module in using:
        put(module, "os", _Spoilt(**functions))


def drop(*, directories: bool) -> None:
    def fsync(handle: int) -> None:
        if stat.S_ISDIR(os.fstat(handle).st_mode) != directories:
            os.fsync(handle)

    spoil_os(fsync=fsync)


def _write_in_place() -> None:
    """Swap the rename of `replace` for a write into the file itself."""

    def replace(path: Path, content: bytes) -> None:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        os.write(handle, content)
        os.fsync(handle)
        os.close(handle)
        files.sync(path.parent)

    put(files, "replace", replace)


def _replace_first() -> None:
    """Let a file take its final name before its content is on the disk."""
    order: list[int] = []

    def fsync(handle: int) -> None:
        if stat.S_ISDIR(os.fstat(handle).st_mode):
            os.fsync(handle)
            while order:
                late = order.pop()
                os.fsync(late)
                os.close(late)
        else:
            order.append(os.dup(handle))

    spoil_os(fsync=fsync)


SUITE = Suite(
    name="states",
    promise="No state that a power cut can leave loses or mixes what was acknowledged.",
    unit="states",
    figure=1_000_000,  # all there are
    small=100,
    run=run,
    sabotages={
        "drop-any-file-fsync": lambda: drop(directories=False),
        "drop-any-directory-fsync": lambda: drop(directories=True),
        "write-in-place": _write_in_place,
        "fsync-after-rename": _replace_first,
    },
)
