"""Random and adversarial queries: each is answered, soon, and the answer is consistent in itself."""

from __future__ import annotations

import math
import random
import string
import time
from collections.abc import Callable, Iterator

from kbnotes.index import answer, build, snippet, vocabulary
from kbnotes.kb import KnowledgeBase
from kbnotes.model import Asked, Entry, Results
from kbnotes.query import bounds
from tests.torture import bases, texts
from tests.torture.pace import slowness
from tests.torture.sabotage import put
from tests.torture.suite import Run, Suite

ENTRIES = 2_000
CPU = 0.5  # seconds a query may take, at the pace of the reference machine
PAGE = 50  # hits asked for at once to which that applies
LONG = 10_000  # characters of the longest queries
COMMANDS = (
    "OR",
    "AND",
    "NOT",
    "-",
    "(",
    ")",
    '"',
    "*",
    "tag:",
    "title:",
    "-(",
    "-tag:",
    'title:"',
    'tag:"',
    ":",
    "**",
)
LETTERS = string.ascii_lowercase


def torture(run: Run) -> None:
    """Ask a query a round; all of them are asked of the same base."""
    entries = {entry.id: entry for entry in bases.entries(ENTRIES)}
    base = bases.write(run.directory / "base", entries.values())
    base.search("warm")
    slowest, slowest_query = 0.0, ""
    spent = 0.0
    for number, rng in run.each():
        query = WORST[number] if number < len(WORST) else a_query(rng)
        limit = rng.choice((1, 10, 10, 50, 10_000))
        tags = tuple(bases.sample(rng, bases.TAGS, 2)) if rng.random() < 0.1 else ()
        began = time.process_time()
        try:
            found = base.search(query, tags=tags, asked=Asked(limit=limit))
        except Exception as error:
            run.violation(f"{type(error).__name__}: {error!s:.100} for {query!r:.300}", at=number)
            continue
        cpu = time.process_time() - began
        for _ in range(3):
            if cpu > CPU and limit <= PAGE:
                cpu = min(cpu, _again(base, query, tags, limit))
        if limit > PAGE:
            cpu = 0.0  # the time to show 2,000 hits is that of the showing
        if cpu > CPU and cpu > CPU * slowness():
            run.violation(f"took {cpu:.2f} s of CPU: {query!r:.300} (limit {limit})", at=number)
        if said := next(_inconsistent(found, query, limit, tags, entries), ""):
            run.violation(f"{said}: {query!r:.300}", at=number)
        if rng.random() < 0.05 and base.search(query, tags=tags, asked=Asked(limit=limit)) != found:
            run.violation(f"asked again, the answer is another: {query!r:.300}", at=number)
        spent += cpu
        if cpu > slowest:
            slowest, slowest_query = cpu, query
    run.figures["mean CPU ms"] = round(1000 * spent / max(run.rounds, 1), 1)
    run.figures["most CPU ms"] = round(1000 * slowest)
    run.figures["for"] = repr(slowest_query[:60])


def _again(base: KnowledgeBase, query: str, tags: tuple[str, ...], limit: int) -> float:
    began = time.process_time()
    base.search(query, tags=tags, asked=Asked(limit=limit))
    return time.process_time() - began


def _inconsistent(
    found: Results, query: str, limit: int, tags: tuple[str, ...], entries: dict[int, Entry]
) -> Iterator[str]:
    """Yield what in an answer contradicts itself or the base."""
    ids = [hit.summary.id for hit in found.hits]
    if found.query != query:
        yield f"the answer is to another query, {found.query!r:.60}"
    if len(ids) != min(limit, found.total) or found.total > len(entries):
        yield f"{len(ids)} hits of {found.total} at limit {limit}"
    if len(set(ids)) != len(ids) or not set(ids) <= set(entries):
        yield "an entry that is found twice, or does not exist"
        return
    scores = [hit.score for hit in found.hits]
    if not all(map(math.isfinite, scores)) or scores != sorted(scores, reverse=True):
        yield f"scores out of order: {scores[:10]}"
    for hit in found.hits:
        if (hit.summary.title, hit.summary.tags) != (
            entries[hit.summary.id].title,
            entries[hit.summary.id].tags,
        ):
            yield f"entry {hit.summary.id} with another title or tags"
        ends = [0, *(place for mark in hit.marks for place in mark), len(hit.snippet)]
        if ends != sorted(ends) or any(begin == end for begin, end in hit.marks):
            yield f"marks outside of the snippet of entry {hit.summary.id}: {hit.marks}"
        if not all(_has(tag, entries[hit.summary.id]) for tag in tags):
            yield f"entry {hit.summary.id} without the tags {tags}"


def _has(tag: str, entry: Entry) -> bool:
    return any(tag in bases.IMPLIED[each] for each in entry.tags)


def _words(rng: random.Random, most: int) -> list[str]:
    return [bases.some_word(rng) for _ in range(rng.randrange(1, most + 1))]


def _plain(rng: random.Random) -> str:
    return " ".join(_words(rng, 6))


def _operators(rng: random.Random) -> str:
    pieces = [
        rng.choice((*COMMANDS, bases.some_word(rng), bases.some_word(rng)))
        for _ in range(rng.randrange(1, 15))
    ]
    return "".join(piece + rng.choice((" ", " ", "")) for piece in pieces)


def _ors(rng: random.Random) -> str:
    return f" {rng.choice(('OR', 'OR', 'AND', 'OR NOT'))} ".join(_words(rng, 60))


