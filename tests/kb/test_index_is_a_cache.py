"""The index is a cache: whatever becomes of it, the same command gives the right answer."""

from __future__ import annotations

import errno
import json
import os
import pickle
import shutil
import struct
import time
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kbnotes.index import index_home, place
from kbnotes.index.answer import Answerer
from kbnotes.kb import KnowledgeBase
from kbnotes.lock import locked
from kbnotes.model import Results
from tests.kb.disk import fingerprint, ids, reopened


def _home(tmp_path: Path) -> Path:
    return index_home(tmp_path / "cache", tmp_path / "base")


def _files(tmp_path: Path) -> list[Path]:
    return sorted(path for path in _home(tmp_path).rglob("*") if path.is_file())


def _inside(tmp_path: Path) -> Path:
    """Return the directory of Whoosh's files."""
    (found,) = _home(tmp_path).glob("whoosh*")
    return found


def _delete(path: Path) -> None:
    path.unlink()


def _truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def _empty(path: Path) -> None:
    path.write_bytes(b"")


def _garble(path: Path) -> None:
    path.write_bytes(bytes(byte ^ 0x5A for byte in path.read_bytes()))


@pytest.mark.filterwarnings("ignore::ResourceWarning")  # Whoosh drops what it had opened when it fails
@pytest.mark.parametrize("damage", [_delete, _truncate, _empty, _garble])
def test_any_damaged_file_is_made_up_for(
    seeded: KnowledgeBase, tmp_path: Path, damage: Callable[[Path], None]
) -> None:
    seeded.search("cache")
    kept = tmp_path / "kept"
    shutil.copytree(_home(tmp_path), kept)
    for name in [path.relative_to(_home(tmp_path)) for path in _files(tmp_path)]:
        shutil.rmtree(_home(tmp_path))
        shutil.copytree(kept, _home(tmp_path))
        damage(_home(tmp_path) / name)
        again = reopened(seeded, tmp_path / "cache")
        assert ids(again, "cache") == [4, 14, 18], name
        assert again.list().total == 20, name


def _remove_all(tmp_path: Path) -> None:
    shutil.rmtree(tmp_path / "cache")


def _remove_home(tmp_path: Path) -> None:
    shutil.rmtree(_home(tmp_path))


def _open_to_all(tmp_path: Path) -> None:
    _home(tmp_path).chmod(0o755)
    _inside(tmp_path).chmod(0o777)


def _symlink(tmp_path: Path) -> None:
    shutil.move(_home(tmp_path), tmp_path / "elsewhere")
    _home(tmp_path).symlink_to(tmp_path / "elsewhere")


def _file_in_its_place(tmp_path: Path) -> None:
    shutil.rmtree(_home(tmp_path))
    _home(tmp_path).write_text("a file")


