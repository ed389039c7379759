"""Records what a command asks the file system to do: every call that changes something, in order.

It wraps the functions of `os`, and `open` for writing. What goes around them is noticed by comparing the
files that the recorded calls would leave with those that are really there.
"""

from __future__ import annotations

import builtins
import io
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import IO, cast

Name = str | bytes | os.PathLike[str]
OPEN = io.open
_STDOUT = 1
EDITOR = "the editor"


@dataclass(frozen=True, slots=True)
class Call:
    """One call. Besides those of `os`: "said" (on standard output), "saved" (by the editor), "done"."""

    name: str
    path: str = ""  # relative to the root of the trace
    other: str = ""  # where a link or a rename leads
    handle: int = -1  # which `open` of this command it belongs to
    offset: int = 0  # of a write; the new size for a truncation
    data: bytes = b""
    flags: int = 0
    site: str = ""  # for an fsync: the lines of kb that asked for it, the innermost first


@dataclass(slots=True)
class Recorder:
    """Records the calls of this process on paths below `root`."""

    root: str
    calls: list[Call] = field(default_factory=list)
    _handles: dict[int, int] = field(default_factory=dict)  # descriptor -> number of its open
    _places: dict[int, str] = field(default_factory=dict)  # descriptor -> absolute path
    _opened: int = 0

    def install(self) -> None:
        """Put the wrappers into `os`, `io` and `builtins` of this process, for good."""
        self._install_handles()
        self._install_names()
        setattr(io, "open", self._stream)  # noqa: B010 (mypy: the overloads)
        setattr(builtins, "open", self._stream)  # noqa: B010

    def note(self, name: str, data: bytes = b"") -> None:
        """Record something that is no call of `os`."""
        self.calls.append(Call(name, data=data))

    def _inside(self, name: Name | int, directory: int | None = None) -> str | None:
        """Return a path relative to the root, or None for one elsewhere."""
        if isinstance(name, int):
            return None
        text = os.fsdecode(name)
        if directory is not None:
            text = os.path.join(self._places.get(directory, "/-"), text)  # noqa: PTH118
        full = os.path.abspath(text)  # noqa: PTH100 (no link is followed)
        return os.path.relpath(full, self.root) if f"{full}/".startswith(f"{self.root}/") else None

    def _adopt(self, handle: int, name: Name, flags: int, directory: int | None) -> None:
        self._handles.pop(handle, None)
        self._places.pop(handle, None)
        path = self._inside(name, directory)
        if path is not None:
            self._opened += 1
            self._handles[handle] = self._opened
            self._places[handle] = os.path.join(self.root, path)  # noqa: PTH118
            self.calls.append(Call("open", path, handle=self._opened, flags=flags))

    def _install_handles(self) -> None:
        real_open, real_close, real_write, real_pwrite = os.open, os.close, os.write, os.pwrite
        real_ftruncate = os.ftruncate

        def opening(path: Name, flags: int, mode: int = 0o777, *, dir_fd: int | None = None) -> int:
            handle = real_open(path, flags, mode, dir_fd=dir_fd)
            self._adopt(handle, path, flags, dir_fd)
            return handle

        def closing(handle: int) -> None:
            real_close(handle)
            self._handles.pop(handle, None)
            self._places.pop(handle, None)

        def writing(handle: int, data: bytes) -> int:
            number = self._handles.get(handle)
            if number is None:
                return real_write(handle, data)
            written = real_write(handle, data)
            at = os.lseek(handle, 0, os.SEEK_CUR) - written
            self.calls.append(Call("write", handle=number, offset=at, data=bytes(data)[:written]))
            return written

        def writing_at(handle: int, data: bytes, offset: int) -> int:
            written = real_pwrite(handle, data, offset)
            if handle in self._handles:
                number = self._handles[handle]
                self.calls.append(Call("write", handle=number, offset=offset, data=bytes(data)[:written]))
            return written

        def truncating(handle: int, length: int) -> None:
            real_ftruncate(handle, length)
            if handle in self._handles:
                self.calls.append(Call("truncate", handle=self._handles[handle], offset=length))

        _wrap(open=opening, close=closing, write=writing, pwrite=writing_at, ftruncate=truncating)
        _wrap(dup=self._doubling(os.dup), fsync=self._syncing(os.fsync))
        _wrap(fdatasync=self._syncing(os.fdatasync))

    def _doubling(self, real: Callable[[int], int]) -> Callable[[int], int]:
        def doubling(handle: int) -> int:
            other = real(handle)
            if handle in self._handles:
                self._handles[other], self._places[other] = self._handles[handle], self._places[handle]
            return other

        return doubling

    def _syncing(self, real: Callable[[int], None]) -> Callable[[int | IO[bytes]], None]:
        def syncing(handle: int | IO[bytes]) -> None:
            number = handle if isinstance(handle, int) else handle.fileno()
            real(number)
            if number in self._handles:
                self.calls.append(Call("fsync", handle=self._handles[number], site=_site()))

        return syncing

    def _install_names(self) -> None:
        real_link, real_rename, real_replace = os.link, os.rename, os.replace
        real_unlink, real_mkdir, real_rmdir = os.unlink, os.mkdir, os.rmdir

        def linking(
            src: Name,
            dst: Name,
            *,
            src_dir_fd: int | None = None,
            dst_dir_fd: int | None = None,
            follow_symlinks: bool = True,
        ) -> None:
            real_link(src, dst, src_dir_fd=src_dir_fd, dst_dir_fd=dst_dir_fd, follow_symlinks=follow_symlinks)
            self._two("link", (src, src_dir_fd), (dst, dst_dir_fd))

        def moving(real: Callable[..., None]) -> Callable[..., None]:
            def move(
                src: Name, dst: Name, *, src_dir_fd: int | None = None, dst_dir_fd: int | None = None
            ) -> None:
                real(src, dst, src_dir_fd=src_dir_fd, dst_dir_fd=dst_dir_fd)
                self._two("rename", (src, src_dir_fd), (dst, dst_dir_fd))

            return move

        def removing(path: Name, *, dir_fd: int | None = None) -> None:
            real_unlink(path, dir_fd=dir_fd)
            self._one("unlink", path, dir_fd)

        def making(path: Name, mode: int = 0o777, *, dir_fd: int | None = None) -> None:
            real_mkdir(path, mode, dir_fd=dir_fd)
            self._one("mkdir", path, dir_fd)

        def unmaking(path: Name, *, dir_fd: int | None = None) -> None:
            real_rmdir(path, dir_fd=dir_fd)
            self._one("unlink", path, dir_fd)

        _wrap(link=linking, rename=moving(real_rename), replace=moving(real_replace))
        _wrap(unlink=removing, remove=removing, mkdir=making, rmdir=unmaking)

    def _one(self, name: str, path: Name, directory: int | None) -> None:
        inside = self._inside(path, directory)
        if inside is not None:
            self.calls.append(Call(name, inside))

    def _two(self, name: str, old: tuple[Name, int | None], new: tuple[Name, int | None]) -> None:
        source, target = self._inside(*old), self._inside(*new)
        if source is not None or target is not None:
            self.calls.append(Call(name, source or "", target or ""))

    def _stream(
        self,
        file: Name | int,
        mode: str = "r",
        buffering: int = -1,
        encoding: str | None = None,
        errors: str | None = None,
        newline: str | None = None,
        closefd: bool = True,  # noqa: FBT001, FBT002 (the signature of `open`)
        opener: Callable[[str, int], int] | None = None,
    ) -> IO[str] | IO[bytes]:
        """Do what `open` does, through the wrapped functions where it writes below the root."""
        known = file == _STDOUT or file in self._handles if isinstance(file, int) else self._inside(file)
        if not known or not set(mode) & set("wax+") or opener is not None:
            made = OPEN(file, mode, buffering, encoding, errors, newline, closefd, opener)
            self._handles.pop(made.fileno(), None) if not isinstance(file, int) else None
            return cast("IO[str] | IO[bytes]", made)
        raw = _Raw(self, file if isinstance(file, int) else os.open(file, _flags(mode), 0o666), closefd)
        buffered = io.BufferedRandom(raw) if "+" in mode else io.BufferedWriter(raw)
        if "b" in mode:
            return cast("IO[bytes]", buffered)
        lines = file == _STDOUT  # what is said is seen at once, as on a terminal
        return io.TextIOWrapper(buffered, encoding or "utf-8", errors, newline, line_buffering=lines)


