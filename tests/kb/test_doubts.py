"""Which new tags are questioned, and which are not: a false alarm is worse than a typo."""

from __future__ import annotations

import pytest

from kbnotes.errors import ConsentError
from kbnotes.kb import KnowledgeBase
from kbnotes.kb.doubts import near_tag

TYPOS = """
    intereconnect:interconnect pyhton:python kubernates:kubernetes machine-lerning:machine-learning
    machinelearning:machine-learning chiplet:chiplets categorys:categories gpus:gpu postgers:postgres
    tols:tools libraries:library cach:cache hardwre:hardware boxes:box javscript:javascript
    inferense:inference ypthon:python nterconnect:interconnect
    transfromers:transformers rusy:rust caf\u00e9:cafe Machine_Learning:machine-learning
""".split()
TWO_TAGS = """
    ram:rom gpu:cpu c:c++ python2:python3 gpt-4:gpt-5 jest:test node:code text:test bash:dash http:https
    security:severity mysql:mssql training:trading software:hardware os:ios docker:locker css:scss news:new
    meetings:settings typescript:javascript react:redux rest:rust
    read:bread rice:price resting:testing
    \u6a5f\u68b0\u5b66\u7fd2:\u6a5f\u68b0\u5b66\u6821
""".split()


@pytest.mark.parametrize("pair", TYPOS)
def test_a_slip_of_the_finger_is_questioned(pair: str) -> None:
    typed, meant = pair.split(":")
    assert near_tag(typed, {meant: 3, "unrelated": 9}) == meant


@pytest.mark.parametrize("pair", TWO_TAGS)
def test_two_tags_are_not_typos_of_each_other(pair: str) -> None:
    one, two = pair.split(":")
    assert near_tag(one, {two: 3}) is None
    assert near_tag(two, {one: 3}) is None


def test_a_known_tag_is_never_questioned_however_near_another_is() -> None:
    assert near_tag("chiplet", {"chiplet": 1, "chiplets": 30}) is None


def test_the_nearest_is_meant_and_of_equals_the_most_used() -> None:
    assert near_tag("interconect", {"interconnects": 50, "interconnect": 1}) == "interconnect"
    assert near_tag("hardwre", {"hardware": 2, "hardwares": 9}) == "hardware"
    assert near_tag("tool", {"tools": 1, "tool-s": 7}) == "tool-s"


def test_nothing_is_near_in_an_empty_base(base: KnowledgeBase) -> None:
    assert base.tidy.doubts(["zebra"]) == ()


def test_a_topics_name_is_known_before_any_entry_has_it(base: KnowledgeBase) -> None:
    assert base.list().total == 0
    assert base.tidy.doubts(["chiplets"]) == ()
    (doubt,) = base.tidy.doubts(["chiplet"])
    assert (doubt.tag, doubt.near, doubt.entries) == ("chiplet", "chiplets", 0)


def test_a_change_that_brings_a_doubtful_tag_wants_a_yes(seeded: KnowledgeBase) -> None:
    planned = seeded.retag(seeded.select(["3"]), add=["toolng"])
    with pytest.raises(ConsentError, match="There is no tag toolng yet; did you mean tooling"):
        seeded.apply(planned)
    assert seeded.list(tags=["toolng"]).total == 0
    seeded.apply(planned, yes=True)
    seeded.apply(seeded.retag(seeded.select(["4"]), add=["toolng"]))  # a tag by now
    assert seeded.list(tags=["toolng"]).total == 2


def test_a_rename_away_from_a_typo_is_no_typo(seeded: KnowledgeBase) -> None:
    seeded.apply(seeded.retag(seeded.select(["3"]), add=["zebar"]))
    seeded.apply(seeded.rename_tag("zebar", "zebra"))
    with pytest.raises(ConsentError, match="did you mean zebra"):
        seeded.apply(seeded.rename_tag("excel", "zebras"))


def test_a_saved_entry_is_doubted_for_its_new_tags_only(seeded: KnowledgeBase) -> None:
    saved = seeded.add("A text about buses.", tags=["intereconnect", "zebra", "zebras"])
    assert [(doubt.tag, doubt.near) for doubt in seeded.tidy.doubts_about(saved)] == [
        ("intereconnect", "interconnect")
    ]
    assert seeded.tidy.doubts_about(saved, before=["Intereconnect"]) == ()


def test_many_entries_and_a_doubtful_tag_are_one_question(seeded: KnowledgeBase) -> None:
    seeded.add("One more.")
    with pytest.raises(ConsentError, match=r"did you mean tooling\? 21 entries would be tagged anew\."):
        seeded.apply(seeded.retag(seeded.list().entries, add=["toolng"]))
