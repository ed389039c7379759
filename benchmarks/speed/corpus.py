"""Notes by a recipe: the same for the same number, of about 1 kB, with a vocabulary like that of real notes.

Half of the words are of some 200 common ones, which are real; the others are made of syllables, as often as
Zipf's law has it (rank to the power of -0.9), so that new words keep coming as the base grows.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from pathlib import Path

from kbnotes.codec import encode_entry
from kbnotes.config import MARKER
from kbnotes.kb import create_base
from kbnotes.model import Entry
from kbnotes.store.names import file_name

WORDS = 130  # of a note
NOW = datetime(2026, 11, 27, tzinfo=UTC)
TAGS = tuple(
    "git vim python rust linux shell database network hardware compiler memory cache web css test".split()
)
_COMMON = """
the of and to in a is that for it as with on be this by are or from at an not can which have when all if
one use used has was will more other than into its how may only some such there these their then also what
each many between so no we do first time two new data file command line git commit branch merge rebase
index search query cache memory thread process kernel network server client request response function
method class object string number list table column row key value type error test build run install
version package module import export write read open close set get add remove delete update change show
find print count sort filter map reduce loop while break return call stack heap pointer address byte bit
page disk cpu gpu core clock cycle latency bandwidth token model train layer weight vector matrix graph
node edge tree path root user group permission shell script variable environment config option flag
default value""".split()


class Recipe:
    """Makes notes."""

    def __init__(self) -> None:
        rng = random.Random("words")
        syllables = [a + b for a in "bcdfghklmnprstvwz" for b in ("a", "e", "i", "o", "u", "an", "er", "in")]
        made = {"".join(rng.choices(syllables, k=rng.randint(2, 4))) for _ in range(60_000)}
        self._rare = sorted(made - set(_COMMON))
        rng.shuffle(self._rare)
        self._weights = list(accumulate((at + 1) ** -0.9 for at in range(len(self._rare))))
        self._common = list(accumulate((at + 5) ** -0.7 for at in range(len(_COMMON))))

    def entry(self, number: int) -> Entry:
        """Return the note with a number."""
        rng = random.Random(f"note {number}")
        words = [self._word(rng) for _ in range(WORDS)]
        title = " ".join(words[:4]).capitalize()
        first, second = " ".join(words[4:60]), " ".join(words[60:])
        link = f"See [{words[9]}](https://example.org/{words[7]}/{number}).\n\n" if rng.random() < 0.4 else ""
        body = f"{title}\n\n{first}.\n\n{link}- {second}\n- `{words[11]} --{words[12]}`\n"
        time = NOW - timedelta(minutes=number)
        tags = tuple(sorted(rng.sample(TAGS, rng.randint(1, 3))))
        return Entry(id=number, title=title, tags=tags, created=time, updated=time, body=body)

    def _word(self, rng: random.Random) -> str:
        if rng.random() < 0.5:
            return rng.choices(_COMMON, cum_weights=self._common)[0]
        return rng.choices(self._rare, cum_weights=self._weights)[0]


def entries(count: int) -> Iterator[Entry]:
    """Yield the first `count` notes."""
    recipe = Recipe()
    return (recipe.entry(number) for number in range(1, count + 1))


def write(directory: Path, count: int) -> None:
    """Write `count` notes: as a base, and as a folder of Markdown files and of JSON Lines for other tools."""
    base, folder = directory / "base", directory / "files"
    create_base(base)
    (base / MARKER).write_text("{}\n", "utf-8")
    folder.mkdir()
    with (directory / "notes.jsonl").open("w", encoding="utf-8") as lines:
        for entry in entries(count):
            name = file_name(entry.id, entry.title)
            (base / "entries" / name).write_text(encode_entry(entry), "utf-8")
            (folder / name).with_suffix(".md").write_text(entry.body, "utf-8")
            lines.write(json.dumps([entry.id, entry.title, entry.body]) + "\n")
