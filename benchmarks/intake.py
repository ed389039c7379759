"""What a numbered file costs to bring in: `python -m benchmarks.intake [--sizes 1000,10000] [--runs 3]`.

For each size a file of so many notes of about 300 bytes, whole commands, interleaved: the first import, the
same file again, and `kb sync-file` of it as a linked file. Prints the least CPU and wall-clock time of each,
per note, and the ratio of the largest size to the smallest. CPU time is that of the process and its children.
"""

from __future__ import annotations

import argparse
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.speed.corpus import entries

KB = (sys.executable, "-m", "kbnotes")
WORDS = 45  # of a note


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default="1000,10000")
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    sizes = [int(size) for size in options.sizes.split(",")]
    found: dict[tuple[str, int], list[tuple[float, float]]] = {}
    for run in range(options.runs):
        for size in random.Random(run).sample(sizes, len(sizes)):
            for what, cost in _costs(size).items():
                found.setdefault((what, size), []).append(cost)
    print(f"{'microseconds a note':24}" + "".join(f"{size:>20,}" for size in sizes) + f"{'ratio':>10}")
    for what in dict.fromkeys(what for what, _ in found):
        for at, clock in enumerate(("CPU", "wall")):
            least = [min(cost[at] for cost in found[what, size]) / size * 1e6 for size in sizes]
            cells = "".join(f"{each:20,.0f}" for each in least)
            print(f"{what + ', ' + clock:24}{cells}{least[-1] / least[0]:10.2f}")


def _costs(size: int) -> dict[str, tuple[float, float]]:
    with tempfile.TemporaryDirectory(prefix="kb-intake-") as name:
        place = Path(name)
        notes = (" ".join(entry.body.split()[:WORDS]) for entry in entries(size))
        file = place / "notes.md"
        file.write_text("".join(f"{at}. {note}\n\n" for at, note in enumerate(notes, 1)), "utf-8")
        _cost(place, "init", str(place / "base"))
        return {
            "first import": _cost(place, "import", "--keep", str(file)),
            "the same again": _cost(place, "sync-file"),
        }


def _cost(place: Path, *arguments: str) -> tuple[float, float]:
    """Return the seconds of CPU and of the wall clock that a command takes."""
    environment = os.environ | {"HOME": str(place), "KB_BASE": str(place / "base")}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    if arguments[0] == "init":
        environment.pop("KB_BASE")
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run([*KB, *arguments], env=environment, check=True, stdout=subprocess.DEVNULL)
    wall = time.perf_counter() - started
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, wall


if __name__ == "__main__":
    main()
