"""AND, OR, NOT and brackets are what they are on sets, whatever the shape of the query and of the index.

Whoosh's own NOT kept the first hit when what was ruled out begins before it, so this compares with sets.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random

import pytest

from kbnotes.kb import KnowledgeBase, create_base
from kbnotes.query import MAX_TERMS
from tests.index.asking import exactly

WORDS = ("alpha", "bravo", "carbon", "dolphin", "ember", "falcon")
Docs = dict[int, frozenset[str]]


@pytest.fixture(scope="module")
def several(tmp_path_factory: pytest.TempPathFactory) -> tuple[KnowledgeBase, Docs]:
    """40 entries that came in three imports, so that the index has several segments; one was removed."""
    random = Random(11)
    place = tmp_path_factory.mktemp("sets")
    create_base(place / "base")
    base = KnowledgeBase(place / "base", cache=place / "cache")
    docs: Docs = {}
    for part in range(3):
        numbers = range(part * 14 + 1, part * 14 + 15)
        docs |= {
            n: frozenset(w for w in WORDS if random.random() < random.choice((0.2, 0.6))) for n in numbers
        }
        file = place / f"{part}.md"
        file.write_text("\n\n".join(f"{n}. zeta {' '.join(sorted(docs[n]))}" for n in numbers) + "\n")
        base.import_file(file)
        base.search("zeta")
    base.remove(["7"])
    del docs[7]
    return base, docs


def _query(random: Random, depth: int = 0) -> tuple[str, Callable[[Docs], set[int]]]:
    """Return a random query and what it means."""
    kind = random.random()
    if depth > 3 or kind < 0.35:
        word = random.choice(WORDS)
        return word, lambda docs: {number for number, held in docs.items() if word in held}
    if kind < 0.55:
        text, inner = _query(random, depth + 1)
        return f"NOT ({text})", lambda docs: set(docs) - inner(docs)
    parts = [_query(random, depth + 1) for _ in range(random.randint(2, 3))]
    texts, meanings = [text for text, _ in parts], [meaning for _, meaning in parts]
    if kind < 0.8:
        return f"({' '.join(texts)})", lambda docs: set.intersection(*(each(docs) for each in meanings))
    return f"({' OR '.join(texts)})", lambda docs: set.union(*(each(docs) for each in meanings))


def test_random_queries_are_answered_as_sets(several: tuple[KnowledgeBase, Docs]) -> None:
    base, docs = several
    random = Random(5)
    wrong = []
    for _ in range(250):
        text, meaning = _query(random)
        if sum(text.count(word) for word in WORDS) >= MAX_TERMS:
            continue  # it would be cut, and say so
        hits = exactly(base, f"zeta {text}")
        if sorted(hits) != sorted(meaning(docs)):
            wrong.append(text)
    assert not wrong


def test_or_binds_looser_than_a_space(notes: KnowledgeBase) -> None:
    assert set(exactly(notes, "excel column OR joke")) == {19, 20}
    assert set(exactly(notes, "joke OR excel column")) == {19, 20}
    assert set(exactly(notes, "(joke OR excel) column")) == {20}


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("BERT NOT GPT", {12}),
        ("BERT -GPT", {12}),
        ("attention NOT GPT", set()),
        ("(joke OR excel) NOT youtube", {20}),
        ("tokens NOT (BERT OR GPT)", {7}),
        ('chiplets -"Moore\'s law"', {15, 16}),
        ('"main memory" NOT KV', {4}),
        ("hardware OR ONNX NOT tag:hardware", {3}),
        ("NOT tag:ml NOT tag:hardware NOT tag:tooling", {17, 19, 20}),
    ],
)
def test_a_query_of_several_parts(notes: KnowledgeBase, query: str, wanted: set[int]) -> None:
    assert set(exactly(notes, query)) == wanted
