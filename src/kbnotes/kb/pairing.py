"""Which entry each note of a file became before."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from kbnotes.model import Entry, StoredEntry

LIKE = 0.5  # share of the words that two texts must have in common to be versions of one note
MOST = 40_000  # pairs that are compared word by word; beyond that, what was edited goes by its place

Key = tuple[tuple[str, ...], int | None, int]

_WORD = re.compile(r"\w+")


def pair(
    made: list[Entry], stored: list[StoredEntry], *, by_place: bool = True
) -> list[tuple[Entry, StoredEntry | None]]:
    """Pair each section with the entry it made before, if any.

    First by place and content, then by content alone (a note that moved), then by what is left of the
    content, at its place before elsewhere (an edited one), then, with `by_place`, by place alone (one that
    was written anew).
    """
    left = dict(zip(_keys(each.entry for each in stored), stored, strict=True))
    keys = list(_keys(made))
    found: dict[int, StoredEntry] = {}
    for at, key in enumerate(keys):
        if key in left and _digest_of(left[key].entry) == _digest_of(made[at]):
            found[at] = left.pop(key)
    by_content = {_digest_of(each.entry): key for key, each in reversed(left.items())}
    for at, entry in enumerate(made):
        key_then = by_content.pop(_digest_of(entry), None) if at not in found else None
        if key_then is not None:
            found[at] = left.pop(key_then)
    for at, key in enumerate(keys):
        if at not in found and key in left and likeness(made[at].body, left[key].entry.body) >= LIKE:
            found[at] = left.pop(key)
    for at, key in _alike(made, found, left):
        found[at] = left.pop(key)
    for at, key in enumerate(keys):
        if by_place and at not in found and key in left:
            found[at] = left.pop(key)
    return [(entry, found.get(at)) for at, entry in enumerate(made)]


def likeness(text: str, other: str) -> float:
    """Return the share of words that two texts have in common, 0 to 1; each as often as both have it."""
    one, two = Counter(_WORD.findall(text.lower())), Counter(_WORD.findall(other.lower()))
    total = one.total() + two.total()
    return 2 * (one & two).total() / total if total else 0.0


def _alike(
    made: list[Entry], found: dict[int, StoredEntry], left: dict[Key, StoredEntry]
) -> list[tuple[int, Key]]:
    """Return pairs of sections and entries that are alike, none of them twice, the likest first."""
    free = [at for at in range(len(made)) if at not in found]
    if len(free) * len(left) > MOST:
        return []
    pairs = [
        (like, at, key)
        for at in free
        for key, each in left.items()
        if (like := likeness(made[at].body, each.entry.body)) >= LIKE
    ]
    taken: dict[int, Key] = {}
    for _, at, key in sorted(pairs, key=lambda each: (-each[0], each[1], each[2][2])):
        if at not in taken and key not in taken.values():
            taken[at] = key
    return list(taken.items())


def _keys(entries: Iterable[Entry]) -> Iterator[Key]:
    """Yield for each entry its place: the headings above, its number, and which of that number it is."""
    seen: Counter[tuple[tuple[str, ...], int | None]] = Counter()
    for entry in entries:
        place = (entry.source.section, entry.source.number) if entry.source else ((), None)
        yield (*place, seen[place])
        seen[place] += 1


def _digest_of(entry: Entry) -> str:
    return entry.source.digest if entry.source else ""
