"""Tags on many entries at once: merged, renamed within a query, removed everywhere; and the tree of tags."""

from __future__ import annotations

from pathlib import Path

from kbnotes.kb import KnowledgeBase
from kbnotes.model import TagCount
from tests.kb.disk import fingerprint

TREE = """\
bread:
  keywords: [bread]
rye:
  implies: [bread, grain]
grain: {}
pumpernickel:
  implies: [rye, bread]
hen:
  implies: [egg]
egg:
  implies: [hen]
"""


def _counts(base: KnowledgeBase) -> dict[str, TagCount]:
    return {count.tag: count for count in base.tags()}


def test_several_tags_become_one_in_the_place_of_the_first(seeded: KnowledgeBase) -> None:
    planned = seeded.merge_tags(["llm", "transformers"], "Language Models")
    before = fingerprint(seeded.base)
    assert {summary.id: tags for summary, tags in planned.changes}[6] == ("language-models",)
    assert fingerprint(seeded.base) == before
    seeded.apply(planned)
    assert seeded.list(tags=["llm"]).total == 0
    seeded.past.undo()
    assert seeded.list(tags=["language-models"]).total == 0
    assert seeded.list().entries[5].tags == ("llm", "transformers")


def test_one_undo_takes_a_merge_back_to_the_byte(seeded: KnowledgeBase) -> None:
    before = {path.name: path.read_bytes() for path in (seeded.base / "entries").iterdir()}
    seeded.apply(seeded.merge_tags(["chiplets", "interconnect", "distributed"], "packaging"))
    assert seeded.list(tags=["packaging"]).total == 3
    seeded.past.undo()
    assert {path.name: path.read_bytes() for path in (seeded.base / "entries").iterdir()} == before


def test_a_tag_may_be_merged_into_one_of_its_own(seeded: KnowledgeBase) -> None:
    seeded.apply(seeded.merge_tags(["llm", "transformers"], "llm"))
    assert seeded.list().entries[5].tags == ("llm",)
    assert seeded.list(tags=["transformers"]).total == 0


def test_a_rename_within_a_query_leaves_all_other_entries(seeded: KnowledgeBase) -> None:
    picked = seeded.list("id:14..15").entries
    seeded.apply(seeded.rename_tag("chiplets", "packaging", picked=picked))
    assert [each.id for each in seeded.list(tags=["packaging"]).entries] == [14, 15]
    assert [each.id for each in seeded.list(tags=["chiplets"]).entries] == [16]


def test_a_tag_stands_below_what_it_implies_and_not_below_what_that_implies(base: KnowledgeBase) -> None:
    (base.base / "topics.yaml").write_text(TREE)
    base.add("One.", tags=["pumpernickel"])
    counts = _counts(base)
    assert counts["pumpernickel"].implies == ("rye",)
    assert counts["rye"].implies == ("bread", "grain")
    assert counts["bread"].implies == ()


def test_tags_that_imply_each_other_stand_side_by_side(base: KnowledgeBase) -> None:
    (base.base / "topics.yaml").write_text(TREE)
    base.add("One.", tags=["hen"])
    counts = _counts(base)
    assert (counts["hen"].entries, counts["egg"].entries) == (1, 1)
    assert counts["hen"].implies == counts["egg"].implies == ()


def test_the_places_of_a_tag_in_the_topics_are_known(seeded: KnowledgeBase) -> None:
    lines = (seeded.base / "topics.yaml").read_text("utf-8").splitlines()
    found = seeded.tidy.mentions(["Hardware"])
    assert found[0].topic == found[0].tag == "hardware"
    for each in found:
        assert lines[each.line - 1] == f"{each.topic}:"
    assert {each.topic for each in found} >= {"hardware", "processors", "chiplets"}


def test_topics_that_cannot_be_read_mention_nothing(seeded: KnowledgeBase) -> None:
    Path(seeded.base / "topics.yaml").write_text("a: [")
    assert seeded.tidy.mentions(["hardware"]) == ()
