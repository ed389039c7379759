"""What a ranking is worth, judged as trec_eval judges it, and what it took."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import ir_measures
from ir_measures import RR, Qrel, R, ScoredDoc, nDCG

DEPTH = 100  # how many documents of a ranking are looked at
Run = Mapping[str, Sequence[str]]  # query id -> ids of documents, best first

_NAMES = {nDCG @ 10: "ndcg", RR @ 10: "mrr", R @ DEPTH: "recall"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What the answer to one query is worth, or the mean of several: from 0 to 1."""

    ndcg: float = 0.0  # nDCG@10: the grade is the gain, 1 / log2(rank + 1) the discount
    mrr: float = 0.0  # 1 / the rank of the first relevant document, if within ten
    recall: float = 0.0  # of the relevant documents, the share within DEPTH


def judge(run: Run, *, qrels: Mapping[str, Mapping[str, int]]) -> dict[str, Judged]:
    """Return what the answer to each query in `qrels` is worth; one that found nothing is worth 0."""
    judgments = [
        Qrel(query, each, grade) for query, grades in qrels.items() for each, grade in grades.items()
    ]
    # Scores that only fall: where two are equal, trec_eval goes by the id and not by the ranking.
    scored = [
        ScoredDoc(query, each, float(-rank)) for query, ids in run.items() for rank, each in enumerate(ids)
    ]
    values: dict[str, dict[str, float]] = {query: {} for query in qrels}
    for metric in ir_measures.iter_calc(list(_NAMES), judgments, scored):
        if metric.query_id in values:
            values[metric.query_id][_NAMES[metric.measure]] = float(metric.value)
    return {query: Judged(**found) for query, found in values.items()}


def mean(judged: Iterable[Judged]) -> Judged:
    """Return the mean of at least one."""
    each = list(judged)
    return Judged(
        ndcg=statistics.fmean(one.ndcg for one in each),
        mrr=statistics.fmean(one.mrr for one in each),
        recall=statistics.fmean(one.recall for one in each),
    )


def percentile(values: Sequence[float], *, percent: int) -> float:
    """Return the value that so many per cent of at least one do not exceed, interpolated."""
    if len(values) == 1:
        return values[0]
    return statistics.quantiles(values, n=100, method="inclusive")[percent - 1]
