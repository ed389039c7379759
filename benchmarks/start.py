"""What starting costs: `python benchmarks/start.py [--python PYTHON]... [--runs N]`.

Whole processes, in random order; prints minimum, median and the ratio of minima to `python -c pass` of the
same run. With --python more than once, the environments are compared side by side (for instance one
with another version of a dependency). Byte-code is compiled first, or every run would compile it again.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ROWS = {
    "pass": "pass",
    "import typer": "import typer",
    "import whoosh": "import whoosh.index, whoosh.query, whoosh.scoring",
    "import rich": "import rich.console, rich.text",
    "kb search": "import sys; from kbnotes.cli import run; sys.exit(run(['search', 'KV cache']))",
    "kb list": "import sys; from kbnotes.cli import run; sys.exit(run(['list', '-t', 'hardware']))",
    "kb --help": "import sys; from kbnotes.cli import run; sys.exit(run(['--help']))",
}


def main() -> None:
    """Measure every row and print a table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--python", action="append", help="an interpreter to measure (default: this one)")
    parser.add_argument("--runs", type=int, default=15)
    options = parser.parse_args()
    pythons: list[str] = options.python or [sys.executable]
    with tempfile.TemporaryDirectory() as home:
        environment = {"PATH": os.environ["PATH"], "HOME": home, "PYTHONPATH": str(ROOT / "src")}
        jobs = [(python, name) for python in pythons for name in ROWS]
        times: dict[tuple[str, str], list[float]] = {job: [] for job in jobs}
        for at in range(options.runs + 1):
            random.shuffle(jobs)
            for python, name in jobs:
                seconds = _run(python, ROWS[name], environment)
                if at and seconds is not None:  # the first round compiles byte-code and builds the index
                    times[python, name].append(seconds)
    for python in pythons:
        print(f"{python}\n{'':16}{'min ms':>9}{'median ms':>11}{'ratio':>8}")
        bare = min(times[python, "pass"])
        for name in ROWS:
            if found := times[python, name]:
                low, middle = min(found), statistics.median(found)
                print(f"{name:16}{low * 1000:9.1f}{middle * 1000:11.1f}{low / bare:8.1f}")
            else:
                print(f"{name:16}   does not run there")


def _run(python: str, code: str, environment: dict[str, str]) -> float | None:
    """Return the seconds of one run, or None if it failed."""
    started = time.perf_counter()
    call = [python, "-c", code]
    done = subprocess.run(call, cwd=ROOT, env=environment, capture_output=True, check=False, input=b"")
    return time.perf_counter() - started if done.returncode == 0 else None


if __name__ == "__main__":
    main()
