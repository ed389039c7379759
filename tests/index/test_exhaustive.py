"""The first page is the best of all hits, and any query is answered, soon."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from whoosh.index import FileIndex

from benchmarks.exact import differences, queries, words_by_use
from kbnotes import query as query_room
from kbnotes.index import Index, index_home
from kbnotes.index.answer import Answerer
from kbnotes.index.schema import make_schema
from kbnotes.index.state import State
from kbnotes.index.storage import PrivateStorage
from kbnotes.kb import KnowledgeBase
from kbnotes.model import Asked, Content, Document, Entry, Query, Results, Stamp
from tests.conftest import SEED

NOW = datetime(2026, 11, 23, tzinfo=UTC)
ENTRIES = 2_000
CPU_BOUND = 5.0  # seconds of this process: ten times what is promised, so that only a mistake of kind fails


def _generated(random: Random) -> Iterator[Document]:
    syllables = [a + b for a in "bcdfghklmnprstvw" for b in "aeiou"]
    made = ["".join(random.choices(syllables, k=random.randint(1, 4))) for _ in range(4_000)]
    real = sorted(set(re.findall(r"[a-z]{2,}", SEED.read_text("utf-8"))))
    vocabulary = real + made
    random.shuffle(vocabulary)
    weights = [1 / (at + 1) ** 0.9 for at in range(len(vocabulary))]
    for number in range(1, ENTRIES + 1):
        text = random.choices(vocabulary, weights, k=random.randint(15, 60))
        body = " ".join(text)
        entry = Entry(
            id=number, title=" ".join(text[:3]), tags=(text[4],), created=NOW, updated=NOW, body=body
        )
        content = Content(title=entry.title, text=body, terms=(text[5],), links=())
        stamp = Stamp(mtime_ns=number, size=len(body), inode=number)
        yield Document(name=f"{number:04d}.yaml", stamp=stamp, entry=entry, content=content)


@pytest.fixture(scope="module")
def big(tmp_path_factory: pytest.TempPathFactory) -> Index:
    """An index of 2,000 generated entries."""
    place = tmp_path_factory.mktemp("big")
    documents = list(_generated(Random(3)))
    index = Index(index_home(place / "cache", place), place / "entries")
    state = State(files={document.name: document.stamp for document in documents})
    with index.updating(wait=10):
        index.update(documents, [], state)
    return index


@pytest.fixture(scope="module")
def words(big: Index) -> list[str]:
    """The words of the big index, the most used first."""
    return words_by_use(big._answers())


@pytest.fixture(scope="module")
def reader(big: Index) -> Iterator[Any]:
    """Whoosh's own reader of the big index."""
    assert big.home
    found = FileIndex(PrivateStorage(big.home / big.state.directory), schema=make_schema()).reader()
    yield found
    found.close()


@pytest.mark.parametrize("all_first", [False, True])
def test_the_first_page_equals_exhaustive_scoring(big: Index, words: list[str], *, all_first: bool) -> None:
    """`python -m benchmarks.exact` asks the same of more entries."""
    texts = list(queries(words, Random(9)))
    assert (
        sum(big.search(query_room.parse(text, now=NOW), asked=Asked(limit=10)).total for text in texts)
        > 1_000
    )
    assert differences(big, texts, all_first=all_first) == []


def test_a_page_that_lacks_a_hit_is_told(
    big: Index, words: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The comparison can fail: without the best hit of each page, none is equal."""
    texts = list(queries(words, Random(9)))[:5]
    whole = Answerer.search

    def second_best(self: Answerer, query: Query, *, asked: Asked, **named: Any) -> Results:
        return whole(self, query, asked=Asked(limit=asked.limit, offset=1), **named)

    monkeypatch.setattr(Answerer, "search", second_best)
    assert differences(big, texts, all_first=False) == texts


def test_whoosh_reads_the_same_postings(big: Index, words: list[str], reader: Any) -> None:
    terms = big._answers().terms
    assert list(reader.field_terms("exact")) == list(terms.beginning("exact", ""))
    for word in [*words[:20], *words[-5:]]:
        matcher, numbers, weights = reader.postings("exact", word), [], []
        while matcher.is_active():
            numbers.append(matcher.id())
            weights.append(matcher.weight())
            matcher.next()
        found = terms.find("exact", word)
        assert (numbers, weights) == (list(found.numbers), list(found.weights))
        assert reader.doc_frequency("exact", word) == terms.frequency("exact", word) == len(numbers)


def _heavy(words: list[str]) -> dict[str, str]:
    """Return queries of the kinds that were slow once, each by what it has too much of."""
    letters = "abcdefghijklmnopqrstuvwxyz"
    return {
        "one letter's prefix": "a*",
        "prefixes": " ".join(f"{each}*" for each in letters),
        "either prefix": " OR ".join(f"{each}*" for each in letters),
        "no prefix": " ".join(f"NOT {each}*" for each in letters),
        "prefixes behind words": " ".join(
            f"{w}-{each}*" for w, each in zip(words[:26], letters, strict=True)
        ),
        "common words": " ".join(words[:48]),
        "common words, either": " OR ".join(words[:48]),
        "one word again and again": " ".join([words[0]] * 48),
        "a long phrase": '"' + " ".join(words[:300]) + '"',
        "a long address": "-".join(words[:300]),
        "unknown words": " ".join(f"zq{word}" for word in words[-48:]),
        "misspelt words": " ".join(f"{word[:3]}q{word[3:]}" for word in words[-48:]),
        "brackets": "(" * 40 + " OR ".join(words[:40]) + ")" * 40,
        "one endless word": "ba" * 1_000,
        "words to part": " ".join(["ba" * 16] * 48),
        "characters": "漢字" * 1_000,
    }


def test_no_query_takes_long(big: Index, words: list[str]) -> None:
    slow = {}
    for name, text in _heavy(words).items():
        started = time.process_time()
        big.search(query_room.parse(text, now=NOW), asked=Asked(limit=10))
        if (spent := time.process_time() - started) > CPU_BOUND:
            slow[name] = spent
    assert not slow


_PIECES = st.sampled_from(
    """( ) " - + * : ' # OR AND NOT tag: title: tag:hardware title:"kv cache" kv cache KV-cache GPT-4 -O3 C++
    [CLS] 2.5D chip* * a* "main memory" -"a b" NOT( brach 漢字 🚀 é́ ~ ^ && || ! { } / x:y""".split()
)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=60) | st.lists(_PIECES | st.text(max_size=4), max_size=14).map(" ".join))
def test_every_string_is_answered(notes: KnowledgeBase, text: str) -> None:
    results = notes.search(text)
    assert results.total >= len(results.hits)
    assert len({hit.summary.id for hit in results.hits}) == len(results.hits)
    for hit in results.hits:
        assert all(0 <= start < end <= len(hit.snippet) for start, end in hit.marks)
