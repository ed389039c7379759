"""The lock names who holds it, and does without directories that can be locked."""

from __future__ import annotations

import importlib.util
import os
import sys
from pathlib import Path
from types import ModuleType

import pytest

from kbnotes import lock
from kbnotes.errors import StorageError


def _said(directory: Path) -> str:
    with (
        lock.locked(directory),
        pytest.raises(StorageError) as caught,
        lock.locked(directory, wait=0.02),
    ):
        pass
    return caught.value.message


@pytest.mark.skipif(not Path("/proc/locks").exists(), reason="only Linux lists its locks")
def test_the_holder_is_named_by_its_number_and_its_command(tmp_path: Path) -> None:
    said = _said(tmp_path)
    assert f"({os.getpid()}: " in said
    assert "pytest" in said
    assert said.endswith(f" is writing to {tmp_path}.")


def test_where_the_system_does_not_tell_it_is_another_kb(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lock, "LOCKS", tmp_path / "none")
    assert _said(tmp_path) == f"Another kb is writing to {tmp_path}."
    (tmp_path / "locks").write_text("1: POSIX  ADVISORY  WRITE 1 00:01:1 0 EOF\n")
    monkeypatch.setattr(lock, "LOCKS", tmp_path / "locks")
    assert _said(tmp_path) == f"Another kb is writing to {tmp_path}."


def test_a_holder_that_is_gone_by_now_is_named_by_its_number(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inode = tmp_path.stat().st_ino
    (tmp_path / "locks").write_text(f"1: FLOCK  ADVISORY  WRITE 999999999 00:01:{inode} 0 EOF\n")
    monkeypatch.setattr(lock, "LOCKS", tmp_path / "locks")
    assert "(999999999) is writing" in _said(tmp_path)


def test_a_directory_that_is_made_anew_while_it_is_waited_for_is_locked_as_it_is_now(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "place"
    place.mkdir()
    real = lock._try
    tried: list[int] = []

    def meanwhile(handle: int) -> None:
        real(handle)
        if not tried:
            place.rename(tmp_path / "old")
            place.mkdir()
        tried.append(os.fstat(handle).st_ino)

    monkeypatch.setattr(lock, "_try", meanwhile)
    with lock.locked(place):
        assert tried[-1] == place.stat().st_ino
    assert len(tried) == 2


def test_a_directory_that_goes_while_it_is_waited_for_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "place"
    place.mkdir()
    monkeypatch.setattr(lock, "_try", lambda _: place.rmdir())
    with pytest.raises(FileNotFoundError), lock.locked(place):
        pass


def test_a_system_without_flock_locks_an_empty_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class FakeMsvcrt:
        """Windows' own way: the lock belongs to whoever has locked the first byte of the file."""

        LK_NBLCK = 1
        held: int | None = None

        def locking(self, handle: int, mode: int, length: int) -> None:
            assert (mode, length) == (self.LK_NBLCK, 1)
            if self.held is not None:
                raise PermissionError
            self.held = handle

    fake = FakeMsvcrt()
    monkeypatch.setattr(lock, "fcntl", None)
    monkeypatch.setattr(lock, "msvcrt", fake, raising=False)
    assert "is writing to" in _said(tmp_path)
    assert fake.held is not None
    assert (tmp_path / ".lock").read_bytes() == b""


def test_where_there_is_no_fcntl_windows_own_module_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    fake = ModuleType("msvcrt")
    monkeypatch.setitem(sys.modules, "fcntl", None)
    monkeypatch.setitem(sys.modules, "msvcrt", fake)
    spec = importlib.util.spec_from_file_location("lock_elsewhere", lock.__file__)
    assert spec
    assert spec.loader
    elsewhere = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(elsewhere)
    assert elsewhere.msvcrt is fake
