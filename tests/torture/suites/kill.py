"""kill -9 at any moment: what was acknowledged is intact, all else is old or new, never mixed."""

from __future__ import annotations

import os
import random
import shutil
import time
from collections.abc import Iterator
from dataclasses import replace

from tests.torture import defects, shim, truth
from tests.torture.program import Running, Said
from tests.torture.scene import (
    APPEND,
    CHANGED_NOTES,
    COMMANDS,
    TYPED,
    Command,
    Disk,
    Scene,
    works_again,
)
from tests.torture.shim import KILLED, TORN, Shim
from tests.torture.suite import Run, Suite
from tests.torture.truth import Tree

KILLS = 3  # in one round, at most; each begins with what the one before has left
BY_CALL = 0.7  # of the kills, where there is a shim; the others come at a moment
IN_BASE = 0.75  # of those, at a call that changes the base; the others anywhere
# Asked without an index, `list` builds it.
REBUILD = Command("rebuild of the index", ("list",))
LEFT_OUT = ("init", "backup")


def torture(run: Run) -> None:
    """Kill up to three commands in a row on one base, at the nth call or at a moment; check after each."""
    if not shim.obstacle() and shim.hand_over(run, "kill"):
        return
    scene = Scene(run.directory / "scene")
    library = Shim() if shim.LOADED in os.environ else None
    known = [command for command in COMMANDS if command.name not in LEFT_OUT and scene.knows(command)]
    known.append(REBUILD)
    killed = 0
    for number, rng in run.each():
        scene.set_up(known[0])
        for turn in range(rng.randint(1, KILLS)):
            # Every command comes first as often as every other.
            command = known[number % len(known)] if turn == 0 else rng.choice(known)
            death = _Death(scene, library, command, rng)
            wrong = list(death.happens())
            killed += death.said.code < 0
            for each in wrong:
                run.violation(f"{command.name} killed {death.when}: {each}", at=number)
            if wrong:
                break
    run.figures["commands killed"] = killed
    run.figures["moments"] = "calls and times" if library else "times"


class _Death:
    """A command that is killed on a base in whatever state, and what comes of it."""

    def __init__(self, scene: Scene, library: Shim | None, command: Command, rng: random.Random) -> None:
        self._scene, self._library, self._rng = scene, library, rng
        self._command = command if command.name == REBUILD.name else _varied(command, scene, rng)
        self._area = scene.base if rng.random() < IN_BASE and command.name != REBUILD.name else scene.home
        self.when = "at no time"
        self.said = Said(0, b"", b"", 0.0)

    def happens(self) -> Iterator[str]:
        """Carry the command out in peace, put all back, kill it, and say what is wrong."""
        scene = self._scene
        disk, before = Disk.of(scene.base), Tree.of(scene.base)
        self._prepare()
        seconds, calls, refused = self._in_peace()
        after = Tree.of(scene.base)
        disk.put(scene.base)
        self._prepare()
        self.said = self._killed(seconds, calls)
        now = Tree.of(scene.base)
        yield from truth.mixed(before, after, now)
        if (self.said.code == 0 or truth.acknowledged(self.said)) and not refused:
            yield from truth.undone(after, now)
        if self.said.code >= 0:
            yield from truth.manners(self.said)
        elif self.said.code != -9:
            yield f"it was ended by signal {-self.said.code}"
        if (
            scene.was_typed(self._command, self.said)
            and not refused
            and not (
                now.hold(self._command.typed) or truth.has(self.said.out + self.said.err, self._command.typed)
            )
        ):
            yield f"what was typed is nowhere: code {self.said.code}, {self.said.err[-200:]!r}"
        yield from works_again(scene, before, self.said, search=self._rng.random() < 0.25)

    def _prepare(self) -> None:
        scene = self._scene
        if self._command.name == REBUILD.name or self._rng.random() < 0.3:
            shutil.rmtree(scene.cache, ignore_errors=True)
        scene.notes.write_text(self._command.notes, "utf-8")
        scene.script.write_text(self._command.editor or "exit 1\n", "utf-8")
        (scene.directory / "saved").unlink(missing_ok=True)

    def _in_peace(self) -> tuple[float, list[str], bool]:
        """Return how long the command takes, which calls it makes, and whether it was refused."""
        if self._library is None:
            said = self._scene.carry_out(self._command)
            return said.seconds, [], bool(said.code)
        with self._library.armed(self._area):
            said = self._scene.carry_out(self._command)
        return said.seconds, self._library.calls, bool(said.code)

    def _killed(self, seconds: float, calls: list[str]) -> Said:
        if self._library is not None and calls and self._rng.random() < BY_CALL:
            nth = self._rng.randint(1, len(calls))
            tears = calls[nth - 1].startswith("write") and self._rng.random() < 0.5
            self.when = (
                f"at call {nth} of {len(calls)} ({calls[nth - 1]}{', half of it done' if tears else ''})"
            )
            with self._library.armed(self._area, nth=nth, fault=TORN if tears else KILLED):
                return self._scene.carry_out(self._command)
        delay = self._rng.uniform(0, 1.1 * seconds)
        self.when = f"after {delay * 1000:.1f} ms"
        return _killed_after(self._scene.start(self._command), delay)


def _killed_after(running: Running, delay: float) -> Said:
    time.sleep(delay)
    running.kill()
    return running.wait()


def _varied(command: Command, scene: Scene, rng: random.Random) -> Command:
    """Return the command for the base as it is by now: the entries and words of it are chosen anew."""
    ids = sorted(number for each in Tree.of(scene.base).entries.values() if (number := truth.id_of(each)))
    words = " ".join("".join(rng.choices("abcdefghijklmnopqrstuvwxyz", k=8)) for _ in range(3))
    if not ids:
        return command
    some = [str(number) for number in rng.sample(ids, min(len(ids), 3))]
    arguments = {
        "add": ("add", words, "-t", "own"),
        "edit in an editor": ("edit", some[0]),
        "edit --title": ("edit", some[0], "--title", words),
        "rm": ("rm", *some[:2]),
        "tag add": ("tag", "add", *some, words.partition(" ")[0]),
    }.get(command.name, command.arguments)
    return replace(
        command,
        arguments=arguments,
        typed=words.encode() if command.typed else b"",
        editor=APPEND.replace(TYPED.decode(), words) if command.editor else "",
        notes=CHANGED_NOTES.replace("hillside", words) if command.notes == CHANGED_NOTES else command.notes,
    )


SUITE = Suite(
    name="kill",
    promise="Killed at any moment, kb has kept what it said is saved; all else is old or new, never mixed.",
    unit="runs",
    figure=1_000,
    small=40,
    run=torture,
    sabotages={
        "replaced in place": defects.replaced_in_place,
        "said before it is saved": defects.said_before_it_is_saved,
        "draft dropped once read": defects.draft_dropped_once_read,
    },
)
