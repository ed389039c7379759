"""What each section of a source becomes, and what became of the entries it made before."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from kbnotes import codec
from kbnotes.errors import FormatError
from kbnotes.kb.ids import Ids
from kbnotes.kb.making import UNTITLED, Made, read_notes, with_title_and_tags
from kbnotes.kb.pairing import pair
from kbnotes.markdown import read_body
from kbnotes.model import By, Entry, Report, Step, StoredEntry
from kbnotes.record import replace
from kbnotes.store import Planned, Store
from kbnotes.tagging import Tagger

_FEW_FILES = 20  # that entry files are searched for before they are read
_NO_LINE = 1 << 60


@dataclass(frozen=True, slots=True)
class Plan:
    """What an import will do: a report for each source, and the entries to write."""

    reports: tuple[Report, ...]
    new: tuple[Entry, ...]
    changed: tuple[tuple[StoredEntry, Entry], ...]
    missing: tuple[StoredEntry, ...] = ()  # the entries whose notes are gone


@dataclass(frozen=True, slots=True)
class Held:
    """What sources made before, and the names of entry files that cannot be read."""

    stored: tuple[StoredEntry, ...]
    trash: tuple[StoredEntry, ...]
    unreadable: tuple[str, ...]


class Importer:
    """Plans the import of sources against what the base holds already."""

    def __init__(self, store: Store, tagger: Tagger, now: datetime) -> None:
        self.store = store
        self._tagger = tagger
        self._now = now

    def plan(self, sources: Sequence[Made]) -> Plan:
        """Return what an import of sources does. Writes nothing."""
        files = {each.file for each in sources}
        return self.compare(sources, self.held(files.__contains__, files=files))

    def read(self, text: str, *, file: str, by: By | None = None, warnings: Iterable[str] = ()) -> Made:
        """Return what `text`, the content of the source `file`, makes."""
        return read_notes(text, file=file, by=by, warnings=warnings, now=self._now)

    def held(self, is_mine: Callable[[str], bool], *, files: Collection[str] = ()) -> Held:
        """Return the entries that came from the sources for which `is_mine` is true: `files`, if named."""
        entries, unreadable = readable(self.store, naming=files)
        stored = [each for each in entries if each.entry.source and is_mine(each.entry.source.file)]
        trashed = self.store.trashed()
        trash = [each for each in trashed if each.entry.source and is_mine(each.entry.source.file)]
        return Held(tuple(sorted(stored, key=_line_of)), tuple(trash), unreadable)

    def compare(self, sources: Sequence[Made], held: Held) -> Plan:
        """Return what becomes of what sources make, and of what they made before. Writes nothing."""
        pairs = self.pairs([entry for each in sources for entry in each.entries], held)
        gone = {each.path for each in held.trash}
        ids = self.ids([entry for entry, old in pairs if old is None])
        steps: dict[str, list[Step]] = {each.file: [] for each in sources}
        new: list[Entry] = []
        changed: list[tuple[StoredEntry, Entry]] = []
        above: Counter[str] = Counter()  # the line at which the note before begins, by file
        for (entry, old), below in zip(pairs, _next_lines([entry for entry, _ in pairs]), strict=True):
            file, first_line = (entry.source.file, entry.source.first_line) if entry.source else ("", 0)
            if old is None:
                new.append(replace(self.finished(entry), id=ids[id(entry)]))
                above[file] = first_line
                steps[file].append(step_of("add", new[-1]))
            elif old.path in gone:
                steps[file].append(removed(old.entry))
            else:
                step, version = self.renew(old.entry, entry)
                version = _at_rest(old.entry, version, above=above[file], below=below)
                steps[file].append(replace(step, file=file))
                above[file] = max(above[file], version.source.first_line if version.source else 0)
                if version != old.entry:
                    changed.append((old, version))
        found = {old.path for _, old in pairs if old is not None}
        missing = [each for each in held.stored if each.path not in found]
        for each in missing:
            if each.entry.source:
                step = step_of("missing", each.entry, "no longer in the file; the entry is kept")
                steps.setdefault(each.entry.source.file, []).append(step)
        broken = [f"{name} could not be read and was left alone" for name in held.unreadable]
        warnings = {each.file: each.warnings for each in sources}
        reports = tuple(
            Report(
                file=file, steps=tuple(told), warnings=(*warnings.get(file, ()), *(broken if at == 0 else ()))
            )
            for at, (file, told) in enumerate(steps.items())
        )
        return Plan(reports=reports, new=tuple(new), changed=tuple(changed), missing=tuple(missing))

    def pairs(self, made: list[Entry], held: Held) -> list[tuple[Entry, StoredEntry | None]]:
        """Return each note with the entry that it became before, if any; that may be in the trash."""
        return pair(made, held.stored, held.trash)

    def finished(self, entry: Entry) -> Entry:
        """Return what was made of a note with its title and tags."""
        return with_title_and_tags(entry, self._tagger)

    def ids(self, new: list[Entry]) -> dict[int, int]:
        """Give each new entry its note's own number where that is free, then the rest the next free ones.

        The number of an entry that this very note became before is free, if an undo took the entry away.
        """
        own = [(entry, entry.source.number if entry.source else None) for entry in new]
        given = Ids(self.store, is_one=_is_one_note).given(own)
        return {id(entry): number for entry, number in zip(new, given, strict=True)}

    def renew(self, old: Entry, made: Entry) -> tuple[Step, Entry]:
        """Return what becomes of an entry whose note is in the file still, as `made` has it now."""
        was = old.source.digest if old.source else ""
        now = codec.digest(made.body)
        if was == now or old.body == made.body:
            return step_of("keep", old), with_source(old, made)
        if codec.digest(old.body) != was:
            note = "changed in the file and in kb since; the entry was left as you have it"
            return step_of("conflict", old, note), old
        version = self.renewed(old, made)
        return step_of("update", version), version

    def renewed(self, old: Entry, made: Entry) -> Entry:
        """Return `old` with the text that its note has now."""
        made = self.finished(made)
        return replace(
            old,
            title=self._new_title(old, made),
            tags=self._new_tags(old, made),
            body=made.body,
            updated=self._now,
            source=made.source,
        )

    def _new_title(self, old: Entry, made: Entry) -> str:
        """A title made from the text follows the text; the user's own never changes."""
        computed = read_body(old.body, marker=old.list_marker).title or UNTITLED
        return made.title if old.title == computed else old.title

    def _new_tags(self, old: Entry, made: Entry) -> tuple[str, ...]:
        """Add the tags that the new text calls for and the old did not: one that was removed stays away."""
        proposed = self._tagger.tags_for(read_body(old.body, marker=old.list_marker))
        return tuple(dict.fromkeys((*old.tags, *(tag for tag in made.tags if tag not in proposed))))


