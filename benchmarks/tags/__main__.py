"""Measure suggested tags: `python -m benchmarks.tags DIR... [--entries N] [--set NAME=V1,V2,...]`.

DIR is a collection as `benchmarks.quality` reads it, whose ids are paths in folders. Each fold of the notes
in turn has no tags, all others have their folder as a tag. Prints how often the folder is the first tag that
is suggested, or among the first three; how many are suggested, and the share of them that is right. See
docs/quality.md.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import fields
from itertools import chain
from pathlib import Path
from unittest import mock

from benchmarks.quality.collection import read
from benchmarks.quality.folds import validate
from benchmarks.tags.folders import Answer, Fold, folds, in_folders
from kbnotes.index import voting
from kbnotes.kb import suggest
from kbnotes.record import replace

CONSTANTS = ("TOPIC", "LEAST")  # of kb/suggest.py
NAMES = (*(each.name for each in fields(voting.Voting)), *CONSTANTS)

Setting = tuple[str, float] | None  # None: as it is


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; return 1 if there was nothing to measure."""
    options = _options().parse_args(arguments)
    measured = False
    for directory in options.directories:
        try:
            notes = in_folders(read(directory).documents, most=options.entries)
        except (OSError, ValueError) as error:
            print(error, file=sys.stderr)
            return 1
        if len(notes) < options.folds:
            print(f"{directory.name}: too few notes in folders", file=sys.stderr)
            continue
        measured = True
        with tempfile.TemporaryDirectory(prefix="kb-tags-") as place:
            made = list(folds(notes, Path(place), count=options.folds, topics=options.topics))
            print(f"\n{directory.name}: {len(notes):,} notes, {options.folds} folds")
            _print_rows(made, options.set or [])
    return 0 if measured else 1


def _print_rows(made: Sequence[Fold], wanted: Sequence[tuple[str, list[float]]]) -> None:
    print(f"{'':18}  top 3  top 1  suggested  right  ms a note")
    scored: dict[Setting, Mapping[str, Mapping[str, float]]] = {}
    for setting in (None, *((name, value) for name, values in wanted for value in values)):
        with _set(setting):
            answered = [fold.answers() for fold in made]
        answers = list(chain.from_iterable(found for found, _ in answered))
        print(_row(setting, answers, sum(took for _, took in answered)), flush=True)
        scored[setting] = {"": {each.note: float(each.folder in each.suggested) for each in answers}}
    if len(scored) > 1:
        print(f"cross-validated     {validate(scored, count=5).mean:.3f}")


def _row(setting: Setting, answers: Sequence[Answer], took: float) -> str:
    right = [each.folder in each.suggested for each in answers]
    first = [each.suggested[:1] == (each.folder,) for each in answers]
    suggested = sum(len(each.suggested) for each in answers)
    count = len(answers)
    name = f"{setting[0]} {setting[1]:g}" if setting else "as it is"
    figures = f"{sum(right) / count:.3f}  {sum(first) / count:.3f}  {suggested / count:9.2f}"
    return f"{name:18}  {figures}  {sum(right) / max(1, suggested):.3f}  {1000 * took / count:9.1f}"


@contextmanager
def _set(setting: Setting) -> Iterator[None]:
    with ExitStack() as stack:
        if setting and setting[0] in CONSTANTS:
            stack.enter_context(mock.patch.object(suggest, setting[0], setting[1]))
        elif setting:
            name, value = setting
            kind = type(getattr(voting.VOTING, name))
            changed = replace(voting.VOTING, **{name: kind(value)})
            stack.enter_context(mock.patch.object(voting, "VOTING", changed))
        yield


def _values(text: str) -> tuple[str, list[float]]:
    name, _, values = text.partition("=")
    if name not in NAMES:
        raise argparse.ArgumentTypeError(f"{name} is none of {', '.join(NAMES)}")
    return name, [float(value) for value in values.split(",")]


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.tags")
    parser.add_argument("directories", nargs="+", type=Path, metavar="DIR", help="a collection")
    parser.add_argument("--entries", type=int, metavar="N", help="only N notes, by chance")
    parser.add_argument("--folds", type=int, default=5, metavar="K", help="of which one lacks its tags")
    parser.add_argument("--topics", type=Path, metavar="FILE", help="topics that propose tags as well")
    parser.add_argument(
        "--set", action="append", type=_values, metavar="NAME=V1,V2", help="try other values as well"
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
