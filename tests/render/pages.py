"""Results made by hand, and what is written of them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from kbnotes.model import Asked, Content, Entry, Hit, Results, Shown, Summary
from kbnotes.render import Output
from tests.cli.console import Said, Stream

WHEN = datetime(2026, 11, 23, 18, tzinfo=UTC)
KINDS = ("piped", "colours", "NO_COLOR", "dumb")


def summary(number: int, title: str, *tags: str, broken: str = "") -> Summary:
    """Return what is told of an entry in a list."""
    path = f"/base/entries/{number:04d}.yaml"
    return Summary(id=number, title=title, tags=tags, path=path, created=WHEN, updated=WHEN, broken=broken)


def hit(about: Summary, passage: str, **more: Any) -> Hit:
    """Return a hit; its marks stand in the passage as `[word]`."""
    snippet, marks = "", list[tuple[int, int]]()
    for piece in passage.split("["):
        word, closed, rest = piece.rpartition("]")
        if closed:
            marks.append((len(snippet), len(snippet) + len(word)))
        snippet += word + rest
    return Hit(summary=about, score=more.pop("score", 1.0), snippet=snippet, marks=tuple(marks), **more)


def page(*hits: Hit, query: str = "kv cache", **more: Any) -> Results:
    """Return results that hold all words unless said otherwise."""
    total = more.pop("total", len(hits))
    return Results(query=query, total=total, hits=hits, complete=more.pop("complete", total), **more)


def whole(about: Summary, body: str) -> Shown:
    """Return an entry to be shown as it is."""
    entry = Entry(id=about.id, title=about.title, tags=about.tags, created=WHEN, updated=WHEN, body=body)
    return Shown(
        summary=about, entry=entry, content=Content(title=about.title, text=body, terms=(), links=())
    )


def write(
    results: Results,
    *,
    kind: str = "piped",
    columns: int = 80,
    json: bool = False,
    asked: Asked = Asked(),  # noqa: B008 (it is frozen)
    shown: tuple[Shown, ...] = (),
) -> Said:
    """Return what is written of results: into a pipe, or on a terminal of one kind."""
    out, err = (Stream(terminal=kind != "piped") for _ in range(2))
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("NO_COLOR", raising=False)
        patch.delenv("FORCE_COLOR", raising=False)
        patch.setenv("COLUMNS", str(columns))
        patch.setenv("TERM", "dumb" if kind == "dumb" else "xterm-256color")
        if kind == "NO_COLOR":
            patch.setenv("NO_COLOR", "1")
        Output(out, err, json=json).results(results, asked=asked, whole=shown)
    return Said(0, out.text, err.text)
