"""Fields, filters and facets: what an entry is, not what it says."""

from __future__ import annotations

import pytest

from kbnotes.kb import KnowledgeBase
from kbnotes.model import Asked
from tests.index.asking import exactly, found


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("id:11..13", {11, 12, 13}),
        ("id:..2", {1, 2}),
        ("id:3,5", {3, 5}),
        ("url:spectrum.ieee.org", {14}),
        ('body:"branch prediction"', {13}),
        ('title:"branch prediction"', set()),
        ("=caches", {4}),
        ("=cache", {14, 18, 4}),
        ("created:1999", set()),
        ("has:link id:14..16", {14, 15, 16}),
        ("is:untagged id:1..3", set()),
        ("has:code", {20}),
    ],
)
def test_a_field_or_filter_finds_exactly_what_it_says(
    notes: KnowledgeBase, query: str, wanted: set[int]
) -> None:
    assert set(exactly(notes, query)) == wanted


def test_a_near_spelling_is_found_where_it_is_asked_for(notes: KnowledgeBase) -> None:
    assert exactly(notes, "~cahce") != []
    assert set(exactly(notes, "~chiplet")) == set(exactly(notes, "chiplet"))


def test_facets_count_the_tags_of_all_hits_with_what_they_imply(notes: KnowledgeBase) -> None:
    results = notes.search("chiplets", asked=Asked(limit=1, facets=True))
    counts = {each.tag: each.entries for each in results.facets}
    assert counts["hardware"] == results.total == 3
    assert counts["chiplets"] == len(set(exactly(notes, "chiplets tag:chiplets")))


@pytest.mark.parametrize("order", ["id", "title", "created", "updated"])
def test_an_order_holds_over_pages(notes: KnowledgeBase, order: str) -> None:
    whole = notes.search("memory OR token", asked=Asked(limit=100, order=order)).hits  # type: ignore[arg-type]
    pages = [
        hit
        for offset in range(0, len(whole), 2)
        for hit in notes.search("memory OR token", asked=Asked(limit=2, offset=offset, order=order)).hits  # type: ignore[arg-type]
    ]
    assert [hit.summary.id for hit in pages] == [hit.summary.id for hit in whole]
    if order in ("id", "title"):
        keys = [getattr(hit.summary, order) for hit in whole]
        assert keys == sorted(keys, key=lambda key: key.casefold() if isinstance(key, str) else key)


def test_the_parts_of_a_score_add_up_to_it(notes: KnowledgeBase) -> None:
    for query in ("KV cache", "why do decoders store keys and values", "chip*", "key-value cache"):
        for hit in notes.search(query, asked=Asked(explain=True)).hits:
            assert sum(part.score for part in hit.parts) == pytest.approx(hit.score, abs=0.01), query


def test_entries_that_hold_all_key_words_come_before_those_that_hold_some(notes: KnowledgeBase) -> None:
    for query in ("memory cache", "GPT attention", "token model", "chip memory latency"):
        lacking = [bool(hit.missing) for hit in notes.search(query, asked=Asked(limit=100)).hits]
        assert lacking == sorted(lacking), query


def test_what_came_near_is_named_where_nothing_is_found(notes: KnowledgeBase) -> None:
    results = notes.search("tag:hardwar KV")
    assert results.total == 0
    assert results.tried
    assert results.nearest
    assert [each.tag for each in results.nearest.tags][:1] == ["hardware"]
    assert 18 in {summary.id for summary in results.nearest.titles}


def test_words_in_brackets_and_quotes_of_a_sentence_are_words(notes: KnowledgeBase) -> None:
    sentence = 'what do people (in general) mean by "the cache" of keys when decoding tokens?'
    assert found(notes, sentence)[:1] == [18]
