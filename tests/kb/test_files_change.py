"""A file changed by hand or by git is picked up by the next call."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from kbnotes.errors import SelectorError
from kbnotes.kb import KnowledgeBase
from kbnotes.model import StoredEntry
from kbnotes.store import Store
from tests.conftest import ROOT
from tests.kb.disk import change, entry_file, ids

ENTRY = "id: 77\ntitle: By hand\ntags: [zoo]\nbody: |\n  A zebra by hand.\n"


def test_a_file_added_by_hand_is_found(seeded: KnowledgeBase) -> None:
    assert ids(seeded, "zebra") == []
    (seeded.base / "entries" / "0077-by-hand.yaml").write_text(ENTRY)
    assert ids(seeded, "zebra") == [77]
    assert [entry.id for entry in seeded.list(tags=["zoo"]).entries] == [77]


def test_a_file_edited_by_hand_is_found_as_it_is_now(seeded: KnowledgeBase) -> None:
    seeded.search("cache")
    change(entry_file(seeded, 3), "open source standard", "zebra standard")
    assert ids(seeded, "zebra") == [3]
    assert 3 not in ids(seeded, '"open source"')


def test_an_edit_that_keeps_size_and_time_is_seen_by_its_inode(seeded: KnowledgeBase) -> None:
    seeded.search("cache")
    path = entry_file(seeded, 3)
    stat = path.stat()
    new = path.with_name("new.tmp")
    new.write_text(path.read_text("utf-8").replace("source", "zebras"), "utf-8")
    os.utime(new, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    new.replace(path)
    assert (path.stat().st_size, path.stat().st_mtime_ns) == (stat.st_size, stat.st_mtime_ns)
    assert ids(seeded, "zebras") == [3]


def test_an_edit_within_the_same_tick_of_the_clock_is_seen(
    seeded: KnowledgeBase, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = entry_file(seeded, 3)
    change(path, "standard", "zebrazeb")
    stat = path.stat()
    monkeypatch.setattr(time, "time_ns", lambda: stat.st_mtime_ns + 1_000)  # read right after it was written
    assert ids(seeded, "zebrazeb") == [3]
    change(path, "zebrazeb", "lionlion")
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    assert (path.stat().st_size, path.stat().st_ino) == (stat.st_size, stat.st_ino)
    assert ids(seeded, "lionlion") == [3]


def test_what_comes_and_goes_within_a_tick_of_the_clock_is_seen(
    seeded: KnowledgeBase, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = time.time_ns()
    monkeypatch.setattr(time, "time_ns", lambda: now + 1_000)
    monkeypatch.setattr(Store, "folder_ns", lambda _: now)  # whatever happens, it is the same tick
    path = seeded.base / "entries" / "0077-by-hand.yaml"
    for _ in range(2):
        path.write_text(ENTRY)
        assert ids(seeded, "zebra") == [77]
        path.unlink()
        assert ids(seeded, "zebra") == []


def test_what_comes_is_seen_where_times_are_coarse(
    seeded: KnowledgeBase, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = time.time_ns()
    monkeypatch.setattr(Store, "folder_ns", lambda _: begun - begun % 10**9)  # as on ext2 and HFS+
    monkeypatch.setattr(time, "time_ns", lambda: begun - begun % 10**9 + 900_000_000)
    assert ids(seeded, "zebra") == []
    (seeded.base / "entries" / "0077-by-hand.yaml").write_text(ENTRY)
    assert ids(seeded, "zebra") == [77]


def test_what_comes_is_seen_where_the_time_of_the_directory_is_set(seeded: KnowledgeBase) -> None:
    entries = seeded.base / "entries"
    ahead = time.time_ns() + 10**17
    os.utime(entries, ns=(ahead, ahead))
    assert ids(seeded, "zebra") == []
    (entries / "0077-by-hand.yaml").write_text(ENTRY)
    os.utime(entries, ns=(ahead, ahead))
    assert ids(seeded, "zebra") == [77]


def test_times_before_1970_are_times(seeded: KnowledgeBase) -> None:
    link = seeded.base / "entries" / "0078-link.yaml"
    link.symlink_to("nowhere")
    os.utime(link, (-100_000, -100_000), follow_symlinks=False)
    os.utime(entry_file(seeded, 18), (-100_000, -100_000))
    assert ids(seeded, "cache") == [4, 14, 18]


def test_a_deleted_file_is_no_hit(seeded: KnowledgeBase) -> None:
    assert ids(seeded, "cache") == [4, 14, 18]
    entry_file(seeded, 18).unlink()
    assert ids(seeded, "cache") == [4, 14]


def test_a_renamed_file_is_one_hit_with_its_new_path(seeded: KnowledgeBase) -> None:
    assert ids(seeded, "microbumps") == [14]
    entry_file(seeded, 14).rename(seeded.base / "entries" / "0014-another-name.yaml")
    (hit,) = seeded.search("microbumps").hits
    assert Path(hit.summary.path).name == "0014-another-name.yaml"


def test_two_files_that_change_places_are_both_right(seeded: KnowledgeBase) -> None:
    seeded.search("cache")
    one, two = entry_file(seeded, 3), entry_file(seeded, 5)
    spare = one.with_name("spare")
    one.rename(spare)
    two.rename(one)
    spare.rename(two)
    paths = {hit.summary.id: Path(hit.summary.path) for hit in seeded.search("ONNX OR mypy").hits}
    assert paths == {3: two, 5: one}


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
def test_what_git_brings_and_takes_away_is_seen(seeded: KnowledgeBase) -> None:
    def git(*command: str) -> None:
        identity = ("-c", "user.name=A", "-c", "user.email=a@example.org")
        subprocess.run(("git", *identity, *command), cwd=seeded.base, check=True, capture_output=True)

    git("init", "-q")
    git("add", "-A")
    git("commit", "-qm", "before")
    change(entry_file(seeded, 3), "open source standard", "zebra standard")
    entry_file(seeded, 18).unlink()
    (seeded.base / "entries" / "0077-by-hand.yaml").write_text(ENTRY)
    git("add", "-A")
    git("commit", "-qm", "after")
    assert ids(seeded, "zebra") == [3, 77]
    git("checkout", "-q", "HEAD~1")
    assert ids(seeded, "zebra") == []
    assert ids(seeded, "cache") == [4, 14, 18]


def test_an_edited_vocabulary_changes_what_a_tag_finds_at_once(seeded: KnowledgeBase) -> None:
    assert 20 not in [entry.id for entry in seeded.list(tags=["hardware"]).entries]
    change(seeded.base / "topics.yaml", "\nexcel:\n", "\nexcel:\n  implies: [hardware]\n")
    assert 20 in [entry.id for entry in seeded.list(tags=["hardware"]).entries]
    assert 20 in ids(seeded, "tag:hardware")
    (seeded.base / "topics.yaml").unlink()
    assert seeded.list(tags=["hardware"]).total == 0


def test_a_broken_vocabulary_is_said_and_stops_nothing(seeded: KnowledgeBase) -> None:
    (seeded.base / "topics.yaml").write_text("ml: [not: closed\n")
    for _ in range(2):
        assert ids(seeded, "cache") == [4, 14, 18]
        assert set(seeded.broken) == {"topics.yaml"}
    (seeded.base / "topics.yaml").write_text("any:\n  implies: []\n")
    assert ids(seeded, "cache") == [4, 14, 18]
    assert seeded.broken == {}


@pytest.mark.parametrize(
    "broken",
    [
        b"id: [",
        b"\xff\xfe\x00",
        b"",
        b"id: 18\n",
        b"id: 1\nid: 2\nbody: x\n",
        b"id: &a 1\nbody: *a\n",
        b"- x\n",
    ],
)
def test_a_broken_file_is_named_on_every_call_and_comes_back_when_mended(
    seeded: KnowledgeBase, broken: bytes
) -> None:
    seeded.search("cache")
    path = entry_file(seeded, 18)
    good = path.read_bytes()
    path.write_bytes(broken)
    for _ in range(2):
        assert 18 not in ids(seeded, "decoding")
        assert set(seeded.broken) == {path.name}
        assert 18 not in [entry.id for entry in seeded.list().entries]
        assert path.name in seeded.broken[path.name]
    assert path.read_bytes() == broken
    path.write_bytes(good)
    assert 18 in ids(seeded, "decoding")
    assert ids(seeded, "cache") == [4, 14, 18]
    assert seeded.broken == {}


def _broken(base: KnowledgeBase, content: bytes, name: str = "0077-my-zeppelin.yaml") -> Path:
    path = base.base / "entries" / name
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    "content",
    [
        b"id: 77\nbody: [the zebra ran\n",
        b"zebra " + b"\0" * 5000,
        b"\0\xff\x80 zebra\x1b[2J\x00",
        "the zebra ran".encode("utf-16"),
        b"id: 77\ntitle: x\nbody: |\n  a zebra\n" + b"a: &a 1\nb: *a\n",
    ],
    ids=["cut off", "NULs", "bytes", "UTF-16", "alias"],
)
def test_a_file_that_is_no_entry_is_found_by_its_words_and_says_so(
    seeded: KnowledgeBase, content: bytes
) -> None:
    path = _broken(seeded, content)
    for query in ("zebra", "zeppelin"):
        (hit,) = seeded.search(query).hits
        assert (hit.summary.id, hit.summary.title, hit.summary.tags) == (77, path.name, ())
        assert path.name in hit.summary.broken
        assert hit.summary.path == str(path)
    assert path.read_bytes() == content


def test_a_file_that_is_no_entry_is_in_nothing_but_a_search(seeded: KnowledgeBase) -> None:
    before, tags = seeded.list(), seeded.tags()
    path = _broken(seeded, b"id: 77\ntitle: Zebra\ntags: [zoo]\nbody: [a zebra\n")
    assert ids(seeded, "zebra") == [77]
    assert seeded.list() == before
    assert seeded.tags() == tags
    assert seeded.list(tags=["zoo"]).total == 0
    for query in ("tag:zoo", "title:zebra", "title:zeppelin", "title:zepp*"):
        assert 77 not in ids(seeded, query), query
    for selector in ("77", "zeppelin"):
        with pytest.raises(SelectorError):
            seeded.select([selector])
    assert path.exists()


def test_a_file_without_an_id_in_its_name_is_found_with_the_id_0(seeded: KnowledgeBase) -> None:
    _broken(seeded, b"[a zebra", "by hand.yaml")
    assert ids(seeded, "zebra") == [0]


def test_a_file_that_is_no_entry_and_too_large_is_found_by_its_name(seeded: KnowledgeBase) -> None:
    _broken(seeded, b"[a zebra" + b" x" * 2_500_000)
    assert ids(seeded, "zebra") == []
    assert ids(seeded, "zeppelin") == [77]


def test_a_symlink_is_not_read_as_text_either(seeded: KnowledgeBase, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("[a zebra")
    (seeded.base / "entries" / "0077-x.yaml").symlink_to(tmp_path / "secret")
    assert ids(seeded, "zebra") == []


def test_what_another_process_saved_is_seen_by_one_that_has_the_index_open(
    seeded: KnowledgeBase, tmp_path: Path
) -> None:
    other = KnowledgeBase(seeded.base, cache=tmp_path / "cache")
    assert ids(other, "zebra") == ids(seeded, "zebra") == []
    other.add("A zebra of another process.")
    assert ids(other, "zebra") == [21]
    assert ids(seeded, "zebra") == [21]
    change(seeded.base / "topics.yaml", "\nexcel:\n", "\nexcel:\n  implies: [hardware]\n")
    assert 20 in ids(other, "tag:hardware")
    assert 20 in ids(seeded, "tag:hardware")


WORK = """
import sys
import time
from pathlib import Path
from kbnotes.kb import KnowledgeBase
from kbnotes.model import Asked
base, cache, name = sys.argv[1:]
kb = KnowledgeBase(Path(base), cache=Path(cache))
for number in range(8):
    kb.add(f"note {number} of {name}, a zebra", tags=[name])
    hits = kb.search("zebra", asked=Asked(limit=100))
    own = sum(name in hit.summary.tags for hit in hits.hits)
    assert own == number + 1, (own, number)
