"""Try values of ranking: `python -m benchmarks.quality.tune DIR... --set NAME=V1,V2,... [--folds 5]`.

For each --set, all else as it is: nDCG@10 of each value on each collection, with the present value for
comparison, and what choosing the value by cross-validation is worth on the queries held out. With --grid, all
combinations of the values of all --set. NAME is a field of `kbnotes.index.ranking.Ranking`.
"""

from __future__ import annotations

import argparse
import itertools
import statistics
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import fields, replace
from importlib import import_module
from pathlib import Path
from typing import Any
from unittest import mock

from benchmarks.quality.collection import Collection, read_all
from benchmarks.quality.folds import Scores, Validated, mean_of, validate
from benchmarks.quality.measures import judge
from benchmarks.quality.ours import ask, base_of, place_of
from kbnotes.kb import KnowledgeBase
from kbnotes.model import Mode

Number = int | float
Setting = tuple[tuple[str, Number], ...]  # names of parameters and their values
MODES: tuple[Mode, ...] = ("both", "words", "meaning")
WIDTH = 15  # of a column

# As a module: the engine looks RANKING up in it at every query, so that replacing it there is enough.
_ranking: Any = import_module("kbnotes.index.ranking")


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; return 1 if there was nothing to measure."""
    options = _options().parse_args(arguments)
    try:
        wanted = [values_of(each) for each in options.set]
        collections = read_all(options.directories, limit=options.queries)
    except (OSError, ValueError) as error:
        print(error, file=sys.stderr)
        return 1
    with ExitStack() as stack:
        cache = options.cache or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="kb-quality-")))
        bases = [(each, base_of(each, place_of(each, cache))) for each in collections if each.queries]
        for settings in tables(wanted, grid=options.grid):
            scored = {setting: scores(bases, setting=setting, mode=options.mode) for setting in settings}
            print("\n".join(lines(scored, validated=validate(scored, count=options.folds))), flush=True)
    return 0 if bases else 1


def values_of(text: str) -> tuple[str, tuple[Number, ...]]:
    """Read NAME=V1,V2,... Raises ValueError if that is no parameter, or a value no number of its kind."""
    name, _, listed = text.partition("=")
    known = [field.name for field in fields(_ranking.RANKING)]
    if name not in known:
        raise ValueError(f"{name} is no parameter of ranking; there are {', '.join(known)}")
    kind: type[Number] = type(getattr(_ranking.RANKING, name))
    try:
        return name, tuple(kind(value) for value in listed.split(","))
    except ValueError:
        raise ValueError(f"{text}: each value of {name} must be {kind.__name__}") from None


def tables(wanted: Sequence[tuple[str, Sequence[Number]]], *, grid: bool) -> list[list[Setting]]:
    """Return the settings of each table, the present one first: it is chosen where none is better."""
    by_name: dict[str, list[Number]] = {}
    for name, values in wanted:
        by_name.setdefault(name, [getattr(_ranking.RANKING, name)]).extend(values)
    columns = [[(name, value) for value in dict.fromkeys(values)] for name, values in by_name.items()]
    if grid:
        return [list(itertools.product(*columns))]
    return [[(pair,) for pair in column] for column in columns]


@contextmanager
def ranked_by(setting: Setting) -> Iterator[None]:
    """Let the engine rank by these values within the block."""
    with mock.patch.object(_ranking, "RANKING", replace(_ranking.RANKING, **dict(setting))):
        yield


def scores(bases: Sequence[tuple[Collection, KnowledgeBase]], *, setting: Setting, mode: Mode) -> Scores:
    """Return the nDCG@10 of every query of every collection."""
    found: dict[str, Mapping[str, float]] = {}
    with ranked_by(setting):
        for collection, base in bases:
            run = {each.id: ask(base, collection, each.text, mode=mode) for each in collection.queries}
            judged = judge(run, qrels=collection.qrels)
            found[collection.name] = {query: one.ndcg for query, one in judged.items()}
    return found


def lines(scored: Mapping[Setting, Scores], *, validated: Validated[Setting]) -> Iterator[str]:
    """Yield a row for each setting, one for cross-validation, and which settings that chose how often."""
    names = list(validated.by_collection)
    first = max(len(name_of(setting)) for setting in scored)
    first = max(first, len("cross-validated")) + 2
    yield f"{'nDCG@10':{first}}" + "".join(f"{name[: WIDTH - 1]:>{WIDTH}}" for name in (*names, "mean"))
    for at, (setting, found) in enumerate(scored.items()):
        values = [*(statistics.fmean(found[name].values()) for name in names), mean_of(found)]
        yield _row(name_of(setting), values, first) + ("" if at else "  (present)")
    values = [*(validated.by_collection[name] for name in names), validated.mean]
    yield _row("cross-validated", values, first)
    times = Counter(validated.chosen)
    said = ", ".join(f"{name_of(setting)} ({count})" for setting, count in times.most_common())
    yield f"chosen in {len(validated.chosen)} folds: {said}"
    yield ""


def name_of(setting: Setting) -> str:
    """Return how a setting is shown."""
    return " ".join(f"{name}={value}" for name, value in setting)


def _row(name: str, values: Sequence[float], first: int) -> str:
    return f"{name:{first}}" + "".join(f"{value:{WIDTH}.4f}" for value in values)


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.quality.tune")
    parser.add_argument("directories", nargs="+", type=Path, metavar="DIR", help="a collection")
    parser.add_argument("--set", action="append", required=True, metavar="NAME=V1,V2,...")
    parser.add_argument("--grid", action="store_true", help="every combination, not one parameter at a time")
    parser.add_argument("--folds", type=int, choices=range(2, 101), default=5, metavar="K", help="2 to 100")
    parser.add_argument("--mode", choices=MODES, default="both")
    parser.add_argument("--queries", type=int, metavar="N", help="only the first N judged queries of each")
    parser.add_argument("--cache", type=Path, metavar="DIR", help="keep the bases there for the next run")
    return parser


if __name__ == "__main__":
    sys.exit(main())
