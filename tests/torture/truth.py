"""What a base must hold after anything: judged from the files alone, without a line of kb."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.torture.program import Said

_ID = re.compile(rb"(?m)^id: (\d+)$")
_TIME = re.compile(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
_DONE = re.compile(rb"(?m)^(?:added|changed|removed|restored) +(\d+) ")
REFUSED = frozenset({2, 3, 4, 5, 6})  # the exit codes of a command that could not be carried out


@dataclass(frozen=True, slots=True)
class Tree:
    """The files of a base, by their paths in it; those that are hidden, as temp files are, do not count."""

    files: Mapping[str, bytes]

    @classmethod
    def of(cls, base: Path) -> Tree:
        """Read a base."""
        found = (path for path in sorted(base.rglob("*")) if path.is_file() and not path.is_symlink())
        return cls(
            {
                str(each.relative_to(base)): each.read_bytes()
                for each in found
                if not each.name.startswith(".")
            }
        )

    def below(self, place: str) -> dict[str, bytes]:
        """Return the files in a directory of the base."""
        return {name: content for name, content in self.files.items() if name.startswith(f"{place}/")}

    @property
    def entries(self) -> dict[str, bytes]:
        """The files that kb reads as entries."""
        return {name: each for name, each in self.below("entries").items() if name.endswith(".yaml")}

    @property
    def kept(self) -> dict[str, bytes]:
        """All that anybody ever saved: entries, trash, history."""
        return {**self.below("entries"), **self.below("trash"), **self.below("history")}

    @property
    def ids(self) -> set[int]:
        """The ids of all that was ever saved."""
        return {number for content in self.kept.values() if (number := id_of(content)) is not None}

    def hold(self, words: bytes) -> bool:
        """Tell whether one file, whichever, holds all of the words that somebody typed."""
        return any(has(content, words) for content in self.files.values())


def id_of(content: bytes) -> int | None:
    """Return the id that a file says it has."""
    found = _ID.search(content)
    return int(found[1]) if found else None


def has(content: bytes, words: bytes) -> bool:
    """Tell whether all the words are there."""
    return all(word in content for word in words.split())


def acknowledged(said: Said) -> set[int]:
    """Return the ids that a command has said are saved, removed or restored."""
    return {int(number) for number in _DONE.findall(said.out)}


def mixed(before: Tree, after: Tree, now: Tree) -> Iterator[str]:
    """Say what is wrong whatever happened: a file neither old nor new, one missing, a version gone.

    `after` is the tree that the command makes of `before` when it is left in peace.
    """
    kept = set(now.kept.values())
    old, new = set(before.kept.values()), {timeless(content) for content in after.kept.values()}
    for name, content in now.kept.items():
        here = (before.files.get(name), after.files.get(name)) if name.startswith("entries/") else ()
        fits = content in old or timeless(content) in new
        if here and not (
            content == here[0] or (here[1] is not None and timeless(content) == timeless(here[1]))
        ):
            fits = False
        if not fits:
            yield f"{name} is neither what it was nor what it was to become ({shown(content)})"
    for name in sorted(before.entries.keys() & after.entries.keys() - now.entries.keys()):
        yield f"{name} is gone"
    for name, content in before.kept.items():
        if content not in kept:
            yield f"the content of {name} is nowhere in entries, trash and history any more"
    topics = now.files.get("topics.yaml")
    if topics not in (before.files.get("topics.yaml"), after.files.get("topics.yaml")):
        yield f"topics.yaml is neither what it was nor what it was to become ({shown(topics or b'')})"
    for number, times in Counter(map(id_of, now.entries.values())).items():
        if times > 1:
            yield f"{times} entries have the id {number}"


def undone(after: Tree, now: Tree) -> Iterator[str]:
    """Say what is missing although the command has said that it was done."""
    for name, content in after.entries.items():
        if timeless(now.entries.get(name, b"")) != timeless(content):
            yield f"it was done, but {name} says otherwise ({shown(now.entries.get(name, b''))})"
    for name in sorted(now.entries.keys() - after.entries.keys()):
        yield f"it was done, but {name} is still there"
    for place in ("trash", "history"):
        found = Counter(timeless(content) for content in now.below(place).values())
        wanted = Counter(timeless(content) for content in after.below(place).values())
        for content in wanted - found:
            yield f"it was done, but {place} does not hold {shown(content)}"


def manners(said: Said) -> Iterator[str]:
    """Say what is wrong with how a command has ended by itself."""
    if b"Traceback" in said.err or b"should not" in said.err:
        yield f"it ended with a defect: {said.err[-300:]!r}"
    elif said.code and said.code not in REFUSED:
        yield f"it ended with code {said.code}: {said.err[-300:]!r}"
    elif said.code and b"kb: " not in said.err:
        yield f"it ended with code {said.code} and no sentence: {said.err[-300:]!r}"


def timeless(content: bytes) -> bytes:
    """Return a file without its times: what a command writes twice differs by nothing else."""
    return _TIME.sub(b"TIME", content)


def shown(content: bytes) -> str:
    """Return the beginning and the end of a file for a message."""
    return f"{len(content)} bytes, {content[:30]!r} … {content[-60:]!r}" if content else "nothing"
