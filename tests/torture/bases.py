"""Bases to ask: entries of a varied vocabulary, written as files without waiting for the disk."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from kbnotes.codec import encode_entry
from kbnotes.kb import KnowledgeBase, create_base
from kbnotes.model import Entry
from tests.torture import texts

BEGAN = datetime(2020, 1, 1, tzinfo=UTC)
TAGS = (
    "ml",
    "llm",
    "hardware",
    "memory",
    "c++",
    "2.5d",
    "kv-cache",
    "größe",
    "a/b",
    "日本",
    "todo",
    "python3",
)
# A tag -> the tags it implies, itself included, by the topics of these bases.
IMPLIED = {tag: {tag} for tag in TAGS} | {"llm": {"llm", "ml"}, "kv-cache": {"kv-cache", "llm", "ml"}}
TOPICS = "ml: {}\nllm:\n  implies: [ml]\nkv-cache:\n  implies: [llm]\n"
# What people type that is no plain word, and that a search engine is likely to lose.
ODD_WORDS = (
    *r"""
    C++ C# F# c a i x T5 GPT-4 KV-cache 2.5D 3D-stacking A:A -O3 --flag -v x86_64 0x1F 1e-5 3.14 1,000
    100% $5 foo.bar foo.bar.baz() os.path.join snake_case camelCase HTTPServer __init__ .gitignore
    ../a/b.c /usr/bin ~/.x don't O'Reilly rock'n'roll it’s R&D AT&T e.g. U.S.A. AND OR NOT and or not
    the to be is i/o TCP/IP café naïve Zürich Straße Ångström İstanbul ﬁne Ελλάδα Москва עברית العربية
    हिन्दी ไทย 漢字 東京都 한국어 ひらがな カタカナ µs Ω H₂O x² ½ № ™ 😀 ✅ ๑๒ ١٢٣ user@example.org
    https://a.example/b?c=d&e=f#g 192.168.0.1 ::1 2026-11-23 12:30 tag:x title:y chip* a*b (x) f(x)
    [x] {y} <T> vector<int> a->b a::b @decorator #hashtag $HOME %s \n C:\new
    Donaudampfschifffahrtsgesellschaftskapitän
    """.split(),
    *("x" * 60, "x" * 64, "x" * 65, "x" * 200, "deadbeef" * 16),
)


@cache
def vocabulary(size: int = 6_000) -> tuple[str, ...]:
    """Return words, the frequent ones first: of the real texts at hand, and made of syllables."""
    real: dict[str, int] = {}
    for _, body in texts.markdown_bodies():
        for word in body.split():
            stripped = word.strip("*_`()[]{}<>.,;:!?\"'#|")
            if stripped.isalpha():
                real[stripped] = real.get(stripped, 0) + 1
    found = sorted(real, key=lambda word: (-real[word], word))
    rng = random.Random("vocabulary")
    syllables = [
        a + b + c
        for a in "b c d f g k l m n p r s t tr st ch".split()
        for b in "aeiou"
        for c in ("", "n", "r")
    ]
    while len(found) < size:
        found.append("".join(rng.choice(syllables) for _ in range(rng.randrange(1, 5))))
    return tuple(found[:size])


def some_word(rng: random.Random) -> str:
    """Return a word as often as words come in texts: few very often, most seldom; some are odd."""
    if rng.random() < 0.06:
        return rng.choice(ODD_WORDS)
    known = vocabulary()
    return known[int(len(known) * rng.random() ** 4)]


def written(rng: random.Random, words: int) -> str:
    """Return a text of about so many words, in sentences, paragraphs, lists and code."""
    lines: list[str] = []
    left = words
    while left > 0:
        count = min(left, rng.randrange(3, 25))
        line = " ".join(some_word(rng) for _ in range(count))
        left -= count
        kind = rng.randrange(10)
        shaped = {0: f"- {line}", 1: f"    {line}", 2: f"**{line[:20]}** {line}", 3: f"`{line[:30]}`"}
        lines.append(shaped.get(kind, f"{line}."))
        if rng.random() < 0.4:
            lines.append("")
    return "\n".join(lines) + "\n"


def entries(count: int) -> list[Entry]:
    """Return so many entries, always the same."""
    rng = random.Random("entries")
    made = []
    for number in range(1, count + 1):
        length = rng.choice((10, 20, 40, 80, 150)) if number % 200 else 3_000
        time = BEGAN + timedelta(hours=number)
        made.append(
            Entry(
                id=number,
                title=" ".join(some_word(rng) for _ in range(rng.randrange(1, 7))),
                tags=tuple(dict.fromkeys(rng.choice(TAGS) for _ in range(rng.randrange(4)))),
                created=time,
                updated=time,
                body=written(rng, length),
            )
        )
    return made


def write(directory: Path, made: Iterable[Entry]) -> KnowledgeBase:
    """Make a base of these entries. Its files are not synced: nothing is promised of them but their text."""
    create_base(directory)
    (directory / "topics.yaml").write_text(TOPICS, "utf-8")
    for entry in made:
        (directory / "entries" / f"{entry.id:04d}-x.yaml").write_bytes(encode_entry(entry).encode("utf-8"))
    return KnowledgeBase(directory, cache=directory.parent / f"{directory.name}-cache")


def sample(rng: random.Random, items: Sequence[str], most: int) -> list[str]:
    """Return some of `items`, with repetitions."""
    return [rng.choice(items) for _ in range(rng.randrange(most + 1))]
