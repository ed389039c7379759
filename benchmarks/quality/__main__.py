"""Measure the quality of search: `python -m benchmarks.quality DIR... [--ranker NAME]... [--json FILE]`.

Prints, for each collection and ranker: nDCG@10, MRR@10, recall@100, the milliseconds of the first page of a
query in this process (median and 95th percentile), and the bytes of the index by those of the text. See
docs/quality.md.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from benchmarks.quality.collection import Collection, read_all
from benchmarks.quality.measuring import Row, measure
from benchmarks.quality.ours import OURS, place_of
from benchmarks.quality.peers import PEERS
from benchmarks.quality.ranker import Kind
from benchmarks.quality.report import as_json, lines

KINDS = {kind.name: kind for kind in (*OURS, *PEERS)}


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; return 1 if there was nothing to measure."""
    options = _options().parse_args(arguments)
    try:
        collections = read_all(options.directories, limit=options.queries)
    except (OSError, ValueError) as error:
        print(error, file=sys.stderr)
        return 1
    kinds, skipped = chosen(options.ranker or list(KINDS))
    for name, why in skipped.items():
        print(f"{name} is skipped: {why}")
    tables: list[list[Row]] = []
    with ExitStack() as stack:
        cache = options.cache or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="kb-quality-")))
        for collection in collections:
            if rows := _rows(collection, kinds, cache):
                tables.append(rows)
    if options.json:
        options.json.write_text(as_json(tables, skipped=skipped), "utf-8")
    return 0 if tables else 1


def chosen(names: Sequence[str]) -> tuple[list[Kind], dict[str, str]]:
    """Return the rankers that can run, and why the others cannot."""
    wanted = [KINDS[name] for name in dict.fromkeys(names)]
    skipped = {kind.name: why for kind in wanted if (why := kind.lacks())}
    return [kind for kind in wanted if kind.name not in skipped], skipped


def _rows(collection: Collection, kinds: Sequence[Kind], cache: Path) -> list[Row]:
    if collection.unjudged:
        print(f"{collection.name}: {collection.unjudged:,} queries left out: nothing is relevant to them")
    if not collection.queries or not kinds:
        return []
    rows = measure(collection, kinds=kinds, place=place_of(collection, cache))
    print("\n".join(lines(rows)), flush=True)
    return rows


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.quality")
    parser.add_argument("directories", nargs="+", type=Path, metavar="DIR", help="a collection")
    parser.add_argument("--ranker", action="append", choices=KINDS, help="may be repeated (default: all)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all figures there as well")
    parser.add_argument("--queries", type=int, metavar="N", help="only the first N judged queries of each")
    parser.add_argument("--cache", type=Path, metavar="DIR", help="keep the bases there for the next run")
    return parser


if __name__ == "__main__":
    sys.exit(main())
