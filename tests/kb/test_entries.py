"""Adding, changing, removing and restoring entries, and picking them by id or title."""

from __future__ import annotations

from pathlib import Path

import pytest

from kbnotes.errors import InputError, SelectorError
from kbnotes.kb import KnowledgeBase, create_base
from tests.kb.disk import change, entry_file, fingerprint, ids, later_and_later

# Adding and changing


def test_an_added_entry_is_on_the_disk_and_found_at_once(base: KnowledgeBase) -> None:
    added = base.add("A _zebra_ on chiplets.\r\n\r\n", tags=["Big Animals", "zoo,africa"])
    assert (added.id, added.title) == (1, "zebra")
    assert added.tags[:3] == ("big-animals", "zoo", "africa")
    assert base.show(["1"])[0].entry.body == "A _zebra_ on chiplets.\n"
    assert Path(added.path).is_file()
    assert ids(base, "zebra tag:zoo") == [1]


def test_the_topics_propose_tags_behind_the_given_ones(base: KnowledgeBase) -> None:
    assert base.add("Chiplets are small.", tags=["mine"]).tags == ("mine", "chiplets")


@pytest.mark.parametrize("text", ["", " \n\t\n", "\r\n"])
def test_nothing_makes_no_entry(base: KnowledgeBase, text: str) -> None:
    with pytest.raises(InputError):
        base.add(text)
    assert list((base.base / "entries").iterdir()) == []
    assert base.add("Something.").id == 1


def test_a_title_and_tags_that_cannot_be_are_refused_before_anything_is_written(base: KnowledgeBase) -> None:
    for title, tags in (("x" * 501, ()), ("", ("!!",)), ("", ("a" * 61,))):
        with pytest.raises(InputError):
            base.add("Text.", title=title, tags=tags)
    assert list((base.base / "entries").iterdir()) == []


def test_an_edit_changes_what_is_given_and_keeps_the_file_and_the_old_version(
    base: KnowledgeBase, tmp_path: Path
) -> None:
    clocked = KnowledgeBase(base.base, cache=tmp_path / "cache", now=later_and_later())
    first = clocked.add("The _zebra_ note.", tags=["zoo"])
    old = Path(first.path).read_bytes()
    edited = clocked.edit("1", body="The _lion_ note.\n")
    assert edited
    assert (edited.title, edited.tags, edited.path) == ("lion", ("zoo",), first.path)
    assert edited.created == first.created < edited.updated
    assert (ids(clocked, "zebra"), ids(clocked, "lion")) == ([], [1])
    (kept,) = (base.base / "history" / "0001").iterdir()
    assert kept.read_bytes() == old


def test_an_own_title_stays_when_the_text_changes_until_it_is_emptied(base: KnowledgeBase) -> None:
    base.add("The _zebra_ note.", title="Mine")
    edited = base.edit("1", body="The _lion_ note.\n")
    assert edited
    assert edited.title == "Mine"
    emptied = base.edit("1", title="")
    assert emptied
    assert emptied.title == "lion"


def test_an_edit_that_says_nothing_new_writes_nothing(seeded: KnowledgeBase) -> None:
    shown = seeded.show(["18"])[0].entry
    before = fingerprint(seeded.base)
    assert seeded.edit("18", title=shown.title, tags=shown.tags, body=shown.body.rstrip("\n")) is None
    assert seeded.edit("18", body="  \n") is None
    assert fingerprint(seeded.base) == before


# Removing and restoring


def test_a_removed_entry_is_in_the_trash_and_comes_back_byte_for_byte(seeded: KnowledgeBase) -> None:
    content = entry_file(seeded, 18).read_bytes()
    assert [each.id for each in seeded.remove(["18", "3"])] == [18, 3]
    assert ids(seeded, "cache") == [4, 14]
    assert [number for number, _ in seeded.trashed()] == [3, 18]
    assert [each.title for each in seeded.restore([18])] == ["KV cache"]
    assert entry_file(seeded, 18).read_bytes() == content
    assert ids(seeded, "cache") == [4, 14, 18]
    assert [number for number, _ in seeded.trashed()] == [3]


