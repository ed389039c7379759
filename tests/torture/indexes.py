"""A base with an index, and whether kb still answers right whatever has become of the index."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from kbnotes.codec import encode_entry
from kbnotes.index import Index, index_home
from kbnotes.kb import create_base
from kbnotes.model import Entry
from tests.torture.program import Program, Said

_ALL_FIELDS = ", ".join(f"field{number}" for number in range(12))
TOPICS = "".join(f"area{number}:\n  implies: [{_ALL_FIELDS}]\n" for number in range(1, 25))
LONG_AGO = 1_700_000_000  # a file that was just written is read twice, and scores depend on what was deleted
TIMEOUT = 20.0  # seconds: what waits for a pipe waits for ever
NOUNS = "copper lamp harbour anvil rain willow engine ladder comet salt velvet quarry".split()
QUESTIONS = (
    ("search", "--json", "-n", "99", " OR ".join(NOUNS)),
    ("search", "--json", "-n", "99", 'stands* OR behind OR where OR kept OR "and number" OR title:number'),
    ("search", "--json", "-n", "99", " OR ".join(str(number) for number in range(1, 25))),
    ("search", "--json", "-n", "99", "copper"),
    ("search", "--json", "-n", "99", "rain OR anvil"),
    ("search", "--json", "-n", "99", "tag:field3"),
    ("search", "--json", "-n", "99", '"the lamp"'),
    ("search", "--json", "-n", "99", "harbuor"),  # found by mending the spelling
    ("list", "--json"),
    ("list", "--json", "--tag", "field5"),
    ("tags", "--json"),
    ("show", "--json", "4"),
)


def make_base(place: Path, count: int = 24) -> Program:
    """Make a base of `count` entries, one file of it broken, and a home beside it."""
    base, home = place / "base", place / "home"
    home.mkdir(mode=0o700)
    create_base(base)
    (base / "topics.yaml").write_text(TOPICS, "utf-8")
    for number in range(1, count + 1):
        (base / "entries" / f"{number:04d}-note.yaml").write_text(encode_entry(_entry(number)), "utf-8")
    (base / "entries" / "0099-broken.yaml").write_text("id: [the copper lamp\n", "utf-8")
    for path in (base / "entries").iterdir():
        os.utime(path, (LONG_AGO, LONG_AGO))
    return Program(base=base, home=home)


def _entry(number: int) -> Entry:
    first, second, third = (NOUNS[(number * step) % len(NOUNS)] for step in (1, 5, 7))
    time = datetime(2024, 1, 1, number % 24, tzinfo=UTC)
    return Entry(
        id=number,
        title=f"The {first} and number {number}",
        tags=(f"area{number}", f"own{number % 5}"),
        created=time,
        updated=time,
        body=f"The {second} stands behind the {third}, where *{first} {second}* is [kept](https://x.example/{third}).\n",
    )


def where(program: Program) -> Path:
    """Return the index's home."""
    return index_home(program.home / ".cache" / "kb", program.base)


def opened(program: Program) -> Index:
    """Return the index of a program's base, with its state read."""
    index = Index(where(program), program.base / "entries")
    index.load()
    return index


def told(said: Said) -> dict[str, Any]:
    """Return what a command wrote as JSON; an empty mapping where it is none."""
    try:
        found: dict[str, Any] = json.loads(said.out)
    except ValueError:
        return {}
    return found


@dataclass(slots=True)
class Truth:
    """What kb answers with an index that was just made, and what the base holds."""

    program: Program
    answers: dict[tuple[str, ...], list[tuple[int, bytes, bytes]]] = field(default_factory=dict)
    files: Mapping[str, bytes] = field(default_factory=dict)

    def learn(self) -> None:
        """Ask every question, of an index that is known to be right.

        What was learnt before stays right: scores depend on what has been deleted from an index.
        """
        self.files = self._base()
        for question in QUESTIONS:
            said = self.program.run(*question)
            found = told(said)
            if said.code or not (found.get("total") or found.get("tags") or found.get("entries")):
                raise RuntimeError(f"{question} has no answer to compare with: {said}")
            self.answers.setdefault(question, []).append((said.code, said.out, said.err))

    def _base(self) -> dict[str, bytes]:
        found = sorted(path for path in self.program.base.rglob("*") if path.is_file())
        return {str(path): path.read_bytes() for path in found}

    def differs(self, question: tuple[str, ...], *, program: Program | None = None) -> str:
        """Ask a question; return what is wrong with the answer, or ""."""
        said = (program or self.program).run(*question, timeout=TIMEOUT)
        asked = " ".join(question)
        if said.code < 0:
            return f"kb {asked} was ended by signal {-said.code}"
        if b"Traceback" in said.err:
            return f"kb {asked} showed a traceback: {said.err[-300:]!r}"
        if (said.code, said.out, said.err) not in self.answers[question]:
            return f"kb {asked} answered differently: {said.code} {said.out[:200]!r} {said.err[:200]!r}"
        return ""

    def is_untouched(self) -> bool:
        """Tell whether every file of the base is as it was."""
        return self._base() == self.files
