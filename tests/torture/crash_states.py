"""What a power cut may leave of a directory tree: a model of a file system that promises little.

The idea is that of ALICE (Pillai et al., OSDI 2014). Data that was not fsynced may be missing, cut short,
NUL, garbage or there. A name that was made, changed or removed may be so or not until its directory is
fsynced: any subset of a directory's changes. A rename is atomic within one directory; between two it is one
change in each. This is less than ext4 keeps, and what POSIX lets one rely on.
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path

from tests.torture.trace import Call

Tree = dict[str, bytes | None]  # path -> content; None for a directory
Change = tuple[tuple[str, int | None], ...]  # names in one directory -> what they stand for then
LIMIT = 400  # states of one point; beyond that, a sample


@dataclass(slots=True)
class File:
    """A file's content: as it is on the disk for sure, and what was written since."""

    durable: bytes = b""
    now: bytes = b""
    pending: list[tuple[int, bytes | None]] = field(default_factory=list)  # None: cut to that size

    def write(self, offset: int, data: bytes | None) -> None:
        """Write at an offset, or cut to a size."""
        self.pending.append((offset, data))
        self.now = _applied(self.now, [(offset, data)])

    def variants(self, rng: random.Random) -> tuple[bytes, ...]:
        """Return each content that a power cut may leave."""
        if not self.pending:
            return (self.durable,)
        size = sum(len(data or b"") for _, data in self.pending)
        nul = _applied(self.durable, self._instead(bytes))
        garbage = _applied(self.durable, self._instead(rng.randbytes))
        halves = _applied(self.durable, self._prefix(size // 2))
        return tuple(dict.fromkeys((self.durable, self.now, halves, nul, garbage)))

    def _instead(self, fill: Callable[[int], bytes]) -> list[tuple[int, bytes | None]]:
        return [(at, data and fill(len(data))) for at, data in self.pending]

    def _prefix(self, left: int) -> list[tuple[int, bytes | None]]:
        kept: list[tuple[int, bytes | None]] = []
        for at, data in self.pending:
            kept.append((at, data if data is None else data[:left]))
            left -= len(data or b"")
            if left <= 0:
                break
        return kept


@dataclass(slots=True)
class Directory:
    """The names in a directory: as they are on the disk for sure, and what was changed since."""

    durable: dict[str, int] = field(default_factory=dict)
    now: dict[str, int] = field(default_factory=dict)
    pending: list[Change] = field(default_factory=list)

    def change(self, *names: tuple[str, int | None]) -> None:
        """Change names, all or none of them."""
        self.pending.append(names)
        _set(self.now, names)


class Disk:
    """A tree, its open files, and what of it would survive."""

    def __init__(self, root: Path) -> None:
        self.nodes: dict[int, File | Directory] = {}
        self._handles: dict[int, int] = {}
        self._by_inode: dict[int, int] = {}
        self._load(root)

    def apply(self, call: Call) -> None:
        """Carry out a call that was recorded. Raises KeyError if it does not fit what came before."""
        match call.name:
            case "open":
                self._open(call)
            case "write":
                self._file(call.handle).write(call.offset, call.data)
            case "truncate":
                self._file(call.handle).write(call.offset, None)
            case "fsync":
                node = self.nodes[self._handles[call.handle]]
                node.durable = node.now if isinstance(node, File) else dict(node.now)
                node.pending.clear()
            case "link":
                directory, name = self._place(call.other)
                directory.change((name, self._find(call.path)))
            case "rename":
                self._rename(call)
            case "unlink":
                directory, name = self._place(call.path)
                directory.change((name, None))
            case "mkdir":
                directory, name = self._place(call.path)
                directory.change((name, self._new(Directory())))
            case "done":
                self._handles.clear()

    def tree(self) -> Tree:
        """Return the tree as a process sees it."""
        return self._tree({at: node.now for at, node in self.nodes.items()})

    def states(self, rng: random.Random) -> Iterator[Tree]:
        """Yield trees that a power cut at this moment may leave; beyond LIMIT of them, a sample."""
        ops = [
            (at, number)
            for at, node in self.nodes.items()
            if isinstance(node, Directory)
            for number in range(len(node.pending))
        ]
        variants = {at: node.variants(rng) for at, node in self.nodes.items() if isinstance(node, File)}
        for chosen in _subsets(ops, rng, LIMIT):
            skeleton: dict[int, bytes | dict[str, int]] = {}
            for at, node in self.nodes.items():
                if isinstance(node, Directory):
                    names = dict(node.durable)
                    for number, change in enumerate(node.pending):
                        if (at, number) in chosen:
                            _set(names, change)
                    skeleton[at] = names
            unsettled = [at for at in _reachable(skeleton) if len(variants.get(at, ())) > 1]
            settled: dict[int, bytes | dict[str, int]] = {at: each[0] for at, each in variants.items()}
            for contents in _products([variants[at] for at in unsettled], rng):
                yield self._tree(settled | dict(zip(unsettled, contents, strict=True)) | skeleton)

    def _load(self, root: Path) -> None:
        self.nodes[0] = Directory()

        def fill(directory: Directory, path: Path) -> None:
            for item in sorted(path.iterdir()):
                if item.is_dir() and not item.is_symlink():
                    below = Directory()
                    fill(below, item)
                    number = self._new(below)
                else:
                    content, inode = item.read_bytes(), item.stat().st_ino
                    if inode not in self._by_inode:  # history may be a second name of an entry
                        self._by_inode[inode] = self._new(File(durable=content, now=content))
                    number = self._by_inode[inode]
                directory.durable[item.name] = directory.now[item.name] = number

        fill(self._directory(0), root)

    def _new(self, node: File | Directory) -> int:
        number = len(self.nodes)
        self.nodes[number] = node
        return number

    def _open(self, call: Call) -> None:
        if call.path == ".":
            self._handles[call.handle] = 0
            return
        directory, name = self._place(call.path)
        if call.flags & os.O_CREAT and name not in directory.now:
            directory.change((name, self._new(File())))
        self._handles[call.handle] = number = directory.now[name]
        node = self.nodes[number]
        if call.flags & os.O_TRUNC and isinstance(node, File) and node.now:
            node.write(0, None)

    def _rename(self, call: Call) -> None:
        source, old = self._place(call.path)
        target, new = self._place(call.other)
        moved = source.now[old]
        if target.now.get(new) == moved:
            return  # two names of one file: rename(2) does nothing
        if source is target:
            source.change((new, moved), (old, None))
        else:
            target.change((new, moved))
            source.change((old, None))

    def _file(self, handle: int) -> File:
        node = self.nodes[self._handles[handle]]
        assert isinstance(node, File)
        return node

    def _directory(self, number: int) -> Directory:
        node = self.nodes[number]
        assert isinstance(node, Directory)
        return node

    def _find(self, path: str) -> int:
        directory, name = self._place(path)
        return directory.now[name]

    def _place(self, path: str) -> tuple[Directory, str]:
        *above, name = path.split("/")
        directory = self._directory(0)
        for each in above:
            directory = self._directory(directory.now[each])
        return directory, name

    def _tree(self, nodes: Mapping[int, bytes | dict[str, int]]) -> Tree:
        tree: Tree = {}

        def walk(at: int, path: str) -> None:
            node = nodes[at]
            if isinstance(node, bytes):
                tree[path] = node
                return
            if path:
                tree[path] = None
            for name, number in node.items():
                walk(number, f"{path}/{name}" if path else name)

        walk(0, "")
        return tree


def read_tree(root: Path) -> Tree:
    """Return what stands in a directory."""
    return {
        path.relative_to(root).as_posix(): None if path.is_dir() else path.read_bytes()
        for path in root.rglob("*")
    }


def write_tree(tree: Tree, root: Path) -> None:
    """Make the files of a tree in an empty directory."""
    for path, content in sorted(tree.items()):
        if content is None:
            (root / path).mkdir(mode=0o700)
        else:
            (root / path).write_bytes(content)
            (root / path).chmod(0o600)


def _set(names: dict[str, int], change: Change) -> None:
    for name, number in change:
        if number is None:
            names.pop(name, None)
        else:
            names[name] = number


def _applied(content: bytes, writes: list[tuple[int, bytes | None]]) -> bytes:
    for at, data in writes:
        content = content[:at].ljust(at, b"\0") + (b"" if data is None else data + content[at + len(data) :])
    return content


def _reachable(skeleton: Mapping[int, bytes | dict[str, int]]) -> list[int]:
    found: dict[int, None] = {}

    def walk(at: int) -> None:
        found[at] = None
        names = skeleton.get(at)
        if isinstance(names, dict):
            for each in names.values():
                walk(each)

    walk(0)
    return list(found)


def _subsets(
    ops: list[tuple[int, int]], rng: random.Random, limit: int
) -> Iterator[frozenset[tuple[int, int]]]:
    """Yield every subset; where they are too many, those next to all and to none, and a sample."""
    if 2 ** len(ops) <= limit:
        for bits in product((True, False), repeat=len(ops)):
            yield frozenset(op for op, bit in zip(ops, bits, strict=True) if bit)
        return
    everything = frozenset(ops)
    yield from (everything, frozenset())
    for op in ops:
        yield everything - {op}
        yield frozenset({op})
    for _ in range(limit - 2 * len(ops) - 2):
        share = rng.random()
        yield frozenset(op for op in ops if rng.random() < share)


def _products(choices: list[tuple[bytes, ...]], rng: random.Random) -> Iterator[tuple[bytes, ...]]:
    if len(choices) <= 2:
        yield from product(*choices)
        return
    for _ in range(30):
        yield tuple(rng.choice(each) for each in choices)
