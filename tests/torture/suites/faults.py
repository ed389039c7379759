"""A call to the system fails, tears or is the last: files are old or new, and typed text is kept."""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator
from dataclasses import dataclass

from tests.torture import defects, shim, truth
from tests.torture.program import Said
from tests.torture.scene import COMMANDS, Command, Scene, works_again
from tests.torture.shim import FAULTS, SHORT, Fault, Shim
from tests.torture.suite import Run, Suite
from tests.torture.truth import Tree


@dataclass(frozen=True, slots=True)
class Place:
    """Where a command is disturbed: below which directory, with an index that is there or not."""

    command: Command
    area: str
    warm: bool

    def __str__(self) -> str:
        known = ", with an index" if self.warm else ""
        return f"{self.command.name} ({self.area}{known})"


@dataclass(frozen=True, slots=True)
class Clean:
    """What the command does when it is left in peace."""

    after: Tree
    calls: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Case:
    """One thing to go wrong."""

    place: Place
    nth: int
    call: str
    fault: Fault

    def __str__(self) -> str:
        return f"{self.place}, call {self.nth} ({self.call}) {self.fault.name}"


def torture(run: Run) -> None:
    """Disturb each command at each of its calls in each way, n of these, in an order of the seed's."""
    if shim.hand_over(run, "faults"):
        return
    scene, library = Scene(run.directory / "scene"), Shim()
    clean = {}
    for place in _places(scene):
        try:
            clean[place] = _left_in_peace(scene, library, place)
        except _FailedError as failed:
            run.violation(f"{place}, although nothing was disturbed: {failed}")
    cases = _ordered(clean, run.seed)
    run.figures["commands"] = len({place.command.name for place in clean})
    run.figures["calls"] = sum(len(each.calls) for each in clean.values())
    run.figures["cases there are"] = len(cases)
    met = 0
    for number, rng in run.each():
        if number >= len(cases):
            break
        case = cases[number]
        said, before = _disturbed(scene, library, case)
        met += library.hits > 0
        for wrong in _wrong(scene, case, before, clean[case.place].after, said, search=rng.random() < 0.25):
            run.violation(f"{case}: {wrong}", at=number)
    run.figures["calls disturbed"] = met


def _places(scene: Scene) -> Iterator[Place]:
    for command in COMMANDS:
        if scene.knows(command):
            for area in command.areas:
                for warm in (False, True) if area == "cache" else (False,):
                    yield Place(command, area, warm)


class _FailedError(Exception):
    """A command does not do its work even when it is left in peace."""


def _left_in_peace(scene: Scene, library: Shim, place: Place) -> Clean:
    before = scene.set_up(place.command, warm=place.warm)
    with library.armed(scene.place(place.area)):
        said = scene.carry_out(place.command)
    after = Tree.of(scene.base)
    wrong = [*truth.mixed(before, after, after), *([f"{said.code}, {said.err!r}"] if said.code else [])]
    if wrong:
        raise _FailedError("; ".join(wrong))
    return Clean(after, tuple(library.calls))


def _ordered(clean: dict[Place, Clean], seed: int) -> list[Case]:
    """Return every case, so that the first n of them are spread over all the places.

    First at each place come two writes of an entry, where most can go wrong; then all else, as it comes.
    """
    rng = random.Random(f"{seed}:order")
    spread = []
    for place, told in clean.items():
        pile = [
            Case(place, nth, call, fault)
            for nth, call in enumerate(told.calls, 1)
            for fault in FAULTS
            if not fault.only or fault.only == call.split(" ")[0].removeprefix("p")
        ]
        rng.shuffle(pile)
        writes = [case for case in pile if case.call.startswith("write entries/")]
        first = [case for case in writes if case.fault is SHORT][:1]
        first += [case for case in writes if case.fault is not SHORT][:1]
        pile = [*first, *(case for case in pile if case not in first)]
        rarely = 4 if place.area == "cache" else 1  # the base matters most
        spread += [(at * rarely, rng.random(), case) for at, case in enumerate(pile, rarely - 1)]
    return [case for _, _, case in sorted(spread, key=lambda each: each[:2])]


def _disturbed(scene: Scene, library: Shim, case: Case) -> tuple[Said, Tree]:
    before = scene.set_up(case.place.command, warm=case.place.warm)
    with library.armed(scene.place(case.place.area), nth=case.nth, fault=case.fault):
        return scene.carry_out(case.place.command), before


def _wrong(scene: Scene, case: Case, before: Tree, after: Tree, said: Said, *, search: bool) -> Iterator[str]:
    """Say all that is wrong after a case."""
    command, now = case.place.command, Tree.of(scene.base)
    yield from truth.mixed(before, after, now)
    if said.code == 0 or truth.acknowledged(said):
        yield from truth.undone(after, now)
    if said.code >= 0:
        yield from truth.manners(said)
        if case.place.area == "cache" and said.code:
            yield f"a fault of the index alone ended it with code {said.code}: {said.err[-200:]!r}"
    if not case.fault.refuses and said.code > 0:
        yield f"it failed although no call did: code {said.code}, {said.err[-200:]!r}"
    if said.code < 0 and not case.fault.kills:
        yield f"it was ended by signal {-said.code}"
    if scene.was_typed(command, said) and not (
        now.hold(command.typed) or truth.has(said.out + said.err, command.typed)
    ):
        yield f"what was typed is nowhere: code {said.code}, {said.err[-200:]!r}"
    if command.bare:
        scene.must("init", "{base}")
    yield from works_again(scene, before, said, search=search)
    shutil.rmtree(scene.base, ignore_errors=True)


SUITE = Suite(
    name="faults",
    promise="Whichever call to the system fails, tears or is the last: entries are old or new, text is kept.",
    unit="faults",
    figure=100_000,  # every call of every command in every way, which are fewer
    small=60,
    run=torture,
    sabotages={
        "replaced in place": defects.replaced_in_place,
        "created in place": defects.created_in_place,
        "half a write is enough": defects.half_a_write_is_enough,
        "draft dropped once read": defects.draft_dropped_once_read,
    },
    obstacle=shim.obstacle,
)
