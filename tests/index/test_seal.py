"""A file of the index that this process has read is not read again, and a changed one is noticed."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from kbnotes.index import place, seal


def test_a_file_is_read_once_until_it_changes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "postings"
    path.write_bytes(b"as it was")
    mark = seal.mark(path)
    time.sleep(2e-9 * seal.TICK_NS)
    read: list[object] = []
    real = place.read

    def reading(each: str | Path) -> bytes:
        read.append(each)
        return real(each)

    monkeypatch.setattr(place, "read", reading)
    # Written down within a tick of the file, so that its stamp proves nothing.
    for _ in range(3):
        assert seal.is_same(path, mark, written_ns=mark.ctime_ns)
    assert len(read) == 1
    path.write_bytes(b"as it is!")
    os.utime(path, ns=(mark.mtime_ns, mark.mtime_ns))
    assert not seal.is_same(path, mark, written_ns=mark.ctime_ns)


def test_a_file_that_may_change_within_the_tick_is_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "postings"
    path.write_bytes(b"as it was")
    mark = seal.mark(path)
    monkeypatch.setattr(time, "time_ns", lambda: mark.ctime_ns + 1)
    stamp = seal.stamp_of(path.lstat())
    monkeypatch.setattr(seal, "stamp_of", lambda _: stamp)  # a write that leaves no other change time
    assert seal.is_same(path, mark, written_ns=mark.ctime_ns)
    path.write_bytes(b"as it is!")
    assert not seal.is_same(path, mark, written_ns=mark.ctime_ns)
