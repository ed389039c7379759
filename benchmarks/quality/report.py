"""Rows -> a table for people, JSON for programs."""

from __future__ import annotations

import json
import platform
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version

from benchmarks.quality.measuring import Row

PACKAGES = ("kbnotes", "whoosh3", "wordllama", "bm25s", "PyStemmer", "tantivy", "ir-measures")
HEAD = f"{'':12}{'nDCG@10':>9}{'MRR@10':>9}{'R@100':>9}{'p50 ms':>9}{'p95 ms':>9}{'index/text':>12}"
OUR, THEIR = "kb", "whoosh"  # whose 95th percentiles are compared


def lines(rows: Sequence[Row]) -> Iterator[str]:
    """Yield the lines of one collection's table."""
    yield f"{rows[0].collection}: {rows[0].queries:,} queries"
    yield HEAD
    for row in rows:
        judged = row.judged
        values = f"{judged.ndcg:9.3f}{judged.mrr:9.3f}{judged.recall:9.3f}{row.p50_ms:9.2f}{row.p95_ms:9.2f}"
        yield f"{row.ranker:12}{values}{row.index_bytes / row.text_bytes:12.2f}"
    if (ratio := p95_ratio(rows)) is not None:
        yield f"p95 of {OUR} / p95 of {THEIR}: {ratio:.2f}"
    yield ""


def p95_ratio(rows: Sequence[Row]) -> float | None:
    """Return how many times kb's 95th percentile is stock Whoosh's; None unless both ran."""
    found = {row.ranker: row.p95_ms for row in rows}
    return found[OUR] / found[THEIR] if {OUR, THEIR} <= found.keys() else None


def as_json(tables: Sequence[Sequence[Row]], *, skipped: Mapping[str, str]) -> str:
    """Return all figures with what they were measured on; a table holds the rows of one collection."""
    document = {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "platform": platform.platform(),
        "versions": _versions(),
        "skipped": dict(skipped),
        "rows": [_flat(row) for rows in tables for row in rows],
        "p95_ratio": {rows[0].collection: p95_ratio(rows) for rows in tables if rows},
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _flat(row: Row) -> dict[str, object]:
    flat = asdict(row)
    return {**flat.pop("judged"), **flat}


def _versions() -> dict[str, str | None]:
    """Return what is installed; None for what is not."""
    found: dict[str, str | None] = {
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
    }
    for name in PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = None
    return found
