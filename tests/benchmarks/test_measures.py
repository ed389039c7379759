"""What a ranking is worth, by hand."""

from __future__ import annotations

from math import log2

import pytest

from benchmarks.quality.measures import Judged, judge, mean, percentile

IDS = [f"other {number}" for number in range(200)]


def test_a_ranking_is_worth_what_the_formulas_say() -> None:
    run = {"q": ["x", "a/1", "y", "b 2"]}
    found = judge(run, qrels={"q": {"a/1": 1, "b 2": 2, "c": 1, "x": 0}})["q"]
    gained = 1 / log2(3) + 2 / log2(5)
    ideal = 2 / log2(2) + 1 / log2(3) + 1 / log2(4)
    assert found.ndcg == pytest.approx(gained / ideal)
    assert found.mrr == pytest.approx(1 / 2)
    assert found.recall == pytest.approx(2 / 3)


def test_the_order_of_a_ranking_counts_and_not_that_of_ids() -> None:
    qrels = {"up": {"a": 1}, "down": {"z": 1}}
    found = judge({"up": ["a", "m", "z"], "down": ["z", "m", "a"]}, qrels=qrels)
    assert (found["up"].ndcg, found["down"].ndcg) == (1, 1)


@pytest.mark.parametrize(
    ("rank", "worth"),
    [
        (10, Judged(ndcg=1 / log2(11), mrr=1 / 10, recall=1)),
        (11, Judged(ndcg=0, mrr=0, recall=1)),
        (100, Judged(ndcg=0, mrr=0, recall=1)),
        (101, Judged(ndcg=0, mrr=0, recall=0)),
    ],
)
def test_ten_documents_count_and_for_recall_a_hundred(rank: int, worth: Judged) -> None:
    found = judge({"q": [*IDS[: rank - 1], "good", *IDS[rank:]]}, qrels={"q": {"good": 1}})["q"]
    assert found.ndcg == pytest.approx(worth.ndcg)
    assert found.mrr == pytest.approx(worth.mrr)
    assert found.recall == worth.recall


def test_a_query_that_found_nothing_counts_as_nothing_in_the_mean() -> None:
    qrels = {"found": {"a": 1}, "empty": {"a": 1}, "never asked": {"a": 1}}
    found = judge({"found": ["a"], "empty": []}, qrels=qrels)
    assert found["empty"] == found["never asked"] == Judged()
    assert mean(found.values()).ndcg == pytest.approx(1 / 3)


def test_a_percentile_lies_within_what_was_measured() -> None:
    assert percentile([7.0], percent=95) == 7
    assert percentile([float(number) for number in range(101)], percent=95) == pytest.approx(95)
    assert percentile([1.0, 3.0], percent=50) == 2
