"""Small file systems of a suite's own, seen by nobody else and gone when its process ends."""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_CLONE_NEWNS = 0x00020000
_TOOLS = ("mount", "umount", "mkfs.ext4")


def obstacle() -> str:
    """Return why no file system can be mounted here, or "". Tries it, in a process of its own."""
    if sys.platform != "linux":
        return "it mounts file systems as Linux does"
    if os.geteuid():
        return "only root may mount a file system"
    missing = [tool for tool in _TOOLS if not shutil.which(tool)]
    if missing:
        return f"{' and '.join(missing)} is not installed"
    with tempfile.TemporaryDirectory(prefix="kb-mount-") as name:
        said = Path(name) / "said"
        pid = os.fork()
        if pid == 0:
            try:
                said.write_text(_try(Path(name)))
            finally:
                os._exit(0)
        os.waitpid(pid, 0)
        return said.read_text() if said.exists() else "mounting ended in an error"


def _try(place: Path) -> str:
    try:
        be_private()
        image = make_image(place / "image", kilobytes=1024)
        with mounted(image, place / "there"), mounted_memory(place / "memory", kilobytes=1024):
            return ""
    except (OSError, subprocess.CalledProcessError) as error:
        said = getattr(error, "stderr", b"") or str(error).encode()
        return f"no file system can be mounted here: {said.decode(errors='replace').strip()}"


def be_private() -> None:
    """Give this process mounts of its own, so that none can be left behind. Raises OSError."""
    if ctypes.CDLL(None, use_errno=True).unshare(_CLONE_NEWNS):
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    _do("mount", "--make-rprivate", "/")


def make_image(image: Path, *, kilobytes: int, options: tuple[str, ...] = ()) -> Path:
    """Make a file that holds an empty ext4 file system without room kept for root."""
    with image.open("wb") as file:
        file.truncate(kilobytes * 1024)
    _do("mkfs.ext4", "-q", "-F", "-m", "0", *options, str(image))
    return image


@contextmanager
def mounted(image: Path, place: Path) -> Iterator[Path]:
    """Mount an image at `place`. What its journal holds is carried out, as after a power cut."""
    place.mkdir(exist_ok=True)
    _do("mount", "-t", "ext4", "-o", "loop", str(image), str(place))
    try:
        yield place
    finally:
        _leave(place)


@contextmanager
def mounted_memory(place: Path, *, kilobytes: int) -> Iterator[Path]:
    """Mount a file system in memory at `place`."""
    place.mkdir(exist_ok=True)
    _do("mount", "-t", "tmpfs", "-o", f"size={kilobytes}k,mode=755", "kb", str(place))
    try:
        yield place
    finally:
        _leave(place)


def _leave(place: Path) -> None:
    try:
        _do("umount", str(place))
    except subprocess.CalledProcessError:  # something still uses it; it goes with its last user
        with suppress(subprocess.CalledProcessError):
            _do("umount", "-l", str(place))


def _do(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True)
