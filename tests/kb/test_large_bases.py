"""In a large base not every stamp is looked at before an answer; what changed is noticed all the same."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from kbnotes.kb import KnowledgeBase, fresh
from kbnotes.store import Store
from tests.kb.disk import change, entry_file, ids

ENTRY = "id: 77\ntitle: By hand\ntags: [zoo]\nbody: |\n  A zebra by hand.\n"


@pytest.fixture
def large(seeded: KnowledgeBase, monkeypatch: pytest.MonkeyPatch) -> KnowledgeBase:
    """A base that counts as large, looked at a while after it was written."""
    monkeypatch.setattr(fresh, "FEW", 5)
    _age(seeded.base / "entries")
    seeded.search("cache")
    return seeded


def _age(directory: Path) -> None:
    long_ago = time.time_ns() - 10**10
    for path in (*directory.iterdir(), directory):
        os.utime(path, ns=(long_ago, long_ago))
    time.sleep(2e-9 * fresh.RACY_NS)  # its change time nobody can set


def test_an_answer_looks_at_few_files(large: KnowledgeBase, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Store, "scan", lambda *_, **__: pytest.fail("all files were looked at"))
    assert large.search("cache").total > 0
    assert large.list(tags=["hardware"]).total > 0
    assert large.tags()


def test_a_file_that_comes_or_goes_is_noticed(large: KnowledgeBase) -> None:
    (large.base / "entries" / "0077-by-hand.yaml").write_text(ENTRY)
    assert ids(large, "zebra") == [77]
    (large.base / "entries" / "0077-by-hand.yaml").unlink()
    assert ids(large, "zebra") == []


def test_a_file_that_was_replaced_is_noticed(large: KnowledgeBase) -> None:
    path = entry_file(large, 3)
    new = path.with_name("new.tmp")
    new.write_text(path.read_text("utf-8").replace("standard", "zebra"), "utf-8")
    new.replace(path)
    assert ids(large, "zebra") == [3]


def test_a_file_written_over_in_its_place_is_noticed_when_it_is_shown(large: KnowledgeBase) -> None:
    change(entry_file(large, 3), "open source standard", "zebra standard")
    assert 3 not in ids(large, '"open source"')
    assert ids(large, "zebra") == [3]


def test_a_file_written_over_in_its_place_is_noticed_after_a_while(
    large: KnowledgeBase, monkeypatch: pytest.MonkeyPatch
) -> None:
    change(entry_file(large, 3), "open source standard", "zebra standard")
    now = time.time_ns()
    monkeypatch.setattr(time, "time_ns", lambda: now + fresh.SWEPT_NS)
    assert ids(large, "zebra") == [3]


def test_what_kb_writes_is_found_at_once(large: KnowledgeBase) -> None:
    added = large.add("A zebra.").id
    assert ids(large, "zebra") == [added]
    large.edit(str(added), body="A giraffe.")
    assert ids(large, "zebra") == []
    assert ids(large, "giraffe") == [added]


def test_damaged_stamps_are_made_up_for(large: KnowledgeBase, tmp_path: Path) -> None:
    (stamps,) = (tmp_path / "cache").rglob("stamps-*")
    stamps.write_bytes(b"x")
    (large.base / "entries" / "0077-by-hand.yaml").write_text(ENTRY)
    assert ids(KnowledgeBase(large.base, cache=tmp_path / "cache"), "zebra") == [77]


def test_many_files_are_brought_in_a_part_at_a_time_and_what_is_done_stays(
    seeded: KnowledgeBase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As after Ctrl-C: the first index of a large base goes on where it was interrupted."""
    monkeypatch.setattr(fresh, "CHUNK", 6)
    monkeypatch.setattr(fresh, "MANY", 3)
    told: list[tuple[int, int]] = []

    def interrupt(done: int, total: int) -> None:
        told.append((done, total))
        if done == 15:
            raise KeyboardInterrupt

    cold = KnowledgeBase(seeded.base, cache=tmp_path / "cold")
    cold.watch(interrupt)
    with pytest.raises(KeyboardInterrupt):
        cold.search("cache")
    assert told == [(done, 20) for done in range(1, 16)]
    told.clear()
    again = KnowledgeBase(seeded.base, cache=tmp_path / "cold")
    again.watch(lambda done, total: told.append((done, total)))
    assert ids(again, "cache") == ids(seeded, "cache")
    assert told == [(done, 8) for done in range(1, 9)]
    assert again.search("memory").hits[0].score == pytest.approx(seeded.search("memory").hits[0].score)


def test_what_went_is_out_of_an_index_that_is_brought_in_by_parts(
    seeded: KnowledgeBase, monkeypatch: pytest.MonkeyPatch
) -> None:
    seeded.search("cache")
    monkeypatch.setattr(fresh, "CHUNK", 1)
    entry_file(seeded, 18).unlink()
    change(entry_file(seeded, 3), "standard", "zebra")
    change(entry_file(seeded, 4), "cores", "zebra")
    assert ids(seeded, "zebra") == [3, 4]
    assert 18 not in ids(seeded, "cache")


def test_a_damaged_file_of_stamps_does_not_stay(large: KnowledgeBase, tmp_path: Path) -> None:
    """It is noticed although no answer needs it, and written anew although the stamps are the same."""
    (stamps,) = (tmp_path / "cache").rglob("stamps-*")
    whole = stamps.read_bytes()
    stamps.write_bytes(whole[:-1] + b"\0")
    assert KnowledgeBase(large.base, cache=tmp_path / "cache").search("cache").total > 0
    assert [path.read_bytes() for path in (tmp_path / "cache").rglob("stamps-*")] == [whole]
