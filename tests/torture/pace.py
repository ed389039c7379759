"""How fast this machine is: a promise in seconds is one on the machine that its figure was set on."""

from __future__ import annotations

import time

LOOPS = 100_000
SECONDS = 0.0145  # of CPU that `_work` took there, the least of many (Python 3.11, 2 cores, 2026-11-27)
TRIES = 5


def slowness() -> float:
    """Return how many times longer this machine takes just now than that one; 1.0 where it is faster."""
    return max(1.0, min(_work() for _ in range(TRIES)) / SECONDS)


def _work() -> float:
    """Return the CPU seconds of a loop of what an interpreter does: calls, dictionaries, strings."""
    began = time.process_time()
    found: dict[str, int] = {}
    for number in range(LOOPS):
        key = f"{number % 977:x}"
        found[key] = found.get(key, 0) + len(key)
    return time.process_time() - began


if __name__ == "__main__":
    print(f"{min(_work() for _ in range(200)):.4f} s; {slowness():.2f} times the time of the reference")
