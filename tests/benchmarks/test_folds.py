"""Cross-validation never lets a query choose the setting it is judged by."""

from __future__ import annotations

import pytest

from benchmarks.quality.folds import folds_of, mean_of, validate

FLAT = {"one": {str(number): 0.5 for number in range(10)}, "two": {"a": 0.5, "b": 0.5}}


def test_every_fold_holds_as_many_queries_of_a_collection() -> None:
    fold_of = folds_of(FLAT, count=5)
    folds = [fold for (name, _), fold in fold_of.items() if name == "one"]
    assert sorted(folds) == [0, 0, 1, 1, 2, 2, 3, 3, 4, 4]
    assert folds_of(FLAT, count=5) == fold_of


def test_collections_count_alike_however_many_queries_they_have() -> None:
    scores = {"one": dict.fromkeys("abcdefgh", 1.0), "two": {"a": 0.0}}
    assert mean_of(scores) == pytest.approx(0.5)


def test_what_is_better_everywhere_is_chosen_and_scored() -> None:
    better = {name: dict.fromkeys(judged, 0.75) for name, judged in FLAT.items()}
    found = validate({"present": FLAT, "new": better}, count=5)
    assert found.chosen == ("new",) * 5
    assert found.by_collection == pytest.approx({"one": 0.75, "two": 0.75})
    assert found.mean == pytest.approx(0.75)


def test_where_nothing_is_better_the_first_stays() -> None:
    assert validate({"present": FLAT, "same": dict(FLAT)}, count=3).chosen == ("present",) * 3


def test_a_gain_on_the_held_out_queries_alone_is_no_gain() -> None:
    # Each setting is good for one query only: those that choose never saw it, and choose another.
    queries = [str(number) for number in range(4)]
    scored = {
        f"for {lucky}": {"one": {query: float(query == lucky) for query in queries}} for lucky in queries
    }
    assert max(mean_of(scores) for scores in scored.values()) == pytest.approx(0.25)
    assert validate(scored, count=4).mean == 0
