"""One writer at a time, by a lock that cannot outlive its process."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from kbnotes.errors import StorageError

WAIT = 10.0  # seconds
LOCKS = Path("/proc/locks")  # where Linux lists them
_PAUSE = 0.01

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]
    import msvcrt


@contextmanager
def locked(directory: Path, *, wait: float = WAIT) -> Iterator[None]:
    """Hold the writer's lock of `directory`, waiting up to `wait` seconds.

    The lock is on the directory itself: there is no lock file to be left behind. Where a directory cannot be
    locked (Windows), it is on an empty file `.lock` in it, which means nothing by being there.
    Raises StorageError, naming the process that holds the lock where the system tells.
    """
    until = time.monotonic() + wait
    while True:
        handle = _open(directory)
        try:
            _acquire(handle, directory, until)
            if _is_still(handle, directory):
                yield
                return
        finally:
            os.close(handle)


def _open(directory: Path) -> int:
    if fcntl is None:
        return os.open(directory / ".lock", os.O_RDWR | os.O_CREAT, 0o600)
    return os.open(directory, os.O_RDONLY)


def _is_still(handle: int, directory: Path) -> bool:
    """Tell whether others would lock the same: the directory may have been made anew meanwhile."""
    if fcntl is None:
        return True
    try:
        return os.path.samestat(os.fstat(handle), directory.stat())
    except FileNotFoundError:
        return False


def _try(handle: int) -> None:
    """Take the lock or raise OSError."""
    if fcntl is None:
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
    else:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _acquire(handle: int, directory: Path, until: float) -> None:
    while True:
        try:
            _try(handle)
        except (BlockingIOError, PermissionError):
            if time.monotonic() >= until:
                raise StorageError(
                    f"{_holder(handle)} is writing to {directory}.",
                    hint="wait for it to finish, then try again; nothing was changed",
                ) from None
            time.sleep(_PAUSE)
        else:
            return


def _holder(handle: int) -> str:
    """Return who holds the lock, as far as the system tells: Linux lists the locks and their processes."""
    inode = os.fstat(handle).st_ino
    with suppress(OSError, ValueError, IndexError):
        for line in LOCKS.read_text("ascii").splitlines():
            fields = line.split()
            if fields[1] == "FLOCK" and fields[5].rpartition(":")[2] == str(inode):
                return f"Another process ({_named(int(fields[4]))})"
    return "Another kb"


def _named(pid: int) -> str:
    with suppress(OSError):
        command = Path(f"/proc/{pid}/cmdline").read_bytes().decode("utf-8", "replace").split("\0")
        return f"{pid}: {' '.join(command).strip()[:120]}"
    return str(pid)
