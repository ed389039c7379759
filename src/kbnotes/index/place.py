"""The index's directory. Opening an index unpickles it, so one that is not surely ours is not opened."""

from __future__ import annotations

import os
import shutil
import stat
from pathlib import Path

from kbnotes.errors import UnusableIndexError


def make_private(directory: Path) -> None:
    """Make `directory`, for this user only; throw away what stands there and is not ours.

    Raises UnusableIndexError where that cannot be done.
    """
    try:
        directory.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not is_private(directory):
            remove(directory)
            directory.mkdir(mode=0o700)
            directory.chmod(0o700)
    except OSError as error:
        raise UnusableIndexError(
            f"The index directory {directory} cannot be made: {error.strerror}."
        ) from error


def is_private(directory: Path) -> bool:
    """Tell whether `directory` is a real directory of this user that nobody else may enter."""
    try:
        info = directory.lstat()
    except OSError:
        return False
    mine = not hasattr(os, "geteuid") or info.st_uid == os.geteuid()
    return stat.S_ISDIR(info.st_mode) and mine and not info.st_mode & 0o077


def remove(path: Path) -> None:
    """Remove a directory, a file or a symlink (not what it points to), if it is there."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
