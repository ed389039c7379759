"""Which entry each note of a file became before."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import partial

from kbnotes.model import Entry, StoredEntry

LIKE = 0.5  # share of the words that two texts must have in common to be versions of one note
MOST = 40_000  # pairs that are compared word by word; beyond that, what was edited goes by its place

Place = tuple[str, tuple[str, ...], int | None]
Key = tuple[Place, int]

_WORD = re.compile(r"\w+")


def pair(
    made: Sequence[Entry], stored: Sequence[StoredEntry], trash: Sequence[StoredEntry] = ()
) -> list[tuple[Entry, StoredEntry | None]]:
    """Pair each section with the entry it made before, if any; that may be in the trash by now.

    First by place and content, then by content alone (a note that moved), then by what is left of the
    content (an edited one), then by place alone (one that was written anew). With an entry in the trash only
    by content, and at its place by what is left of it: new text is not what was thrown away.
    """
    pairing = _Pairing(made)
    for pool in map(_by_place, (stored, trash)):
        pairing.by_content(pool)
    pairing.by_likeness(_by_place(stored), elsewhere=True)
    pairing.by_likeness(_by_place(trash), elsewhere=False)
    pairing.by_place(_by_place(stored))
    return [(entry, pairing.found.get(at)) for at, entry in enumerate(made)]


def _by_place(pool: Sequence[StoredEntry]) -> dict[Key, StoredEntry]:
    return dict(zip(_keys(each.entry for each in pool), pool, strict=True))


class _Pairing:
    """Sections, and the entries found for them so far."""

    def __init__(self, made: Sequence[Entry]) -> None:
        self._made = made
        self._keys = list(_keys(made))
        self.found: dict[int, StoredEntry] = {}  # by the section's place
        self._taken: set[str] = set()  # paths of the entries found

    def by_content(self, pool: dict[Key, StoredEntry]) -> None:
        """Take the entries with the very text of a section, those at its place first."""
        for at, entry in self._free():
            old = pool.get(self._keys[at])
            if old and _digest_of(old.entry) == _digest_of(entry):
                self._take(at, old)
        by_digest: dict[str, list[StoredEntry]] = defaultdict(list)
        for old in reversed(pool.values()):
            if old.path not in self._taken:
                by_digest[_digest_of(old.entry)].append(old)
        for at, entry in self._free():
            if found := by_digest[_digest_of(entry)]:
                self._take(at, found.pop())

    def by_likeness(self, pool: dict[Key, StoredEntry], *, elsewhere: bool) -> None:
        """Take the entries with much of the text of a section, the likest first, of equals the nearest.

        With `elsewhere`, they may have stood at another place, if that is not too much to look through.
        """
        free = self._free()
        left = [(key[0], old) for key, old in pool.items() if old.path not in self._taken]
        there: dict[Place, list[int]] = defaultdict(list)
        for which, (place, _) in enumerate(left):
            there[place].append(which)
        anywhere = elsewhere and len(free) * len(left) <= MOST
        alike = [
            (-like, left[which][0] != self._keys[at][0], _apart(left[which][1], entry), at, which)
            for at, entry in free
            for which in (range(len(left)) if anywhere else there[self._keys[at][0]])
            if (like := likeness(entry.body, left[which][1].entry.body)) >= LIKE
        ]
        for *_, at, which in sorted(alike):
            if at not in self.found and left[which][1].path not in self._taken:
                self._take(at, left[which][1])

    def by_place(self, pool: dict[Key, StoredEntry]) -> None:
        """Take the entries of the sections that were there before.

        Where several have one place: in their order if there are as many as sections, else the nearest ones.
        """
        there: dict[Place, list[StoredEntry]] = defaultdict(list)
        for (place, _), old in pool.items():
            if old.path not in self._taken:
                there[place].append(old)
        here: dict[Place, list[tuple[int, Entry]]] = defaultdict(list)
        for at, entry in self._free():
            here[self._keys[at][0]].append((at, entry))
        for place, sections in here.items():
            left = there[place]
            in_order = len(left) == len(sections)
            for at, entry in sections[: len(left)]:
                self._take(at, left.pop(0) if in_order else _nearest(left, entry))

    def _free(self) -> list[tuple[int, Entry]]:
        return [(at, entry) for at, entry in enumerate(self._made) if at not in self.found]

    def _take(self, at: int, old: StoredEntry) -> None:
        self.found[at] = old
        self._taken.add(old.path)


def likeness(text: str, other: str) -> float:
    """Return the share of words that two texts have in common, 0 to 1; each as often as both have it."""
    one, two = Counter(_WORD.findall(text.lower())), Counter(_WORD.findall(other.lower()))
    total = one.total() + two.total()
    return 2 * (one & two).total() / total if total else 0.0


def _keys(entries: Iterable[Entry]) -> Iterator[Key]:
    """Yield for each entry its place: its file, the headings above, its number; and which of those it is."""
    seen: Counter[Place] = Counter()
    for entry in entries:
        source = entry.source
        place = (source.file, source.section, source.number) if source else ("", (), None)
        yield place, seen[place]
        seen[place] += 1


def _nearest(left: list[StoredEntry], entry: Entry) -> StoredEntry:
    """Take the entry out of `left` that was nearest to where a note is."""
    found = min(left, key=partial(_apart, entry=entry))
    left.remove(found)
    return found


def _apart(old: StoredEntry, entry: Entry) -> int:
    """Return how many lines lie between where a note was and where one is."""
    was, now = old.entry.source, entry.source
    return abs(was.first_line - now.first_line) if was and now else 0


def _digest_of(entry: Entry) -> str:
    return entry.source.digest if entry.source else ""
