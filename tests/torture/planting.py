"""A false index, and pickles that run code, in the place of the right one."""

from __future__ import annotations

import os
import pickle
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from kbnotes.index import seal, state
from kbnotes.index.state import State
from kbnotes.model import Content, Document, Entry, Stamp
from tests.torture.indexes import opened, where
from tests.torture.program import Program
from tests.torture.sabotage import put


@dataclass(slots=True)
class Scene:
    """A base whose index can be replaced by a false one, and a canary that must not come to be."""

    program: Program
    directory: Path
    environment: dict[str, str] = field(default_factory=dict)

    @property
    def home(self) -> Path:
        """Return the index's home."""
        return where(self.program)

    @property
    def inside(self) -> Path:
        """Return the directory of Whoosh's files."""
        return next(path for path in self.home.iterdir() if path.is_dir())

    @property
    def canary(self) -> Path:
        """Return what a planted pickle makes."""
        return self.directory / "canary"

    def elsewhere(self, path: Path) -> Path:
        """Move a directory away and return where it is now."""
        target = self.directory / "elsewhere" / path.name
        target.parent.mkdir(mode=0o700, exist_ok=True)
        shutil.move(path, target)
        return target


class Canary:
    def __init__(self, path: Path) -> None:
        self._path = path

    def __reduce__(self) -> tuple[Callable[..., object], tuple[str]]:
        return os.mkdir, (str(self._path),)


def falsify(scene: Scene, *, stamp: str = "") -> None:
    """Replace the index by one that answers falsely and looks as fresh as the right one."""
    index = opened(scene.program)
    right = replace(index.state, files=dict(index.state.files))
    if not right.files:
        raise RuntimeError("there is no index to falsify")
    with index.updating(wait=5):
        index.discard()
        index.update([_false(name, right) for name in right.files], [], replace(right, broken={}))
    if stamp:
        own = put(state, "STAMP", stamp)
        state.save(scene.home, index.state)
        put(state, "STAMP", own)


def _false(name: str, right: State) -> Document:
    time = datetime(2020, 1, 1, tzinfo=UTC)
    entry = Entry(id=1, title="Planted copper", tags=("planted",), created=time, updated=time, body="")
    content = Content(title="Planted copper", text="planted copper lamp", terms=(), links=())
    return Document(name=name, stamp=Stamp(*right.files[name]), entry=entry, content=content)


def plant(scene: Scene, suffix: str, *, sealed: bool) -> None:
    """Put a pickle where Whoosh reads one."""
    for path in scene.inside.glob(f"*{suffix}"):
        content, planted = path.read_bytes(), pickle.dumps(Canary(scene.canary), 2)
        at = last_pickle(content) if suffix == ".toc" else 0
        path.write_bytes(content[:at] + planted)
    if sealed:
        _seal_again(scene)


def last_pickle(content: bytes) -> int:
    """Return where the segments begin in a table of contents: behind the schema and two numbers."""
    return max(content.rfind(bytes((0x80, protocol))) for protocol in range(2, 6))


def _seal_again(scene: Scene) -> None:
    found = state.load(scene.home)
    if found is None:
        raise RuntimeError("there is no state to seal")
    state.save(scene.home, replace(found, seal=seal.seal(scene.inside, {})))
