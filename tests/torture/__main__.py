"""`python -m tests.torture SUITE --n N --seed S [--json FILE]`: attack a promise of kb and report.

SUITE is one of those that `--list` names, or `all`. Exits with 1 if a promise was broken. With
`--sabotage all` it is the other way round: 1 if a suite stayed green although kb had been given a defect.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import pkgutil
import secrets
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from tests.torture import suites
from tests.torture.suite import SHOWN, Run, Suite

LONGEST = ("full",)  # begun first, so that none is left alone at the end


def main(arguments: list[str]) -> int:
    """Run the suites asked for and return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.torture", description=__doc__)
    parser.add_argument("suite", nargs="?", help="the suite to run, or `all`")
    parser.add_argument("--list", action="store_true", help="name the suites, their figures and sabotages")
    parser.add_argument("--n", type=int, help="how many rounds; without it the figure to reach")
    parser.add_argument("--small", action="store_true", help="as few rounds as CI runs")
    parser.add_argument("--seed", type=int, help="where the random numbers begin; without it, anywhere")
    parser.add_argument("--only", type=int, metavar="ROUND", help="replay this round of the seed only")
    parser.add_argument(
        "--sabotage", metavar="NAME", help="put this defect into kb first; `all` for each in turn"
    )
    parser.add_argument("--jobs", type=int, default=1, help="of `all`, this many suites at once")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the report there, too")
    options = parser.parse_args(arguments)
    found = load()
    if options.list or not options.suite:
        for suite in found.values():
            print(f"{suite.name:10} {suite.figure:>6,} {suite.unit:10} {suite.promise}")
            print(f"{'':29}sabotages: {', '.join(suite.sabotages) or 'none'}")
        return 0
    if options.suite != "all" and options.suite not in found:
        parser.error(f"there is no suite {options.suite}; --list names them")
    wanted = list(found.values()) if options.suite == "all" else [found[options.suite]]
    if options.suite == "all" and options.jobs > 1 and not options.sabotage:
        reports = _side_by_side(wanted, arguments, options.jobs)
    else:
        reports = list(_one_by_one(wanted, options, parser))
    if options.json:
        options.json.write_text(json.dumps(reports, indent=2) + "\n", "utf-8")
    red = [bool(report["violations"]) for report in reports if not report["skipped"]]
    return int(not all(red)) if options.sabotage == "all" else int(any(red))


def _one_by_one(
    wanted: list[Suite], options: argparse.Namespace, parser: argparse.ArgumentParser
) -> Iterator[dict[str, Any]]:
    """Run suites, with each sabotage that is asked for, and yield their reports."""
    for suite in wanted:
        names = list(suite.sabotages) if options.sabotage == "all" else [options.sabotage or ""]
        for name in names:
            if name and name not in suite.sabotages:
                parser.error(f"{suite.name} has no sabotage {name}; it has {', '.join(suite.sabotages)}")
            report = attack(suite, name, options)
            print(told(report), flush=True)
            yield report


def _side_by_side(wanted: list[Suite], arguments: list[str], jobs: int) -> list[dict[str, Any]]:
    """Run each suite by a program of its own, `jobs` of them at a time, and return their reports."""
    with tempfile.TemporaryDirectory(prefix="kb-torture-") as directory:

        def run(suite: Suite) -> dict[str, Any]:
            result = Path(directory) / f"{suite.name}.json"
            own = [suite.name if each == "all" else each for each in arguments]
            command = [sys.executable, "-m", "tests.torture", *own, "--json", str(result)]
            done = subprocess.run(command, stdout=subprocess.PIPE, check=False)
            print(done.stdout.decode(), end="", flush=True)
            found: list[dict[str, Any]] = json.loads(result.read_text("utf-8"))
            return found[0]

        with ThreadPoolExecutor(jobs) as pool:
            return list(pool.map(run, sorted(wanted, key=lambda suite: suite.name not in LONGEST)))


def load() -> dict[str, Suite]:
    """Return every suite by its name."""
    names = [each.name for each in pkgutil.iter_modules(suites.__path__, f"{suites.__name__}.")]
    modules = [importlib.import_module(name) for name in names]
    found: list[Suite] = [module.SUITE for module in modules if hasattr(module, "SUITE")]
    return {suite.name: suite for suite in sorted(found, key=lambda each: each.name)}


def attack(suite: Suite, sabotage: str, options: argparse.Namespace) -> dict[str, Any]:
    """Run a suite in a process of its own, which a sabotage may spoil, and return its report."""
    n = options.n if options.n is not None else suite.small if options.small else suite.figure
    seed = options.seed if options.seed is not None else secrets.randbelow(10**9)
    report: dict[str, Any] = {
        "suite": suite.name,
        "unit": suite.unit,
        "n": n,
        "seed": seed,
        "sabotage": sabotage,
        "skipped": suite.obstacle(),
        "runs": 0,
        "violations": [],
        "figures": {},
        "seconds": 0.0,
    }
    if report["skipped"]:
        return report
    with tempfile.TemporaryDirectory(prefix=f"kb-{suite.name}-") as name:
        directory = Path(name)
        result = directory / "report.json"
        sys.stdout.flush()
        pid = os.fork()
        if pid == 0:
            code = 1
            try:
                result.write_text(
                    json.dumps(_run(suite, sabotage, directory, n, seed, options.only)), "utf-8"
                )
                code = 0
            finally:
                if code:
                    import traceback

                    traceback.print_exc()
                os._exit(code)
        code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        if code:
            report["violations"] = [f"the suite itself failed (exit code {code})"]
        else:
            report.update(json.loads(result.read_text("utf-8")))
    return report


def _run(suite: Suite, sabotage: str, directory: Path, n: int, seed: int, only: int | None) -> dict[str, Any]:
    own = directory / "run"
    own.mkdir(mode=0o700)
    run = Run(n=n, seed=seed, directory=own, sabotage=sabotage, only=only)
    if sabotage:
        suite.sabotages[sabotage]()
    suite.run(run)
    return {
        "runs": run.rounds,
        "violations": run.violations,
        "figures": run.figures,
        "seconds": round(run.seconds, 2),
    }


def told(report: dict[str, Any]) -> str:
    """Return a report as lines to read."""
    name = report["suite"] + (f" with {report['sabotage']}" if report["sabotage"] else "")
    if report["skipped"]:
        return f"{name}: SKIPPED: {report['skipped']}"
    violations = report["violations"]
    figures = "".join(f", {key} {value}" for key, value in report["figures"].items())
    lines = [
        f"{name}: {report['runs']:,} {report['unit']}, {len(violations)} violations, "
        f"{report['seconds']:.1f} s, seed {report['seed']}{figures}"
    ]
    lines += [f"  {said}" for said in violations[:SHOWN]]
    if len(violations) > SHOWN:
        lines.append(f"  … and {len(violations) - SHOWN} more")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
