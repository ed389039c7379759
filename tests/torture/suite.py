"""What a suite is, and what one run of it knows and reports."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

SHOWN = 20  # violations printed one by one


@dataclass(slots=True, kw_only=True)
class Run:
    """One run of a suite: how much, from which seed, where; and what came of it."""

    n: int  # how many rounds, in the suite's own unit
    seed: int
    directory: Path  # an empty directory of this run's own
    sabotage: str = ""  # the defect that has been put into kb, or ""
    only: int | None = None  # the one round to replay
    rounds: int = 0  # rounds carried out
    violations: list[str] = field(default_factory=list)
    figures: dict[str, float | int | str] = field(default_factory=dict)  # what else was measured
    started: float = field(default_factory=time.monotonic)

    def each(self) -> Iterator[tuple[int, random.Random]]:
        """Yield each round's number and random numbers of its own: a round replays without the others."""
        for number in range(self.n) if self.only is None else [self.only]:
            if self.sabotage and self.violations:
                return  # the defect was noticed, and that is all there is to learn
            yield number, random.Random(f"{self.seed}:{number}")
            self.rounds += 1

    def violation(self, said: str, *, at: int | None = None) -> None:
        """Report a broken promise; `at` is the round that replays it."""
        self.violations.append(said if at is None else f"round {at}: {said}")

    @property
    def seconds(self) -> float:
        """How long the run has taken so far."""
        return time.monotonic() - self.started


@dataclass(frozen=True, slots=True, kw_only=True)
class Suite:
    """A promise and the way to attack it."""

    name: str
    promise: str  # one sentence: what must hold in every round
    unit: str  # what n counts: "runs", "strings"
    figure: int  # the n to reach and report
    small: int  # the n for CI
    run: Callable[[Run], None]
    # Name -> what puts that defect into kb, in this process and so in all that are forked from it. A suite
    # that stays green under one of its sabotages proves nothing.
    sabotages: Mapping[str, Callable[[], None]]
    # Returns why the suite cannot run on this machine, or "".
    obstacle: Callable[[], str] = lambda: ""
