"""What a save costs, and what it costs a search to be up to date: `python benchmarks/save.py [--entries N]`.

In one process and one base of N entries (10,000), interleaved: a save as it is, one without any fsync, a save
and the index after it; then a search, the same search of an index that is known to be fresh, and one after a
file was changed. Prints median, 95th percentile and the ratio of medians.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from unittest import mock

from kbnotes.index import Index
from kbnotes.kb import KnowledgeBase, create_base
from kbnotes.model import Entry
from kbnotes.store import Store
from kbnotes.text import FUNCTION_WORDS

NOW = datetime(2026, 11, 23, tzinfo=UTC)
WORDS = 20_000  # of the made-up vocabulary


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--entries", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--directory", type=Path, help="where, instead of the directory for temporary files")
    options = parser.parse_args()
    directory = Path(tempfile.mkdtemp(prefix="kb-save-", dir=options.directory))
    try:
        _measure(directory, options.entries, options.rounds)
    finally:
        shutil.rmtree(directory)


def _measure(directory: Path, entries: int, rounds: int) -> None:
    rng = random.Random(20261123)
    base = _filled(directory, entries, rng)
    base.search("anything")
    saves = _interleaved(
        {
            "save": lambda: _save(base, rng),
            "save without fsync": lambda: _without_fsync(lambda: _save(base, rng)),
            "add (save, then index)": lambda: base.add(_text(rng)),
        },
        rounds,
        rng,
    )
    _table(f"A save at {entries:,} entries", saves, "save without fsync")
    base.search("anything")
    searches = _interleaved(
        {
            "search": lambda: base.search(_word(rng)),
            "search without looking": lambda: _trusting(base, rng),
            "search after a change": lambda: _after_a_change(base, rng),
        },
        rounds,
        rng,
    )
    _table(f"A search at {entries:,} entries", searches, "search without looking")


def _filled(directory: Path, entries: int, rng: random.Random) -> KnowledgeBase:
    create_base(directory / "base")
    base = KnowledgeBase(directory / "base", cache=directory / "cache")
    notes = directory / "notes.md"
    notes.write_text("".join(f"{number + 1}. {_text(rng)}\n" for number in range(entries)), "utf-8")
    started = time.perf_counter()
    base.import_file(notes)
    print(f"import of {entries:,} notes: {time.perf_counter() - started:.1f} s\n")
    return base


def _word(rng: random.Random) -> str:
    number = int(rng.paretovariate(0.9)) % WORDS
    return "".join(
        "bdfgklmnprstvz"[number // 14**place % 14] + "aeiou"[(number + place) % 5] for place in range(4)
    )


def _text(rng: random.Random) -> str:
    small = sorted(FUNCTION_WORDS)
    return " ".join(rng.choice(small) if rng.random() < 0.3 else _word(rng) for _ in range(150))


def _save(base: KnowledgeBase, rng: random.Random) -> None:
    """Add an entry to the store alone, as `kb add` does before it prints the id."""
    store, text = Store(base.base), _text(rng)
    with store.writing():
        number = store.next_id(store.used_ids())
        entry = Entry(id=number, title=text[:40], tags=("made",), created=NOW, updated=NOW, body=text + "\n")
        store.commit("add", [store.creation(entry)])


def _without_fsync(act: Callable[[], object]) -> None:
    with mock.patch.object(os, "fsync", return_value=None):
        act()


def _trusting(base: KnowledgeBase, rng: random.Random) -> None:
    """Search as if nothing could have changed: neither the directory nor the index's state is looked at."""
    with (
        mock.patch.object(Store, "scan", return_value={}),
        mock.patch.object(Index, "load", return_value=None),
        mock.patch.object(Index, "is_fresh", return_value=True),
    ):
        base.search(_word(rng))


def _after_a_change(base: KnowledgeBase, rng: random.Random) -> None:
    path = rng.choice(list((base.base / "entries").iterdir()))
    path.write_text(path.read_text("utf-8").replace("a", "e", 1), "utf-8")
    base.search(_word(rng))


def _interleaved(
    rows: dict[str, Callable[[], object]], rounds: int, rng: random.Random
) -> dict[str, list[float]]:
    """Return the milliseconds of each row's runs, made in random order."""
    times: dict[str, list[float]] = {name: [] for name in rows}
    for _ in range(rounds):
        for name in rng.sample(sorted(rows), len(rows)):
            started = time.perf_counter()
            rows[name]()
            times[name].append((time.perf_counter() - started) * 1000)
    return times


def _table(title: str, times: dict[str, list[float]], against: str) -> None:
    print(f"{title:34}{'median ms':>11}{'p95 ms':>9}{'ratio':>8}")
    bare = statistics.median(times[against])
    for name, found in times.items():
        p95 = statistics.quantiles(found, n=20)[-1]
        print(f"  {name:32}{statistics.median(found):11.2f}{p95:9.2f}{statistics.median(found) / bare:8.1f}")
    print()


if __name__ == "__main__":
    main()