def _nots(rng: random.Random) -> str:
    return rng.choice(("NOT ", "-", "NOT NOT ", "-(", "NOT (")).join(["", *_words(rng, 50)])


def _frequent(rng: random.Random) -> str:
    """Return the most frequent words: the most postings."""
    return rng.choice((" ", " OR ", " NOT ")).join(bases.vocabulary()[: rng.randrange(1, 45)])


def _prefixes(rng: random.Random) -> str:
    letters = rng.sample(LETTERS, rng.choice((1, 1, 2, 26)))
    field = rng.choice(("", "", "title:", "-", "tag:"))
    return rng.choice((" ", " OR ")).join(
        f"{field}{letter}{rng.choice(('', rng.choice(LETTERS)))}*" for letter in letters
    )


def _phrases(rng: random.Random) -> str:
    return " ".join(
        f'{rng.choice(("", "-", "title:"))}"{" ".join(_words(rng, 8))}"' for _ in range(rng.randrange(1, 12))
    )


def _misspelt(rng: random.Random) -> str:
    """Return words with a letter wrong: each is looked up in the whole vocabulary."""
    found = []
    for word in _words(rng, 40):
        at = rng.randrange(len(word))
        found.append(word[:at] + rng.choice(LETTERS) + word[at + rng.randrange(2) :])
    return " ".join(found)


def _nested(rng: random.Random) -> str:
    depth = rng.choice((3, 13, 400, 3_000))
    inner = rng.choice((" ", " OR ", " NOT ")).join(_words(rng, 4))
    return "(" * depth + inner + ")" * rng.choice((depth, depth - 1, 0))


def _lone(rng: random.Random) -> str:
    return rng.choice(COMMANDS) * rng.choice((1, 2, 7, 500))


def _joined(rng: random.Random) -> str:
    """Return many words typed as one."""
    return rng.choice(("-", "/", ".", "_", "", ":", "*", "+")).join(_words(rng, 60))


def _long_word(rng: random.Random) -> str:
    return rng.choice(("a", "x", "漢", "é", "ab", "'", "𝔘", "e\u0301", "tag:", "the")) * rng.choice(
        (64, 65, 1_000, LONG)
    )


def _odd(rng: random.Random) -> str:
    return texts.any_text(rng)


def _like_a_regex(rng: random.Random) -> str:
    return rng.choice(
        (
            ".*",
            "(a+)+$",
            "[a-z]{99}",
            "a|b|",
            "^x?",
            "(?:.*)*",
            "\\w+\\s",
            "/.*/",
            "~2",
            "a~",
            "[1 TO 9]",
            "x^9",
        )
    )


def _of_all_lengths(rng: random.Random) -> str:
    """Return one of the other kinds over and over, up to 10,000 characters."""
    made = rng.choice(KINDS[:-1])(rng) or "x"
    return (rng.choice((made, made + " ", made + " OR ")) * LONG)[: rng.choice((2_000, 2_001, LONG))]


KINDS: tuple[Callable[[random.Random], str], ...] = (
    _plain, _operators, _ors, _nots, _frequent, _prefixes, _phrases, _misspelt, _nested, _lone, _joined,
    _long_word, _odd, _like_a_regex, _of_all_lengths,
)  # fmt: skip


# Asked first, whatever the seed: what kb would choke on if it had no limits.
WORST = (
    "(" * 3_000 + "note" + ")" * 3_000,
    "NOT " * 5_000 + "note",
    '-("' * 3_000,
    " OR ".join(["note"] * 2_500),
)


def a_query(rng: random.Random) -> str:
    """Return a query of a random kind."""
    return rng.choice(KINDS)(rng)


def _no_end() -> None:
    """Read queries of any length and depth, whatever they cost."""
    for name in ("MAX_LENGTH", "MAX_TERMS", "MAX_DEPTH"):
        put(bounds, name, 10**9)
    for name in ("MAX_EXPANSION", "MAX_RUN", "MAX_SPLIT"):
        put(vocabulary, name, 10**9)
    put(build, "MAX_RUN", 10**9)
    put(build, "MAX_SPLIT", 10**9)


def _no_depth() -> None:
    """Follow brackets however deep they are."""
    put(bounds, "MAX_DEPTH", 10**9)
    put(bounds, "MAX_LENGTH", 10**9)


def _wrong_total() -> None:
    """Count the hits that are shown as all there are, plus the deleted ones' ghosts."""
    before = answer.Answerer.search

    def results(self: object, *arguments: object, **named: object) -> Results:
        found: Results = before(self, *arguments, **named)  # type: ignore[arg-type]
        return Results(query=found.query, total=max(0, found.total - 1), hits=found.hits, notes=found.notes)

    put(answer.Answerer, "search", results)


def _marks_of_the_text() -> None:
    """Give marks as places in the whole text, and not in the snippet."""
    before = snippet.cut_snippet

    def cut(text: str, urls: list[str], wanted: object) -> tuple[str, tuple[tuple[int, int], ...]]:
        shown, marks = before(text, urls, wanted)  # type: ignore[arg-type]
        return shown, tuple((begin + 200, end + 200) for begin, end in marks)

    put(answer, "cut_snippet", cut)


SUITE = Suite(
    name="queryfuzz",
    promise="Every query on 2,000 entries is answered within 0.5 s, consistently and without an exception.",
    unit="queries",
    figure=20_000,
    small=150,
    run=torture,
    sabotages={
        "no-limits": _no_end,
        "no-depth-limit": _no_depth,
        "wrong-total": _wrong_total,
        "marks-of-the-text": _marks_of_the_text,
    },
)
