"""Other programs for notes, where they are installed: qmd (npm), papis and jrnl (PyPI)."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks.speed.timing import Command

_JRNL = """\
colors: {{body: none, date: none, tags: none, title: none}}
default_hour: 9
default_minute: 0
editor: ""
encrypt: false
highlight: false
indent_character: "|"
journals: {{default: {{journal: {journal}}}}}
linewrap: 79
tagsymbols: "@"
template: false
timeformat: "%Y-%m-%d %H:%M"
version: v4.2
"""
_FIRST = datetime(2020, 1, 1, tzinfo=UTC)


def searches(place: Path) -> dict[str, Command]:
    """Return what each program has that comes nearest to `kb search git commit`, ten hits of it."""
    jrnl = ("jrnl", "--config-file", str(place / "jrnl.yaml"))
    return {
        "qmd": Command(["qmd", "search", "git commit", "-n", "10"], place),
        "papis": Command(["papis", "-l", str(place / "papis"), "list", "--id", "git commit"], place),
        "jrnl": Command([*jrnl, "-contains", "git", "-contains", "commit", "-and", "-n", "10"], place),
    }


def prepare(name: str, place: Path, *, environment: Mapping[str, str]) -> None:
    """Give a program the notes of a corpus, unless it has them."""
    done = Path(environment["HOME"]) / f"{name}.prepared"
    if not done.exists():
        rows = [json.loads(line) for line in (place / "notes.jsonl").read_text("utf-8").splitlines()]
        _PREPARING[name](place, rows, environment)
        done.touch()


def _qmd(place: Path, _: Sequence[tuple[int, str, str]], environment: Mapping[str, str]) -> None:
    words = ["qmd", "collection", "add", str(place / "files"), "--name", f"notes-{place.name}"]
    subprocess.run(
        words, env=dict(environment), check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )


def _papis(place: Path, rows: Sequence[tuple[int, str, str]], _: Mapping[str, str]) -> None:
    for number, title, body in rows:
        folder = place / "papis" / f"{number:06}"
        folder.mkdir(parents=True, exist_ok=True)
        known = {"ref": f"n{number}", "title": title, "author": "n", "abstract": body}
        (folder / "info.yaml").write_text(json.dumps(known) + "\n", "utf-8")  # JSON is YAML


def _jrnl(place: Path, rows: Sequence[tuple[int, str, str]], _: Mapping[str, str]) -> None:
    journal = place / "journal.txt"
    (place / "jrnl.yaml").write_text(_JRNL.format(journal=journal), "utf-8")
    entries = (
        f"[{_FIRST + timedelta(minutes=number):%Y-%m-%d %H:%M}] {title}\n{body}\n"
        for number, title, body in rows
    )
    journal.write_text("\n".join(entries), "utf-8")


_PREPARING: dict[str, Callable[[Path, Sequence[tuple[int, str, str]], Mapping[str, str]], None]] = {
    "qmd": _qmd,
    "papis": _papis,
    "jrnl": _jrnl,
}
