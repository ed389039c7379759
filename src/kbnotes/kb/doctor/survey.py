"""Everything that stands in a base, read once: names, modes, times and digests."""

from __future__ import annotations

import hashlib
import os
import stat
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from kbnotes import codec
from kbnotes.codec.entry import HEAD, is_cut_off
from kbnotes.errors import FormatError, InputError
from kbnotes.model import Entry
from kbnotes.store import files
from kbnotes.store.names import is_entry

Kind = Literal["file", "directory", "symlink", "other"]

RACY_NS = 20_000_000  # a file changed so shortly before may change again under the same mtime
_OTHERS = {".git", ".hg", ".jj", ".svn"}  # they check what is theirs
_CHUNK = 1 << 20
_TRIES = 5  # to read a file that is being changed


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """Something in the base."""

    path: str  # relative to the base, with "/"; "." for the base itself
    kind: Kind
    mode: int
    size: int
    mtime_ns: int
    identity: tuple[int, int]  # device and inode: equal for two names of one file
    digest: str = ""  # of a file that could be read
    error: str = ""  # why it could not be read, in words
    entry: Entry | None = None  # in entries/ and trash/; without its body, which is not needed here
    wrong: str = ""  # why a file there is no entry, in words

    @property
    def place(self) -> str:
        """The directory, relative to the base; "" for what stands directly in it."""
        return self.path.rpartition("/")[0]

    @property
    def name(self) -> str:
        """The name within its directory."""
        return self.path.rpartition("/")[2]


@dataclass(slots=True)
class Survey:
    """What stands in a base at one time."""

    items: dict[str, Item] = field(default_factory=dict)  # by path, sorted within each directory

    def files(self, *places: str) -> list[Item]:
        """Return the files that were read, of some directories or of all."""
        found = (item for item in self.items.values() if item.digest)
        return [item for item in found if not places or item.place in places]

    def entries(self, *places: str) -> list[Item]:
        """Return the files of some directories, by default of entries/, that hold an entry."""
        return [item for item in self.files(*(places or ("entries",))) if item.entry]

    def with_digest(self, start: str) -> list[Item]:
        """Return the files whose digest begins so."""
        return [item for item in self.files() if item.digest.startswith(start)]

    def is_directory(self, path: str) -> bool:
        """Tell whether a real directory, which could be read, stands there."""
        item = self.items.get(path)
        return item is not None and item.kind == "directory" and not item.error


def survey(base: Path) -> Survey:
    """Read everything in a base. Writes nothing, follows no symlink but that of the base itself."""
    found = Survey()
    for item in _walk(base, "."):
        found.items[item.path] = item
    return found


def _walk(base: Path, path: str) -> Iterator[Item]:
    """Yield a directory, then what is in it."""
    directory = base / path
    try:
        names = sorted(path.name for path in directory.iterdir())
    except OSError as error:
        yield _item(directory, path, error=files.reason(error), follow=path == ".")
        return
    yield _item(directory, path, follow=path == ".")
    for name in names:
        inner = name if path == "." else f"{path}/{name}"
        if path == "." and name in _OTHERS:
            continue
        try:
            item = _item(base / inner, inner)
        except FileNotFoundError:
            continue  # removed meanwhile
        if item.kind == "directory":
            yield from _walk(base, inner)
        else:
            yield _read(base / inner, item) if item.kind == "file" else item


def _item(path: Path, name: str, *, error: str = "", follow: bool = False) -> Item:
    info = path.stat() if follow else path.lstat()
    kinds: dict[int, Kind] = {stat.S_IFREG: "file", stat.S_IFDIR: "directory", stat.S_IFLNK: "symlink"}
    return Item(
        path=name,
        kind=kinds.get(stat.S_IFMT(info.st_mode), "other"),
        mode=stat.S_IMODE(info.st_mode),
        size=info.st_size,
        mtime_ns=info.st_mtime_ns,
        identity=(info.st_dev, info.st_ino),
        error=error,
    )


def _read(path: Path, item: Item) -> Item:
    """Return a file with its digest, and with the mtime that it had with that content."""
    for _ in range(_TRIES):
        _let_settle(item.mtime_ns)
        read = _read_once(path, item)
        try:
            again = _item(path, item.path)
        except OSError:
            return read
        if (again.mtime_ns, again.size, again.identity) == (item.mtime_ns, item.size, item.identity):
            break
        item = again  # it was changed while it was read
    return read


def _read_once(path: Path, item: Item) -> Item:
    try:
        if item.place in ("entries", "trash") and is_entry(item.name):
            content = files.read(path)
            entry, wrong = read_entry(content, item.name)
            slim = replace(entry, body="", extra="") if entry else None
            return replace(item, digest=codec.digest(content), entry=slim, wrong=wrong)
        return replace(item, digest=_digest(path))
    except OSError as error:
        return replace(item, error=files.reason(error))


def _let_settle(mtime_ns: int) -> None:
    """Wait until a change of the file would show in its mtime."""
    if 0 <= time.time_ns() - mtime_ns < RACY_NS:
        time.sleep(RACY_NS / 1e9)


def _digest(path: Path) -> str:
    """Return the digest of a file of any size."""
    seen = hashlib.sha256()
    handle = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
    with os.fdopen(handle, "rb") as file:
        while chunk := file.read(_CHUNK):
            seen.update(chunk)
    return seen.hexdigest()


def read_entry(content: bytes, name: str) -> tuple[Entry | None, str]:
    """Return the entry that a file holds, or what is wrong with it, as a sentence goes on behind its name."""
    if not content:
        return None, "is empty"
    if nul := _nul(content):
        return None, nul
    try:
        text = content.decode()
    except UnicodeDecodeError as error:
        return None, f"is not UTF-8 in line {content.count(10, 0, error.start) + 1}"
    if is_cut_off(text) or (len(text) < len(HEAD) and HEAD.startswith(text)):
        return None, "is truncated, or its end is damaged: its last line, `...`, is missing"
    try:
        return codec.decode_entry(text, name=name), ""
    except (FormatError, InputError) as error:
        said = error.message.removeprefix(name).lstrip(",: ").removesuffix(".")
        return None, f"cannot be read as an entry: {said}"


def _nul(content: bytes) -> str:
    count = content.count(0)
    if not count:
        return ""
    if count == len(content):
        return f"is NUL-filled: all its {count} bytes are NUL"
    tail = len(content) - len(content.rstrip(b"\0"))
    if tail:
        return f"is NUL-filled from byte {len(content) - tail} on, as a power cut leaves a file"
    return f"holds {count} NUL bytes, the first in line {content.count(10, 0, content.index(0)) + 1}"