def to_write(plan: Plan, store: Store) -> list[Planned]:
    """Return what is to be written for a plan. Make it and carry it out within `store.writing()`."""
    new = [store.creation(entry) for entry in plan.new]
    return new + [store.replacement(old, version) for old, version in plan.changed]


def readable(store: Store, *, naming: Collection[str] = ()) -> tuple[list[StoredEntry], tuple[str, ...]]:
    """Return the entries of a base, and the names of files that cannot be read as one.

    With `naming`, whole files that name none of these sources may be left out: YAML takes most of the time.
    """
    found: list[StoredEntry] = []
    broken: list[str] = []
    wanted = tuple(each.encode("utf-8", "surrogatepass") for each in naming)
    are_plain = len(wanted) <= _FEW_FILES and all(
        each.isprintable() and not set(each) & set('"\\') for each in naming
    )
    for name in store.scan():
        if wanted and are_plain and store.is_without(name, wanted):
            continue
        try:
            found.append(store.read(name))
        except FormatError:
            broken.append(name)
    return found, tuple(broken)


def _is_one_note(entry: Entry, other: Entry) -> bool:
    """Tell whether two entries came from the same note of the same file."""
    mine, its = entry.source, other.source
    return bool(mine and its and (mine.file, mine.number) == (its.file, its.number))


def _line_of(stored: StoredEntry) -> tuple[int, int]:
    entry = stored.entry
    return entry.source.first_line if entry.source else 0, entry.id


def with_source(old: Entry, made: Entry) -> Entry:
    """Return `old` as coming from where its note stands now."""
    return old if old.source is None else replace(old, source=made.source)


def _at_rest(old: Entry, version: Entry, *, above: int, below: int) -> Entry:
    """Return a version with the lines that it had, if they only moved and lie between its neighbours'.

    One inserted line would otherwise rewrite the files of all notes below it; so lines may be those of an
    earlier import, but their order is that of the file.
    """
    was, now = old.source, version.source
    if was is None or now is None or not above < was.first_line < below:
        return version
    is_same = replace(now, first_line=was.first_line, last_line=was.last_line) == was
    return replace(version, source=was) if is_same else version


def _next_lines(made: Sequence[Entry]) -> list[int]:
    """Return for each note the line at which the next one of its file begins; for the last, none there is."""
    found: list[int] = []
    following: dict[str, int] = {}
    for entry in reversed(made):
        source = entry.source
        found.append(following.get(source.file, _NO_LINE) if source else _NO_LINE)
        if source:
            following[source.file] = source.first_line
    return found[::-1]


def step_of(action: str, entry: Entry, note: str = "") -> Step:
    source = entry.source
    return Step(
        action=action,  # type: ignore[arg-type]
        id=entry.id,
        title=entry.title,
        tags=entry.tags,
        number=source.number if source else None,
        first_line=source.first_line if source else 0,
        last_line=source.last_line if source else 0,
        note=note,
        file=source.file if source else "",
    )


def removed(entry: Entry) -> Step:
    """Return the step for what would be an entry that the person removed."""
    return step_of("removed", entry, f"you removed it; `kb restore {entry.id}` brings it back")