"""


def test_two_processes_search_and_add_at_once(seeded: KnowledgeBase, tmp_path: Path) -> None:
    command = [sys.executable, "-c", WORK, str(seeded.base), str(tmp_path / "cache")]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    running = [
        subprocess.Popen([*command, name], env=environment, stderr=subprocess.PIPE, text=True)
        for name in ("one", "two")
    ]
    for process in running:
        _, said = process.communicate(timeout=120)
        assert process.returncode == 0, said
    assert ids(seeded, "zebra") == list(range(21, 37))
    assert seeded.list(tags=["one"]).total == seeded.list(tags=["two"]).total == 8


def test_a_file_whose_name_is_not_utf_8_is_named_and_stops_nothing(base: KnowledgeBase) -> None:
    base.add("Oats soak overnight.")
    content = entry_file(base, 1).read_bytes().replace(b"id: 1", b"id: 2")
    odd = os.path.join(os.fsencode(base.base / "entries"), b"0002-\xff.yaml")  # noqa: PTH118 (bytes)
    Path(os.fsdecode(odd)).write_bytes(content)
    assert ids(base, "oats") == [1]
    assert [each.id for each in base.list().entries] == [1]
    assert list(base.broken.values()) == [
        f"{os.fsdecode(b'0002-' + bytes([255]))}.yaml: its name is not UTF-8."
    ]
    Path(os.fsdecode(odd)).unlink()
    assert ids(base, "oats") == [1]
    assert not base.broken


def test_a_file_that_goes_between_the_listing_and_the_reading_is_simply_gone(
    base: KnowledgeBase, monkeypatch: pytest.MonkeyPatch
) -> None:
    for text in ("Oats soak.", "Oats rise."):
        base.add(text)
    path = entry_file(base, 2)
    os.utime(path, ns=(1, 1))
    real = Store.read

    def meanwhile(store: Store, name: str) -> StoredEntry:
        path.unlink(missing_ok=True)
        return real(store, name)

    monkeypatch.setattr(Store, "read", meanwhile)
    assert ids(base, "oats") == [1]
    assert not base.broken


def test_topics_are_not_read_through_a_link(base: KnowledgeBase, tmp_path: Path) -> None:
    outside = tmp_path / "topics.yaml"
    (base.base / "topics.yaml").rename(outside)
    (base.base / "topics.yaml").symlink_to(outside)
    base.add("A GPU.")
    assert base.list().entries[0].tags == ()
    assert base.broken == {
        "topics.yaml": "topics.yaml cannot be read: it is a symbolic link, and kb follows none."
    }
