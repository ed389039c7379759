"""Working on a full disk: runs commands that may be refused, and knows what the entries must be."""

from __future__ import annotations

import json
import random
from dataclasses import dataclass, field
from pathlib import Path

from kbnotes.errors import StorageError
from tests.torture.program import Program, Said
from tests.torture.suite import Run

REFUSED = StorageError.exit_code
TIMEOUT = 600.0  # seconds
WORDS = [
    f"filling{letter}" for letter in "abcdefghijklmnopqrstuvwxyz"
]  # few: the index is not the subject here

Value = tuple[str, tuple[str, ...], str]  # title, tags and body of an entry


@dataclass(slots=True)
class Desk:
    """A base on a full file system, and what its entries must be."""

    disk: Path
    program: Program
    rng: random.Random
    run: Run
    round: int
    truth: dict[int, Value] = field(default_factory=dict)
    imports: int = 0  # how often they have been imported since
    imported: list[int] = field(default_factory=list)  # the entries made of notes, in their order

    def complain(self, said: str) -> None:
        """Report a broken promise."""
        self.run.violation(said, at=self.round)

    def text(self, length: int) -> str:
        """Return a text with marks of its own at both ends."""
        mark = f"{self.rng.getrandbits(64):016x}"
        words = " ".join(self.rng.choice(WORDS) for _ in range(length // 9))
        return f"begin{mark} {words} end{mark}"

    def kb(self, *arguments: str, stdin: bytes = b"") -> Said:
        """Run a command; on a full disk it may be refused, in a sentence, and nothing else."""
        said = self.program.run(*arguments, stdin=stdin, timeout=TIMEOUT)
        what = f"kb {' '.join(arguments)[:40]}"
        err = said.err.decode(errors="replace")
        if said.code not in (0, REFUSED):
            self.complain(f"{what} ends with {said.code}: {err[:300]}")
        if "Traceback" in err:
            self.complain(f"{what} shows a traceback: {err[-300:]}")
        if said.code == REFUSED:
            self.count("refused")
            if "full" not in err and "space" not in err:
                self.complain(f"{what} does not say that the disk is full: {err[:300]}")
        return said

    def count(self, what: str) -> None:
        """Count something for the figures of the run."""
        self.run.figures[what] = int(self.run.figures.get(what, 0)) + 1

    def shown(self) -> dict[int, Value]:
        """Return the entries as kb shows them, which it must be able to on a full disk, too."""
        listed = self.kb("list", "--json")
        ids = [str(each["id"]) for each in json.loads(listed.out)["entries"]] if not listed.code else []
        if b"cannot be read" in listed.err:
            self.complain(f"kb list: {listed.err.decode(errors='replace')[:300]}")
        shown = self.kb("show", "--json", *ids) if ids else listed
        found = json.loads(shown.out)["entries"] if not shown.code else []
        return {each["id"]: (each["title"], tuple(each["tags"]), each["body"]) for each in found}

    def expect(
        self, what: str, said: Said, new: dict[int, Value | None] | None = None, texts: tuple[str, ...] = ()
    ) -> None:
        """Compare all entries with the truth after a command that makes of some of them what `new` says.

        A refused command may have carried out some of its changes, each whole. `texts` are the bodies of the
        entries that the command makes.
        """
        shown, changes = self.shown(), new or {}
        for number in sorted(self.truth.keys() | shown.keys()):
            now, old = shown.get(number), self.truth.get(number)
            if number not in self.truth:
                if now and now[2].strip() not in texts:
                    self.complain(f"{what} left entry {number}, which is {str(now)[:200]}")
            elif number in changes and (now == changes[number] or (said.code and now == old)):
                continue
            elif number in changes or now != old:
                self.complain(f"after {what} (code {said.code}) entry {number} is {str(now)[:200]}")
        bodies = [value[2].strip() for value in shown.values()]
        if not said.code:
            for text in texts:
                if text not in bodies:
                    self.complain(f"{what} was accepted, but its entry is missing")
        self.truth = shown