class _Raw(io.RawIOBase):
    """A descriptor whose writes go through `os.write`, and so are recorded."""

    def __init__(self, recorder: Recorder, handle: int, closefd: bool) -> None:  # noqa: FBT001
        self._recorder, self._handle, self._closefd = recorder, handle, closefd

    def readable(self) -> bool:
        return True

    def writable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return self._handle != _STDOUT

    def fileno(self) -> int:
        return self._handle

    def write(self, data: object) -> int:
        content = bytes(cast("bytes", data))
        written = os.write(self._handle, content)
        if self._handle == _STDOUT:
            self._recorder.note("said", content)
        return written

    def readinto(self, into: object) -> int:
        place = memoryview(cast("bytearray", into))
        found = os.read(self._handle, len(place))
        place[: len(found)] = found
        return len(found)

    def seek(self, offset: int, whence: int = 0) -> int:
        return os.lseek(self._handle, offset, whence)

    def truncate(self, size: int | None = None) -> int:
        length = os.lseek(self._handle, 0, os.SEEK_CUR) if size is None else size
        os.ftruncate(self._handle, length)
        return length

    def close(self) -> None:
        if not self.closed and self._closefd:
            os.close(self._handle)
        super().close()


def _flags(mode: str) -> int:
    access = os.O_RDWR if "+" in mode else os.O_WRONLY
    if "x" in mode:
        return access | os.O_CREAT | os.O_EXCL
    if "a" in mode:
        return access | os.O_CREAT | os.O_APPEND
    return access | os.O_CREAT | os.O_TRUNC if "w" in mode else access


def _site() -> str:
    """Return the two innermost lines of kb that led to this call."""
    found: list[str] = []
    frame: FrameType | None = sys._getframe(1)
    while frame is not None:
        path = Path(frame.f_code.co_filename)
        if "kbnotes" in path.parts:
            found.append(f"{path.parent.name}/{path.name}:{frame.f_code.co_name}:{frame.f_lineno}")
        elif frame.f_code.co_name == "edit":
            return EDITOR
        frame = frame.f_back
    return " < ".join(found[:2])


def _wrap(**functions: object) -> None:
    for name, function in functions.items():
        setattr(os, name, function)
