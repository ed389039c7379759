"""Tags on many entries, and drafts: what was typed is never lost."""

from __future__ import annotations

import pytest

from kbnotes.errors import ConflictError, EditorError, InputError, KbError
from kbnotes.kb import KnowledgeBase
from tests.kb.disk import change, entry_file, fingerprint, ids

# Tags


def test_a_tag_change_is_shown_before_it_is_made(seeded: KnowledgeBase) -> None:
    before = fingerprint(seeded.base)
    planned = seeded.retag(seeded.select(["3", "5", "6"]), add=["Read Me"], remove=["tooling"])
    assert fingerprint(seeded.base) == before
    assert [(summary.id, tags) for summary, tags in planned.changes] == [
        (3, ("ml", "read-me")),
        (5, ("python", "read-me")),
        (6, ("llm", "transformers", "read-me")),
    ]
    seeded.apply(planned)
    assert [entry.id for entry in seeded.list(tags=["read-me"]).entries] == [3, 5, 6]
    assert 5 not in [entry.id for entry in seeded.list(tags=["tooling"]).entries]


def test_entries_whose_tags_stay_are_not_written(seeded: KnowledgeBase) -> None:
    planned = seeded.retag(seeded.select(["3", "5"]), add=["ml"])
    assert [summary.id for summary, _ in planned.changes] == [5]
    before = entry_file(seeded, 3).stat().st_mtime_ns
    seeded.apply(planned)
    assert entry_file(seeded, 3).stat().st_mtime_ns == before


def test_a_renamed_tag_keeps_its_place_and_merges_with_the_one_it_meets(seeded: KnowledgeBase) -> None:
    seeded.apply(seeded.rename_tag("llm", "Language Models"))
    assert seeded.list().entries[5].tags == ("language-models", "transformers")
    assert seeded.list(tags=["llm"]).total == 0
    seeded.apply(seeded.rename_tag("transformers", "language-models"))
    assert seeded.list().entries[5].tags == ("language-models",)
    assert seeded.rename_tag("nosuchtag", "other").changes == ()


def test_a_tag_that_cannot_be_is_refused(seeded: KnowledgeBase) -> None:
    with pytest.raises(InputError):
        seeded.retag(seeded.select(["3"]), add=["!"])


def test_what_has_no_letter_or_digit_or_is_very_long_is_no_tag(seeded: KnowledgeBase) -> None:
    with pytest.raises(InputError, match="is no tag"):
        seeded.add("text", tags=["#-#"])
    with pytest.raises(InputError, match=r"The tag 'xxxxxxxxxxxxxxxxxxxx'… is longer than 60 characters"):
        seeded.add("text", tags=["x" * 100_000])
    with pytest.raises(InputError, match=r"The tag 'what\?' holds '\?'"):
        seeded.add("text", tags=["what?"])


def test_each_tag_counts_what_a_filter_by_it_finds(seeded: KnowledgeBase) -> None:
    counts = {count.tag: count.entries for count in seeded.tags()}
    assert counts["hardware"] == 5  # the word stands in no note: the topics imply it
    for tag, entries in counts.items():
        assert seeded.list(tags=[tag]).total == entries, tag
        assert len(ids(seeded, f"tag:{tag}")) == entries, tag


def test_several_tags_have_to_hold_together(seeded: KnowledgeBase) -> None:
    assert [entry.id for entry in seeded.list(tags=["hardware", "interconnect"]).entries] == [14, 15]
    assert seeded.list(tags=["excel", "python"]).total == 0


def test_proposed_tags_are_those_that_an_entry_lacks(seeded: KnowledgeBase) -> None:
    (mypy,) = seeded.select(["5"])
    assert seeded.proposed_tags(mypy) == ()
    seeded.apply(seeded.retag([mypy], remove=["python"]))
    assert seeded.proposed_tags(mypy) == ("python",)


# Drafts


def test_a_draft_becomes_an_entry_and_is_then_gone(base: KnowledgeBase) -> None:
    path = base.new_draft(title="Of zebras", tags=["zoo"])
    path.write_text(path.read_text() + "They have stripes.\n")
    saved = base.save_draft(path)
    assert saved
    assert (saved.id, saved.title, saved.tags) == (1, "Of zebras", ("zoo",))
    assert ids(base, "stripes") == [1]
    assert not path.exists()
    assert base.drafts.newest() is None


def test_a_draft_that_says_nothing_makes_nothing(seeded: KnowledgeBase) -> None:
    before = fingerprint(seeded.base / "entries")
    for path in (seeded.new_draft(title="T"), seeded.edit_draft("18")):
        assert seeded.save_draft(path) is None
    assert seeded.drafts.waiting() == ()
    assert fingerprint(seeded.base / "entries") == before


def test_a_draft_of_an_entry_changes_it(seeded: KnowledgeBase) -> None:
    path = seeded.edit_draft("18")
    change(path, "title: KV cache", "title: Zebra cache")
    change(path, "every decoding step", "every zebra step")
    saved = seeded.save_draft(path)
    assert saved
    assert (saved.id, saved.title) == (18, "Zebra cache")
    assert ids(seeded, "zebra") == [18]


def test_a_draft_that_cannot_be_read_stays_and_its_path_is_said(base: KnowledgeBase) -> None:
    path = base.new_draft()
    path.write_text("---\nnonsense\n---\nPrecious text.\n")
    with pytest.raises(EditorError) as caught:
        base.save_draft(path)
    assert str(path) in caught.value.hint
    assert "Precious" in path.read_text()
    assert base.drafts.newest() == path
    change(path, "nonsense\n", "")
    assert base.save_draft(path)
    assert ids(base, "precious") == [1]


def test_the_draft_changed_last_is_taken_up_first(base: KnowledgeBase) -> None:
    import os

    older, newer = base.new_draft(), base.new_draft()
    os.utime(older, ns=(1, 1))
    assert base.drafts.newest() == newer


def test_a_failing_save_leaves_the_draft(base: KnowledgeBase) -> None:
    path = base.new_draft()
    path.write_text(path.read_text() + "Precious text.\n")
    (base.base / "entries").rename(base.base / "gone")
    with pytest.raises(KbError) as caught:
        base.save_draft(path)
    assert str(path) in caught.value.hint
    assert "Precious" in path.read_text()


def test_an_entry_changed_behind_its_draft_keeps_both_versions(seeded: KnowledgeBase) -> None:
    path = seeded.edit_draft("18")
    change(path, "every decoding step", "every zebra step")
    change(entry_file(seeded, 18), "every decoding step", "every lion step")
    with pytest.raises(ConflictError) as caught:
        seeded.save_draft(path)
    assert "lion" in entry_file(seeded, 18).read_text("utf-8")
    kept = [
        each for each in (seeded.base / "history" / "0018").iterdir() if "zebra" in each.read_text("utf-8")
    ]
    assert len(kept) == 1
    assert str(kept[0]) in caught.value.hint


def test_tags_applied_to_an_entry_changed_meanwhile_keep_the_change(seeded: KnowledgeBase) -> None:
    planned = seeded.retag(seeded.select(["18"]), add=["mine"])
    change(entry_file(seeded, 18), "every decoding step", "every lion step")
    seeded.apply(planned)
    assert ids(seeded, "lion tag:mine") == [18]


def test_a_draft_whose_entry_was_removed_stays(seeded: KnowledgeBase) -> None:
    path = seeded.edit_draft("18")
    change(path, "every decoding step", "every zebra step")
    seeded.remove(["18"])
    with pytest.raises(KbError) as caught:
        seeded.save_draft(path)
    assert str(path) in caught.value.hint
    assert "zebra" in path.read_text()
