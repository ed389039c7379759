"""Measure how long kb's commands take: `python -m benchmarks.speed [--sizes 20,1800,20000,100000] [--peers]`.

Whole processes, interleaved in random order; prints minimum, median and the ratio of minima to
`python -c pass` of the same run, with peak memory; then first indexes and one changed note beside those of
the `whoosh` command. See docs/performance.md.
"""

from __future__ import annotations

import argparse
import compileall
import json
import os
import sys
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

import kbnotes
from benchmarks.speed import commands
from benchmarks.speed.chart import chart
from benchmarks.speed.corpus import write
from benchmarks.speed.timing import Times, run, run_all

Found = dict[str, dict[str, float]]  # row -> seconds and memory


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print."""
    options = _options().parse_args(arguments)
    sizes = [int(size) for size in options.sizes.split(",")]
    compileall.compile_dir(Path(kbnotes.__file__).parent, quiet=1)  # or every run would do it again
    if options.peers:
        for name, why in commands.lacking().items():
            print(f"{name} is left out: {why}")
    found: dict[int, Found] = {}
    with ExitStack() as stack:
        cache = options.cache or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="kb-speed-")))
        for size in sizes:
            found[size] = _measured(cache, size, options)
    if options.json:
        options.json.write_text(json.dumps(found, indent=2) + "\n", "utf-8")
    if options.charts:
        _draw(options.charts, found)
    return 0


def _measured(cache: Path, size: int, options: argparse.Namespace) -> Found:
    place, home = cache / f"{size}", cache / f"{size}-home"
    if not (place / "notes.jsonl").exists():
        place.mkdir(parents=True)
        write(place, size)
    home.mkdir(exist_ok=True)
    environment = {"PATH": os.environ["PATH"], "HOME": str(home)}  # no PYTHONDONTWRITEBYTECODE
    print(f"\n{size:,} entries")
    found: Found = {}
    if not options.no_index:
        found |= _indexes(place, home, environment, peers=options.peers)
    every = commands.of_kb(place)
    if options.peers:
        commands.prepare_peers(place, environment=environment)
        every |= commands.of_peers(place)
    times = run_all(every, environment=environment, runs=options.runs)
    times |= run_all(commands.writing(place), environment=environment, runs=options.runs)
    bare = times[commands.BARE].least
    print(f"{'':26}{'min ms':>9}{'median':>9}{'ratio':>8}{'MB':>7}")
    for name, each in times.items():
        print(_row(name, each, bare))
        found[name] = {
            "least": each.least,
            "median": each.median,
            "ratio": each.least / bare,
            "peak": each.peak,
        }
    return found


def _row(name: str, times: Times, bare: float) -> str:
    return (
        f"{name:26}{times.least * 1000:9.1f}{times.median * 1000:9.1f}{times.least / bare:8.1f}"
        f"{times.peak / 2**20:7.0f}"
    )


def _indexes(place: Path, home: Path, environment: dict[str, str], *, peers: bool) -> Found:
    found: Found = {}
    wanted = ["kb", *(["whoosh"] if peers and "whoosh" not in commands.lacking() else [])]
    commands.forget(place, home)
    for name in wanted:
        seconds = run(commands.indexing(place)[name], environment=environment)
        found[f"first index, {name}"] = {"least": seconds}
        print(f"first index, {name:14}{seconds:9.1f} s")
    for name in wanted:
        least = 1e9
        for turn in range(3):
            commands.change_one(place, turn)
            least = min(least, run(commands.updating(place)[name], environment=environment))
        found[f"one changed, {name}"] = {"least": least}
        print(f"one changed, {name:14}{least * 1000:9.0f} ms")
    size = sum(path.stat().st_size for path in (home / ".cache" / "kb").rglob("*") if path.is_file())
    text = sum(path.stat().st_size for path in (place / "files").glob("*.md"))
    found["index"] = {"bytes": size, "by text": size / text}
    print(f"index{'':21}{size / text:9.2f} times the text")
    return found


def _draw(directory: Path, found: dict[int, Found]) -> None:
    names = (
        commands.SEARCH,
        "kb list -t rust -n 20",
        "kb show 7",
        'kb add "text"',
        commands.BARE,
        *commands.PEERS,
    )
    rows = {
        name: [(size, rows[name]["least"] * 1000) for size, rows in found.items() if name in rows]
        for name in names
    }
    lines = {name: points for name, points in rows.items() if points}
    directory.mkdir(parents=True, exist_ok=True)
    (directory / "speed.svg").write_text(chart("Whole commands, cold", "milliseconds", lines), "utf-8")


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.speed")
    parser.add_argument("--sizes", default="20,1800,20000,100000", help="numbers of entries")
    parser.add_argument("--runs", type=int, default=9, help="of each command")
    parser.add_argument("--peers", action="store_true", help="other tools as well")
    parser.add_argument("--no-index", action="store_true", help="leave out first indexes and changed notes")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all figures there as well")
    parser.add_argument(
        "--charts", type=Path, metavar="DIR", help="draw the cost against the number of entries"
    )
    parser.add_argument("--cache", type=Path, metavar="DIR", help="keep the corpora there for the next run")
    return parser


if __name__ == "__main__":
    sys.exit(main())
