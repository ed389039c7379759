"""What is found first."""

from __future__ import annotations

from pathlib import Path

from kbnotes.kb import KnowledgeBase
from kbnotes.model import Asked
from tests.index.asking import base_of, exactly, found


def test_the_exact_form_ranks_above_an_inflected_one(tmp_path: Path) -> None:
    base = base_of(tmp_path, "it was packing there", "it was packaged there", "it was packages there")
    assert found(base, "packages")[0] == 3
    assert found(base, "packaged")[0] == 2


def test_a_title_counts_more_than_a_body(tmp_path: Path) -> None:
    base = base_of(tmp_path, "_Other_ words about zebras here", "_Zebra_ words about others here")
    assert found(base, "zebra") == [2, 1]


def test_an_emphasised_term_counts_more_than_a_word_in_passing(tmp_path: Path) -> None:
    base = base_of(tmp_path, "# T\n\nabout zebras and lions", "# T\n\nabout _zebras_ and lions")
    assert found(base, "zebras")[0] == max(found(base, "zebras"))


def test_words_close_together_rank_above_words_far_apart(tmp_path: Path) -> None:
    middle = " ".join(["filler"] * 30)
    base = base_of(tmp_path, f"_T_ x quick {middle} fox", f"_T_ x quick fox {middle}")
    assert found(base, "quick fox") == [2, 1]


def test_a_word_in_an_address_alone_ranks_last(tmp_path: Path) -> None:
    base = base_of(tmp_path, "see [there](https://example.org/zebra)", "see a zebra there, or so")
    assert found(base, "zebra") == [2, 1]


def test_a_tag_filter_finds_what_implies_it_and_moves_no_hit(notes: KnowledgeBase) -> None:
    assert set(exactly(notes, "tag:hardware")) == {4, 13, 14, 15, 16}
    unfiltered = [number for number in found(notes, "memory") if number in {4, 14, 15}]
    assert found(notes, "memory tag:hardware") == unfiltered
    assert [hit.summary.id for hit in notes.search("memory", tags=["Hardware"]).hits] == unfiltered


def test_a_prefix_finds_every_word_that_begins_so(notes: KnowledgeBase) -> None:
    assert set(exactly(notes, "chipl*")) == {14, 15, 16}
    assert set(exactly(notes, "co-emi*")) == {14}
    assert exactly(notes, "hiplet*") == []


def test_a_phrase_stands_in_its_order_and_side_by_side(notes: KnowledgeBase) -> None:
    assert set(exactly(notes, '"main memory"')) == {4, 18}
    assert exactly(notes, '"memory main"') == []
    assert exactly(notes, '"branch conditional"') == []


def test_a_phrase_does_not_reach_from_one_link_into_the_next(tmp_path: Path) -> None:
    base = base_of(tmp_path, "[a](https://one.org/first) and [b](https://two.org/second)", "other")
    assert exactly(base, '"first https"') == []
    assert exactly(base, '"one org first"') == [1]


def test_title_looks_into_titles_only(notes: KnowledgeBase) -> None:
    assert exactly(notes, "title:cache") == [18]
    assert exactly(notes, 'title:"KV cache"') == [18]
    assert exactly(notes, "title:kv*") == [18]
    assert exactly(notes, "title:joke") == []


def test_the_snippet_shows_and_marks_the_words(notes: KnowledgeBase) -> None:
    for query, marked in [("kvcache", "KV cache"), ("predictor", "predictors"), ("asplos", "asplos")]:
        hit = notes.search(query).hits[0]
        assert marked in [hit.snippet[start:end] for start, end in hit.marks], query


def test_no_hit_is_given_twice_and_the_limit_cuts_the_page_only(notes: KnowledgeBase) -> None:
    everything = found(notes, "the OR a OR is OR of OR in OR to")
    assert len(everything) == len(set(everything))
    page = notes.search("the OR a OR is OR of OR in OR to", asked=Asked(limit=3))
    assert [hit.summary.id for hit in page.hits] == everything[:3]
    assert page.total == len(everything)
