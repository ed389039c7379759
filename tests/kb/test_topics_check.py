"""`kb topics check`: what is probably not meant about the topics."""

from __future__ import annotations

import pytest

from kbnotes.errors import FormatError
from kbnotes.kb import KnowledgeBase
from kbnotes.kb.vocabulary import FEW, NEARLY

TEXT = "Sourdough bread rises slowly."


def _check(
    base: KnowledgeBase, topics: str, *texts: str
) -> dict[str, list[tuple[str, int, tuple[str, ...]]]]:
    """Return (topic, line, names) of the findings, by what is at fault."""
    (base.base / "topics.yaml").write_text("{}\n")
    for text in texts or (TEXT,):
        base.add(text)
    (base.base / "topics.yaml").write_text(topics)
    found: dict[str, list[tuple[str, int, tuple[str, ...]]]] = {}
    for each in base.tidy.vocabulary().findings:
        found.setdefault(each.fault, []).append((each.topic, each.line, each.names))
    return found


def test_nothing_is_found_where_all_is_well(base: KnowledgeBase) -> None:
    assert _check(base, "bread:\n  keywords: [bread, sourdough]\n") == {}


def test_a_topic_that_matches_no_entry_is_named_and_its_keywords_are_not(base: KnowledgeBase) -> None:
    topics = "# mine\n\nboats:\n  keywords: [mast, dinghy]\nbread:\n  keywords: [bread]\n"
    assert _check(base, topics) == {"nothing": [("boats", 3, ())]}


def test_keywords_that_stand_in_no_entry_are_named(base: KnowledgeBase) -> None:
    found = _check(base, "bread:\n  keywords: [bread, rye, sour dough, Rises]\n")
    assert found == {"keywords": [("bread", 1, ("rye", "sour dough", "Rises"))]}


def test_a_keyword_counts_as_the_topics_read_it(base: KnowledgeBase) -> None:
    topics = "bread:\n  keywords: [loaf-pan, LOAF]\n"
    assert _check(base, topics, "A loaf pan is black. LOAF it is.", "Loaf pans are dear.") == {}


def test_a_topic_of_nearly_all_entries_tells_nothing_apart(base: KnowledgeBase) -> None:
    some = int(NEARLY * FEW)
    texts = [TEXT] * some + ["The mill is closed."] * (FEW - some)
    found = _check(base, "bread:\n  keywords: [bread]\nmill:\n  keywords: [mill]\n", *texts)
    assert found == {"everything": [("bread", 1, ())]}


def test_few_entries_may_all_be_of_one_topic(base: KnowledgeBase) -> None:
    assert _check(base, "bread:\n  keywords: [bread]\n", *[TEXT] * (FEW - 1)) == {}


def test_a_name_that_is_no_topic_and_no_tag_cannot_be_implied(base: KnowledgeBase) -> None:
    topics = "bread:\n  keywords: [bread]\n  implies: [foood, kitchen, grain]\ngrain: {}\n"
    base.add("Pans.", tags=["kitchen"])
    assert _check(base, topics) == {"implies": [("bread", 1, ("foood",))]}


def test_a_circle_is_shown_as_it_runs_once(base: KnowledgeBase) -> None:
    topics = "a:\n  implies: [b]\nb:\n  implies: [c, d]\nc:\n  implies: [a]\nd: {}\n"
    assert _check(base, topics) == {"circle": [("a", 1, ("a", "b", "c"))]}


def test_a_topic_that_implies_itself_is_a_circle(base: KnowledgeBase) -> None:
    assert _check(base, "a:\n  implies: [a]\n") == {"circle": [("a", 1, ("a",))]}


def test_a_keyword_of_two_topics_is_named_with_both(base: KnowledgeBase) -> None:
    topics = "bread:\n  keywords: [sourdough bread]\nsour:\n  keywords: [Sourdough-Bread]\n"
    found = _check(base, topics, "Sourdough-Bread and sourdough bread.")
    assert found == {"twice": [("sour", 3, ("Sourdough-Bread",))]}


def test_without_entries_only_the_names_are_checked(base: KnowledgeBase) -> None:
    (base.base / "topics.yaml").write_text("a:\n  keywords: [x]\n  implies: [nope]\n")
    vocabulary = base.tidy.vocabulary()
    assert [each.fault for each in vocabulary.findings] == ["implies"]
    assert [(use.name, use.entries) for use in vocabulary.topics] == [("a", 0)]


def test_topics_count_what_implies_them_only_by_their_own_words(seeded: KnowledgeBase) -> None:
    counts = {use.name: use.entries for use in seeded.tidy.vocabulary().topics}
    assert counts["chiplets"] == 3
    assert counts["hardware"] < 5


def test_broken_topics_are_an_error(base: KnowledgeBase) -> None:
    (base.base / "topics.yaml").write_text("a: [\n")
    with pytest.raises(FormatError, match=r"topics\.yaml, line"):
        base.tidy.vocabulary()
