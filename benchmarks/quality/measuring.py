"""Asks rankers all queries of a collection and says how they did."""

from __future__ import annotations

import gc
import random
import shutil
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.quality.collection import Collection
from benchmarks.quality.measures import DEPTH, Judged, judge, mean, percentile
from benchmarks.quality.ranker import Kind, Ranker

WARM_UP = 3  # queries asked before any is timed
PAGE = 10  # hits, as `kb search` shows them: the time of a query is that of its first page


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """How one ranker did on one collection."""

    collection: str
    ranker: str
    queries: int
    judged: Judged  # the mean of all queries
    p50_ms: float  # of one query
    p95_ms: float
    index_bytes: int
    text_bytes: int


def measure(collection: Collection, *, kinds: Sequence[Kind], place: Path) -> list[Row]:
    """Return a row for each kind, in their order; all that they write is in `place`."""
    made = {kind.name: _made(kind, collection, place) for kind in kinds}
    runs, times = _asked(made, collection)
    return [
        Row(
            collection=collection.name,
            ranker=name,
            queries=len(collection.queries),
            judged=mean(judge(runs[name], qrels=collection.qrels).values()),
            p50_ms=percentile(times[name], percent=50),
            p95_ms=percentile(times[name], percent=95),
            index_bytes=ranker.index_bytes,
            text_bytes=collection.text_bytes,
        )
        for name, ranker in made.items()
    ]


def _made(kind: Kind, collection: Collection, place: Path) -> Ranker:
    if kind.keeps:
        return kind.make(collection, place)
    directory = place / "peers" / kind.name
    shutil.rmtree(directory, ignore_errors=True)  # of a run before this one
    directory.mkdir(parents=True)
    return kind.make(collection, directory)


def _asked(
    made: Mapping[str, Ranker], collection: Collection
) -> tuple[dict[str, dict[str, Sequence[str]]], dict[str, list[float]]]:
    """Return each ranker's run and its milliseconds, one a query.

    Each query is put to all rankers before the next, in random order, so that whatever else the machine does
    slows them alike.
    """
    for ranker in made.values():
        for query in collection.queries[:WARM_UP]:
            ranker.ask(query.text, PAGE)
    rng = random.Random(20261123)
    runs: dict[str, dict[str, Sequence[str]]] = {name: {} for name in made}
    times: dict[str, list[float]] = {name: [] for name in made}
    gc.collect()
    gc.freeze()  # or the collector would walk through every peer's objects while another is timed
    try:
        for query in collection.queries:
            for name in rng.sample(list(made), len(made)):
                started = time.perf_counter()
                made[name].ask(query.text, PAGE)
                times[name].append((time.perf_counter() - started) * 1000)
                runs[name][query.id] = made[name].ask(query.text, DEPTH)
    finally:
        gc.unfreeze()
    return runs, times
