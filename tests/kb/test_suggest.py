"""Suggested tags: from topics and from entries alike, each with its reasons."""

from __future__ import annotations

import pytest

from kbnotes.kb import KnowledgeBase
from kbnotes.kb.suggest import LEAST, TOPIC, suggested
from kbnotes.model import Naming, Summary, Vote

BREAD = (
    "Sourdough starter wants flour, water and a warm kitchen.",
    "A sourdough loaf proves overnight; flour and salt decide.",
    "Rye flour makes a dense loaf that keeps for a week.",
)
BOATS = (
    "The rudder of a dinghy is lifted before the beach.",
    "A mast bends in a gust; the mainsail spills wind.",
    "Reef the mainsail of a dinghy before the wind rises.",
)


@pytest.fixture
def shelf(base: KnowledgeBase) -> KnowledgeBase:
    """Six entries of two tags, and one of neither."""
    (base.base / "topics.yaml").write_text("oven:\n  keywords: [oven]\n")
    for text in BREAD:
        base.add(text, tags=["bread"])
    for text in BOATS:
        base.add(text, tags=["boats"])
    base.add("Salt the flour before the sourdough proves.")
    return base


def _reasons(base: KnowledgeBase, *ids: str, limit: int = 3) -> dict[int, dict[str, tuple[str, ...]]]:
    found = base.tidy.suggestions(base.select(ids), limit=limit)
    return {each.summary.id: {tag.tag: tag.reasons for tag in each.tags} for each in found}


def test_an_entry_is_given_the_tag_of_those_like_it_and_they_are_named(shelf: KnowledgeBase) -> None:
    (reasons,) = _reasons(shelf, "7")[7].values()
    assert list(_reasons(shelf, "7")[7]) == ["bread"]
    assert reasons == ("like 2, 1 and 3, which have it",)


def test_a_topic_says_which_word_it_found_and_where(shelf: KnowledgeBase) -> None:
    saved = shelf.add("Hot oven", tags=["x"])
    shelf.apply(shelf.retag([saved], remove=["oven"]))
    assert _reasons(shelf, "8")[8]["oven"][0] == "topic: names \u201coven\u201d in the title"


def test_no_tag_is_suggested_that_the_entry_has_or_that_its_own_imply(shelf: KnowledgeBase) -> None:
    assert _reasons(shelf, "1") == {}
    (shelf.base / "topics.yaml").write_text("sourdough:\n  implies: [bread]\n")
    shelf.apply(shelf.retag(shelf.select(["7"]), add=["sourdough"]))
    assert _reasons(shelf, "7") == {}


def test_nothing_is_suggested_where_nothing_is_alike(shelf: KnowledgeBase) -> None:
    saved = shelf.add("Quaternions interpolate rotations.")
    assert _reasons(shelf, str(saved.id)) == {}


def test_suggestions_are_taken_as_one_operation(shelf: KnowledgeBase) -> None:
    shelf.add("The dinghy is beached when the wind drops.")
    found = shelf.tidy.suggestions(shelf.list("is:untagged").entries, limit=1)
    shelf.apply(shelf.accept(found))
    assert [each.tags for each in shelf.list("id:7..8").entries] == [("bread",), ("boats",)]
    shelf.past.undo()
    assert [each.tags for each in shelf.list("id:7..8").entries] == [(), ()]


def test_tags_given_or_taken_meanwhile_stay_so(shelf: KnowledgeBase) -> None:
    shelf.apply(shelf.retag(shelf.select(["7"]), add=["kitchen"]))
    planned = shelf.accept(shelf.tidy.suggestions(shelf.select(["7"]), limit=1))
    shelf.apply(shelf.retag(shelf.select(["7"]), add=["new"], remove=["kitchen"]))
    shelf.apply(planned)
    assert shelf.list("id:7").entries[0].tags == ("new", "bread")


def test_an_entry_is_not_its_own_neighbour(shelf: KnowledgeBase) -> None:
    shelf.apply(shelf.retag(shelf.select(["7"]), add=["kitchen"]))
    assert "kitchen" not in _reasons(shelf, "7").get(7, {})


def test_a_topics_word_counts_beside_the_votes_and_little_is_dropped() -> None:
    votes = (
        Vote(tag="a", score=(TOPIC + LEAST) / 2, like=(1,)),
        Vote(tag="b", score=LEAST / 2, like=(2,)),
        Vote(tag="c", score=LEAST, like=(), named="title"),
    )
    why = (Naming(tag="t", keyword="Tea", where="emphasised"),)
    found = suggested((), votes, why, implied={})
    assert [(each.tag, each.reasons) for each in found] == [
        ("t", ("topic: names \u201cTea\u201d emphasised",)),
        ("a", ("like 1, which has it",)),
        ("c", ("names it in the title",)),
    ]


def test_of_two_suggestions_the_one_that_the_other_implies_is_left_out() -> None:
    votes = (Vote(tag="chiplets", score=1.0, like=(1,)), Vote(tag="hardware", score=0.9, like=(1, 2)))
    found = suggested((), votes, (), implied={"hardware": frozenset({"chiplets"})})
    assert [each.tag for each in found] == ["chiplets"]


def test_an_untagged_base_gets_what_the_topics_say(base: KnowledgeBase) -> None:
    saved: Summary = base.add("The KV cache of a transformer.")
    base.apply(base.retag([saved], remove=saved.tags))
    assert "transformers" in _reasons(base, "1")[1]
