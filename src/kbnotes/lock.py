"""One writer at a time, by a lock that cannot outlive its process."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kbnotes.errors import StorageError

WAIT = 10.0  # seconds
_PAUSE = 0.01

try:
    import fcntl
except ImportError:  # Windows: no flock on directories; see docs/decisions/0005-one-writer.md
    fcntl = None  # type: ignore[assignment]


@contextmanager
def locked(directory: Path, *, wait: float = WAIT) -> Iterator[None]:
    """Hold the writer's lock of `directory`, waiting up to `wait` seconds.

    The lock is on the directory itself: there is no lock file to be left behind. Raises StorageError.
    """
    if fcntl is None:
        yield
        return
    handle = os.open(directory, os.O_RDONLY)
    try:
        _acquire(handle, directory, time.monotonic() + wait)
        yield
    finally:
        os.close(handle)


def _acquire(handle: int, directory: Path, until: float) -> None:
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= until:
                raise StorageError(
                    f"Another kb is writing to {directory}.", hint="wait for it to finish, then try again"
                ) from None
            time.sleep(_PAUSE)
        else:
            return