def _state(tmp_path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((_home(tmp_path) / "state.json").read_text().partition("\n")[2])
    return found


def _rewrite(tmp_path: Path, **fields: object) -> None:
    """Change the state as somebody would who knows its checksum."""
    text = json.dumps(_state(tmp_path) | fields)
    (_home(tmp_path) / "state.json").write_text(f"{zlib.crc32(text.encode()):08x}\n{text}")


def _foreign_stamp(tmp_path: Path) -> None:
    _rewrite(tmp_path, stamp="0;another version")


def _another_generation(tmp_path: Path) -> None:
    _rewrite(tmp_path, generation=77)


def _nonsense(tmp_path: Path) -> None:
    _rewrite(tmp_path, files=["no", "mapping"])


TROUBLES = [
    _remove_all,
    _remove_home,
    _open_to_all,
    _symlink,
    _file_in_its_place,
    _foreign_stamp,
    _another_generation,
    _nonsense,
]


@pytest.mark.parametrize("trouble", TROUBLES)
def test_an_index_in_doubt_is_made_again_by_the_same_command(
    seeded: KnowledgeBase, tmp_path: Path, trouble: Callable[[Path], None]
) -> None:
    seeded.search("cache")
    before = fingerprint(tmp_path / "base")
    trouble(tmp_path)
    again = reopened(seeded, tmp_path / "cache")
    assert ids(again, "cache") == [4, 14, 18]
    assert again.list(tags=["hardware"]).total == 5
    assert fingerprint(tmp_path / "base") == before
    assert not _home(tmp_path).is_symlink()
    for directory in (_home(tmp_path), _inside(tmp_path)):
        assert directory.stat().st_mode & 0o077 == 0


def test_a_symlinked_index_is_replaced_and_what_it_pointed_to_is_left_alone(
    seeded: KnowledgeBase, tmp_path: Path
) -> None:
    seeded.search("cache")
    _symlink(tmp_path)
    before = fingerprint(tmp_path / "elsewhere")
    assert ids(reopened(seeded, tmp_path / "cache"), "cache") == [4, 14, 18]
    assert fingerprint(tmp_path / "elsewhere") == before


def test_an_index_of_another_version_is_not_kept(seeded: KnowledgeBase, tmp_path: Path) -> None:
    seeded.search("cache")
    before = _state(tmp_path)
    _foreign_stamp(tmp_path)
    reopened(seeded, tmp_path / "cache").search("cache")
    assert _state(tmp_path)["stamp"] == before["stamp"]
    assert _state(tmp_path)["directory"] != before["directory"]


def test_an_index_older_than_its_state_is_noticed(seeded: KnowledgeBase, tmp_path: Path) -> None:
    seeded.search("cache")
    shutil.copytree(_home(tmp_path), tmp_path / "older")
    seeded.add("A zebra.")
    state = (_home(tmp_path) / "state.json").read_bytes()
    shutil.rmtree(_home(tmp_path))
    shutil.copytree(tmp_path / "older", _home(tmp_path))
    (_home(tmp_path) / "state.json").write_bytes(state)
    assert ids(reopened(seeded, tmp_path / "cache"), "zebra") == [21]


class _Planted:
    """Unpickled, this makes a file."""

    def __init__(self, marker: Path) -> None:
        self._marker = marker

    def __reduce__(self) -> tuple[Callable[..., object], tuple[str]]:
        return os.mkdir, (str(self._marker),)


@pytest.mark.parametrize("mode", [0o755, 0o770, 0o707, 0o777])
@pytest.mark.parametrize("below", ["..", ".", "whoosh"])
def test_a_pickle_in_a_directory_that_others_can_enter_is_not_opened(
    seeded: KnowledgeBase, tmp_path: Path, mode: int, below: str
) -> None:
    seeded.search("cache")
    marker = tmp_path / "code was run"
    planted = pickle.dumps(_Planted(marker))
    for file in _inside(tmp_path).iterdir():
        file.write_bytes(planted)
    (_inside(tmp_path) if below == "whoosh" else _home(tmp_path) / below).chmod(mode)
    assert ids(reopened(seeded, tmp_path / "cache"), "cache") == [4, 14, 18]
    assert not marker.exists()
    pickle.loads(planted)
    assert marker.exists()  # the marker would have shown it


@pytest.mark.parametrize(
    "place", ["a file", "a file/below", "x" * 300], ids=["file", "below a file", "too long"]
)
def test_without_a_place_for_the_index_the_answer_comes_from_memory(
    seeded: KnowledgeBase, tmp_path: Path, place: str
) -> None:
    (tmp_path / "a file").write_text("in the way")
    again = reopened(seeded, tmp_path / place)
    assert ids(again, "cache") == [4, 14, 18]
    again.add("A brand-new zebra.")
    assert ids(again, "zebra") == [21]
    assert (tmp_path / "a file").read_text() == "in the way"


def test_a_read_only_cache_is_answered_from_memory(
    seeded: KnowledgeBase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "locked").mkdir()
    (tmp_path / "locked").chmod(0o500)

    def refuse(self: Path, *args: object, **kwargs: object) -> None:
        raise PermissionError(13, "Permission denied", str(self))

    if os.geteuid() == 0:  # root is not kept out by a mode
        monkeypatch.setattr(Path, "mkdir", refuse)
    assert ids(reopened(seeded, tmp_path / "locked"), "cache") == [4, 14, 18]
    assert list((tmp_path / "locked").iterdir()) == []


@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_on_a_full_disk_the_index_goes_and_the_answer_comes_from_memory(
    seeded: KnowledgeBase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seeded.search("cache")
    real = place.create

    def full(path: Path) -> int:
        if path.suffix in (".pst", ".tmp"):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return real(path)

    monkeypatch.setattr(place, "create", full)
    seeded.add("A brand-new zebra.")
    assert list(_home(tmp_path).iterdir()) == []
    assert ids(reopened(seeded, tmp_path / "cache"), "zebra") == [21]
    assert list(_home(tmp_path).iterdir()) == []
    monkeypatch.undo()
    assert ids(reopened(seeded, tmp_path / "cache"), "zebra") == [21]
    assert _inside(tmp_path).is_dir()


def test_an_index_for_which_there_is_no_room_is_not_begun(
    seeded: KnowledgeBase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:

    monkeypatch.setattr(place, "has_room", lambda *_: False)
    assert ids(reopened(seeded, tmp_path / "cache"), "cache") == [4, 14, 18]
    assert list(_home(tmp_path).iterdir()) == []


@pytest.mark.parametrize(
    "error", [MemoryError, RecursionError, struct.error, KeyError, EOFError, AssertionError]
)
def test_whatever_whoosh_raises_costs_no_answer(
    seeded: KnowledgeBase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: type[Exception]
) -> None:
    """At the first search of this index only: the one made in its place answers."""
    seeded.search("cache")
    before = _inside(tmp_path)

    def fail(self: Answerer, *_: object, **__: object) -> Results:
        if before.exists():
            raise error
        return real(self, *_, **__)  # type: ignore[arg-type]

    real = Answerer.search
    monkeypatch.setattr(Answerer, "search", fail)
    assert ids(reopened(seeded, tmp_path / "cache"), "cache") == [4, 14, 18]
    assert not before.exists()


def test_what_a_killed_writer_left_is_cleared_away(seeded: KnowledgeBase, tmp_path: Path) -> None:
    seeded.search("cache")
    (_home(tmp_path) / "whoosh-0ld").mkdir()
    (_home(tmp_path) / "state.json.tmp").write_text("{")
    (_inside_of(tmp_path) / "MAIN.tmp").mkdir()
    (_inside_of(tmp_path) / "MAIN_abc.pst").write_bytes(b"x" * 1000)
    seeded.add("A zebra.")
    assert ids(reopened(seeded, tmp_path / "cache"), "zebra") == [21]
    kept = {path.name for path in _home(tmp_path).iterdir()}
    assert kept == {"state.json", _state(tmp_path)["directory"], _state(tmp_path)["stamps"]}
    assert {path.name for path in _inside(tmp_path).iterdir()} == set(_state(tmp_path)["seal"])


def _inside_of(tmp_path: Path) -> Path:
    return _home(tmp_path) / str(_state(tmp_path)["directory"])


def test_a_search_goes_on_beside_a_writer_at_work(seeded: KnowledgeBase, tmp_path: Path) -> None:
    """Searches need no lock: a file that a writer has begun is no reason to wait for it."""
    seeded.search("cache")
    (_inside(tmp_path) / "MAIN_abc.pst").write_bytes(b"x")
    with locked(_home(tmp_path)):
        started = time.process_time()
        assert ids(reopened(seeded, tmp_path / "cache"), "cache") == [4, 14, 18]
        assert time.process_time() - started < 5
    assert (_inside(tmp_path) / "MAIN_abc.pst").exists()


def test_files_of_the_index_are_private_whatever_the_umask(seeded: KnowledgeBase, tmp_path: Path) -> None:

    before = os.umask(0)
    try:
        reopened(seeded, tmp_path / "cache").search("cache")
    finally:
        os.umask(before)
    found = [tmp_path / "cache", *(tmp_path / "cache").rglob("*")]
    assert {oct(path.stat().st_mode & 0o777) for path in found if path.is_dir()} == {"0o700"}
    assert {oct(path.stat().st_mode & 0o777) for path in found if path.is_file()} == {"0o600"}


def test_an_unchanged_base_is_answered_without_writing_anything(
    seeded: KnowledgeBase, tmp_path: Path
) -> None:
    seeded.search("cache")
    reopened(seeded, tmp_path / "cache").search("cache")
    before = fingerprint(tmp_path)
    assert ids(reopened(seeded, tmp_path / "cache"), "cache") == [4, 14, 18]
    assert fingerprint(tmp_path) == before


def test_two_bases_do_not_share_an_index(seeded: KnowledgeBase, tmp_path: Path) -> None:
    other = tmp_path / "other"
    (other / "entries").mkdir(parents=True)
    assert reopened(seeded, tmp_path / "cache").search("cache").total == 3
    assert KnowledgeBase(other, cache=tmp_path / "cache").list().total == 0
    assert reopened(seeded, tmp_path / "cache").search("cache").total == 3
