"""Cross-validation: what a value is worth on queries that had no part in choosing it. Pure."""

from __future__ import annotations

import random
import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

Setting = TypeVar("Setting")
Scores = Mapping[str, Mapping[str, float]]  # collection -> query id -> what its answer is worth


@dataclass(frozen=True, slots=True, kw_only=True)
class Validated(Generic[Setting]):
    """What choosing a setting by the other folds is worth on each fold."""

    chosen: tuple[Setting, ...]  # the setting of each fold, chosen on all others
    by_collection: Mapping[str, float]

    @property
    def mean(self) -> float:
        """The mean over the collections."""
        return statistics.fmean(self.by_collection.values())


def folds_of(scores: Scores, *, count: int, seed: int = 20261123) -> dict[tuple[str, str], int]:
    """Return the fold of each query of each collection: by chance, but each holds as many of a collection."""
    dealt: dict[tuple[str, str], int] = {}
    for name, judged in scores.items():
        ids = sorted(judged)
        random.Random(f"{seed} {name}").shuffle(ids)
        dealt |= {(name, query): at % count for at, query in enumerate(ids)}
    return dealt


def validate(scored: Mapping[Setting, Scores], *, count: int) -> Validated[Setting]:
    """Return what the settings are worth if each fold is answered with the one best on all others.

    The settings are scored on the same queries. Of two that are equally good, the first is chosen. Takes two
    folds at least.
    """
    first = next(iter(scored.values()))
    fold_of = folds_of(first, count=count)
    chosen = [
        _best(scored, [query for query, fold in fold_of.items() if fold != held]) for held in range(count)
    ]
    by_collection = {
        name: statistics.fmean(scored[chosen[fold_of[name, query]]][name][query] for query in judged)
        for name, judged in first.items()
    }
    return Validated(chosen=tuple(chosen), by_collection=by_collection)


def mean_of(scores: Scores, *, queries: Iterable[tuple[str, str]] | None = None) -> float:
    """Return the mean over collections of their means over (these) queries; 0 without any."""
    picked: dict[str, list[float]] = {}
    for name, query in queries if queries is not None else _all(scores):
        picked.setdefault(name, []).append(scores[name][query])
    return statistics.fmean(map(statistics.fmean, picked.values())) if picked else 0.0


def _best(scored: Mapping[Setting, Scores], queries: Sequence[tuple[str, str]]) -> Setting:
    return max(scored, key=lambda setting: mean_of(scored[setting], queries=queries))


def _all(scores: Scores) -> list[tuple[str, str]]:
    return [(name, query) for name, judged in scores.items() for query in judged]
