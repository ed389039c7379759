"""Whole processes, timed as a person waits for them, interleaved in random order."""

from __future__ import annotations

import random
import statistics
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Command:
    """A command line, and where it runs."""

    words: Sequence[str]
    directory: Path
    expected: tuple[int, ...] = (0,)  # exit codes


@dataclass(slots=True)
class Times:
    """What the runs of one command took."""

    seconds: list[float] = field(default_factory=list)
    peak: int = 0  # bytes of memory, the most of all runs

    @property
    def least(self) -> float:
        """Seconds of the fastest run."""
        return min(self.seconds)

    @property
    def median(self) -> float:
        """Seconds of the run in the middle."""
        return statistics.median(self.seconds)


def run_all(
    commands: Mapping[str, Command], *, environment: Mapping[str, str], runs: int
) -> dict[str, Times]:
    """Run each command `runs` times, and once more before that for its peak memory.

    Raises RuntimeError for a command that ends otherwise than expected: a quick failure is no figure.
    """
    times = {name: Times(peak=peak(command, environment=environment)) for name, command in commands.items()}
    rng = random.Random(1)
    for _ in range(runs):
        for name in rng.sample(list(commands), len(commands)):
            times[name].seconds.append(run(commands[name], environment=environment))
    return times


def run(command: Command, *, environment: Mapping[str, str]) -> float:
    """Run a command and return its seconds. Raises RuntimeError if it fails."""
    started = time.perf_counter()
    done = subprocess.run(
        command.words,
        cwd=command.directory,
        env=dict(environment),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=False,
    )
    seconds = time.perf_counter() - started
    if done.returncode not in command.expected:
        raise RuntimeError(f"{' '.join(command.words)} ended with {done.returncode}")
    return seconds


# A process counts the memory of the one it was forked from, so that has to be a small one.
_PEAK = """
import os, sys
null = os.open(os.devnull, os.O_RDWR)
files = [(os.POSIX_SPAWN_DUP2, null, handle) for handle in (0, 1, 2)]
pid = os.posix_spawnp(sys.argv[1], sys.argv[1:], os.environ, file_actions=files)
print(os.wait4(pid, 0)[2].ru_maxrss * 1024)
"""


def peak(command: Command, *, environment: Mapping[str, str]) -> int:
    """Run a command and return the most bytes of memory that it had."""
    done = subprocess.run(
        [sys.executable, "-S", "-c", _PEAK, *command.words],
        cwd=command.directory,
        env=dict(environment),
        capture_output=True,
        check=True,
    )
    return int(done.stdout)