def test_a_wrong_id_among_right_ones_removes_and_restores_nothing(seeded: KnowledgeBase) -> None:
    with pytest.raises(SelectorError):
        seeded.remove(["18", "99"])
    assert seeded.list().total == 20
    seeded.remove(["18"])
    with pytest.raises(SelectorError, match="99"):
        seeded.restore([18, 99])
    assert seeded.list().total == 19


# Picking


@pytest.mark.parametrize(
    ("selectors", "picked"),
    [
        (["18"], [18]),
        (["#18"], [18]),
        (["0018"], [18]),
        (["KV cache"], [18]),
        (["kv-CACHE"], [18]),
        (["kv", "cache"], [18]),
        (["onnx", "mypy"], [3, 5]),
        (["deeps"], [2]),
        (["5", "3", "5"], [5, 3]),
        (["Sequence length"], [11]),
    ],
)
def test_a_selector_picks_by_id_or_by_words_of_the_title(
    seeded: KnowledgeBase, selectors: list[str], picked: list[int]
) -> None:
    assert [summary.id for summary in seeded.select(selectors)] == picked


def test_words_that_fit_several_titles_pick_none_and_list_them(seeded: KnowledgeBase) -> None:
    with pytest.raises(SelectorError) as caught:
        seeded.select(["length"])
    assert "11  Sequence length" in caught.value.message
    assert "13  TAgged GEometric length predictor" in caught.value.message


def test_an_equal_title_wins_over_those_that_hold_it(base: KnowledgeBase) -> None:
    for title in ("Tea", "Green tea", "Tea ceremony"):
        base.add("Text.", title=title)
    assert [summary.id for summary in base.select(["tea"])] == [1]


@pytest.mark.parametrize("selector", ["99", "-1", "0", "", "no such title", "9" * 30])
def test_what_picks_nothing_is_one_sentence(seeded: KnowledgeBase, selector: str) -> None:
    with pytest.raises(SelectorError) as caught:
        seeded.select([selector])
    assert caught.value.hint


def test_two_files_with_one_id_are_named_and_neither_is_guessed(seeded: KnowledgeBase) -> None:
    copy = entry_file(seeded, 18).with_name("0018-copy.yaml")
    copy.write_bytes(entry_file(seeded, 18).read_bytes())
    with pytest.raises(SelectorError, match=r"0018-copy\.yaml"):
        seeded.select(["18"])
    assert ids(seeded, "title:cache") == [18, 18]


# Listing


def test_a_list_is_sorted_as_asked_and_its_total_counts_what_is_cut(
    base: KnowledgeBase, tmp_path: Path
) -> None:
    clocked = KnowledgeBase(base.base, cache=tmp_path / "cache", now=later_and_later())
    for title in ("beta", "Alpha", "gamma"):
        clocked.add("Text.", title=title)
    clocked.edit("1", body="Other text.\n")

    def order(sort: str) -> list[int]:
        return [entry.id for entry in clocked.list(sort=sort).entries]  # type: ignore[arg-type]

    assert (order("id"), order("title")) == ([1, 2, 3], [2, 1, 3])
    assert (order("created"), order("updated")) == ([3, 2, 1], [1, 3, 2])
    cut = clocked.list(sort="title", limit=1)
    assert (cut.total, [entry.id for entry in cut.entries]) == (3, [2])


def test_showing_gives_the_body_as_it_is_with_its_terms_and_links(seeded: KnowledgeBase) -> None:
    (shown,) = seeded.show(["14"])
    assert shown.entry.body.startswith("With Moore's law dying")
    assert "3D or 2.5D interconnects" in shown.content.terms
    assert shown.content.links[0].url == "https://spectrum.ieee.org/amd-3d-stacking-intel-graphcore"


def test_making_a_base_again_keeps_what_it_has(seeded: KnowledgeBase) -> None:
    change(seeded.base / "topics.yaml", "\nexcel:\n", "\nsheets:\n")
    before = fingerprint(seeded.base)
    assert create_base(seeded.base) is False
    assert fingerprint(seeded.base) == before
