"""A numbered file -> entries: what each section becomes, and what became of the entries it made before."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from kbnotes import codec
from kbnotes.errors import FormatError, InputError, InternalError
from kbnotes.markdown import decode, newline_of, read_body, split
from kbnotes.model import Entry, Report, Section, Source, Split, Step, StoredEntry
from kbnotes.record import replace
from kbnotes.store import Planned, Store
from kbnotes.tagging import Tagger

UNTITLED = "Untitled"

Place = tuple[str, tuple[str, ...], int | None]
Key = tuple[Place, int]


@dataclass(frozen=True, slots=True)
class Plan:
    """What an import will do: a report for each source, and the entries to write."""

    reports: tuple[Report, ...]
    new: tuple[Entry, ...]
    changed: tuple[tuple[StoredEntry, Entry], ...]


@dataclass(frozen=True, slots=True)
class Made:
    """A source and the entries that it makes, whose ids are still to be given."""

    file: str
    entries: tuple[Entry, ...]
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Held:
    """What sources made before, and the names of entry files that cannot be read."""

    stored: tuple[StoredEntry, ...]
    trash: tuple[StoredEntry, ...]
    unreadable: tuple[str, ...]


def read_text(path: Path, *, encoding: str | None) -> tuple[str, tuple[str, ...]]:
    """Return the text of a file to import, and warnings. Raises InputError in one sentence."""
    try:
        if path.is_dir():
            raise InputError(f"{path} is a directory.")
        raw = path.read_bytes()
    except FileNotFoundError:
        raise InputError(f"There is no file {path}.") from None
    except (OSError, ValueError) as error:
        raise InputError(f"{path} cannot be read: {getattr(error, 'strerror', None) or error}.") from None
    return decode(raw, name=path.name, encoding=encoding)


def check_nothing_lost(text: str, sections: Split, bodies: dict[int, str]) -> None:
    """Refuse a split whose sections and entry bodies do not give back every byte of `text`.

    `bodies` holds the body of the entry made of each section, by the section's place, in the file's own line
    endings. Raises InternalError: nothing has been written yet.
    """
    pieces = []
    for at, section in enumerate(sections.sections):
        becomes_entry = section.kind in ("note", "prose") and (
            section.body.strip() or section.number is not None
        )
        pieces += [section.marker, bodies[at] if becomes_entry else section.body, section.tail]
    if "".join(pieces) != text:
        raise InternalError(
            "The file was not imported: kb could not account for every line of it.",
            hint="this is a defect in kb; the file and the base are as they were",
        )


class Importer:
    """Plans the import of sources against what the base holds already."""

    def __init__(self, store: Store, tagger: Tagger, now: datetime) -> None:
        self._store = store
        self._tagger = tagger
        self._now = now

    def plan(self, sources: Sequence[Made]) -> Plan:
        """Return what an import of sources does. Writes nothing."""
        files = {each.file for each in sources}
        return self.compare(sources, self.held(lambda file: file in files))

    def read(self, text: str, *, file: str, warnings: Iterable[str] = ()) -> Made:
        """Return what `text`, the content of the source `file`, makes."""
        sections = split(text)
        newline = newline_of(text)
        made: dict[int, Entry] = {}
        lead = ""
        for at, section in enumerate(sections.sections):
            if section.kind in ("note", "prose") and (section.body.strip() or section.number is not None):
                made[at] = self._entry(section, file, newline, lead)
                lead = ""
            else:
                lead += section.marker + section.body + section.tail
        bodies = {at: _in_file(entry) for at, entry in made.items()}
        check_nothing_lost(text, sections, bodies)
        notes = [*warnings, *sections.warnings]
        if made and all(entry.source and entry.source.number is None for entry in made.values()):
            notes.append("no numbered notes were found; what there is became entries without a number")
        return Made(file, tuple(made.values()), tuple(notes))

    def _entry(self, section: Section, file: str, newline: str | None, lead: str) -> Entry:
        """Return a section as a new entry, its id still to be given; `lead` belongs to no entry above it."""
        body, tail, lead = (_with_plain_ends(text, newline) for text in (section.body, section.tail, lead))
        content = read_body(body, marker=section.marker)
        return Entry(
            id=-1,
            title=content.title or UNTITLED,
            tags=self._tagger.tags_for(content),
            created=self._now,
            updated=self._now,
            body=body,
            source=Source(
                file=file,
                number=section.number,
                first_line=section.first_line,
                last_line=section.last_line,
                digest=codec.digest(body),
                marker=_marker_of(section),
                section=section.path,
                newline=newline or "\n",
                lead=lead,
                tail=tail,
            ),
        )

    def held(self, is_mine: Callable[[str], bool]) -> Held:
        """Return the entries that came from the sources for which `is_mine` is true."""
        stored: list[StoredEntry] = []
        unreadable: list[str] = []
        for name in self._store.scan():
            try:
                each = self._store.read(name)
            except FormatError:
                unreadable.append(name)
                continue
            if each.entry.source and is_mine(each.entry.source.file):
                stored.append(each)
        trashed = self._store.trashed()
        trash = [each for each in trashed if each.entry.source and is_mine(each.entry.source.file)]
        return Held(tuple(stored), tuple(trash), tuple(unreadable))

    def compare(self, sources: Sequence[Made], held: Held) -> Plan:
        """Return what becomes of what sources make, and of what they made before. Writes nothing."""
        pairs = _pair([entry for each in sources for entry in each.entries], held.stored)
        removed = _pair([entry for entry, old in pairs if old is None], held.trash)
        in_trash = {id(entry): old for entry, old in removed if old is not None}
        ids = self._ids([e for e, old in pairs if old is None and id(e) not in in_trash])
        steps: dict[str, list[Step]] = {each.file: [] for each in sources}
        new: list[Entry] = []
        changed: list[tuple[StoredEntry, Entry]] = []
        above: Counter[str] = Counter()  # the line at which the note before begins, by file
        for entry, old in pairs:
            file, first_line = (entry.source.file, entry.source.first_line) if entry.source else ("", 0)
            if id(entry) in in_trash:
                gone = in_trash[id(entry)].entry
                note = f"you removed it; `kb restore {gone.id}` brings it back"
                steps[file].append(_step("removed", gone, note))
            elif old is None:
                new.append(replace(entry, id=ids[id(entry)]))
                above[file] = first_line
                steps[file].append(_step("add", new[-1]))
            else:
                step, version = self._renew(old.entry, entry, above[file])
                steps[file].append(replace(step, file=file))
                above[file] = max(above[file], version.source.first_line if version.source else 0)
                if version != old.entry:
                    changed.append((old, version))
        found = {old.path for _, old in pairs if old is not None}
        for each in held.stored:
            if each.path not in found and each.entry.source:
                step = _step("missing", each.entry, "no longer in the file; the entry is kept")
                steps.setdefault(each.entry.source.file, []).append(step)
        broken = [f"{name} could not be read and was left alone" for name in held.unreadable]
        warnings = {each.file: each.warnings for each in sources}
        reports = tuple(
            Report(
                file=file, steps=tuple(told), warnings=(*warnings.get(file, ()), *(broken if at == 0 else ()))
            )
            for at, (file, told) in enumerate(steps.items())
        )
        return Plan(reports=reports, new=tuple(new), changed=tuple(changed))

    def _ids(self, new: list[Entry]) -> dict[int, int]:
        """Give each new entry its note's own number where that is free, then the rest the next free ones.

        The number of an entry that this very note became before is free, if an undo took the entry away.
        """
        used, present = self._store.given_ids(), self._store.present_ids()
        given: dict[int, int] = {}
        for entry in new:
            number = entry.source.number if entry.source else None
            if number is not None and (
                number not in used or (number not in present and self._was(number, entry))
            ):
                given[id(entry)] = number
                used.add(number)
                present.add(number)
        following = self._store.next_id(used)
        for entry in new:
            if id(entry) not in given:
                given[id(entry)] = following
                following += 1
        return given

    def _was(self, number: int, entry: Entry) -> bool:
        """Tell whether the last version of an entry that is gone came from the same note of the same file."""
        versions = self._store.history.versions(number)
        try:
            last = self._store.read_file(Path(versions[-1].path)).entry.source if versions else None
        except FormatError:
            return False
        mine = entry.source
        return bool(last and mine and (last.file, last.number) == (mine.file, mine.number))

    def _renew(self, old: Entry, made: Entry, above: int) -> tuple[Step, Entry]:
        """Return what becomes of an entry whose note is in the file still, as `made` has it now.

        `above` is the line at which the note before it begins.
        """
        was = old.source.digest if old.source else ""
        now = codec.digest(made.body)
        if was == now or old.body == made.body:
            return _step("keep", old), _with_source(old, made, above)
        if codec.digest(old.body) != was:
            note = "changed in the file and in kb since; the entry was left as you have it"
            return _step("conflict", old, note), old
        version = replace(
            old,
            title=self._new_title(old, made),
            tags=self._new_tags(old, made),
            body=made.body,
            updated=self._now,
            source=made.source,
        )
        return _step("update", version), version

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


def _pair(made: Sequence[Entry], stored: Sequence[StoredEntry]) -> list[tuple[Entry, StoredEntry | None]]:
    """Pair each section with the entry it made before, if any.

    First by place and content, then by content alone (a note that moved), then by place (an edited one).
    """
    left = dict(zip(_keys(each.entry for each in stored), stored, strict=True))
    keys = list(_keys(made))
    found: dict[int, StoredEntry] = {}
    for at, key in enumerate(keys):
        if key in left and _digest_of(left[key].entry) == _digest_of(made[at]):
            found[at] = left.pop(key)
    by_content: defaultdict[str, list[Key]] = defaultdict(list)
    for key, each in reversed(left.items()):
        by_content[_digest_of(each.entry)].append(key)
    for at, entry in enumerate(made):
        if at not in found and (alike := by_content[_digest_of(entry)]):
            found[at] = left.pop(alike.pop())
    for at, key in enumerate(keys):
        if at not in found and key in left:
            found[at] = left.pop(key)
    return [(entry, found.get(at)) for at, entry in enumerate(made)]


def _keys(entries: Iterable[Entry]) -> Iterator[Key]:
    """Yield for each entry its place: its file, the headings above, its number; and which of those it is."""
    seen: Counter[Place] = Counter()
    for entry in entries:
        source = entry.source
        place = (source.file, source.section, source.number) if source else ("", (), None)
        yield place, seen[place]
        seen[place] += 1


def _with_plain_ends(text: str, newline: str | None) -> str:
    return text.replace(newline, "\n") if newline else text


def _marker_of(section: Section) -> str | None:
    plain = "" if section.number is None else f"{section.number}. "
    return None if section.marker == plain else section.marker


def _with_source(old: Entry, made: Entry, above: int) -> Entry:
    """Return `old` with the source of `made`, unless only the lines have moved, and the order holds.

    One inserted line would otherwise rewrite the files of all notes below it.
    """
    if old.source is None or made.source is None:
        return old
    if old.source.first_line <= above:
        return replace(old, source=made.source)
    moved = replace(made.source, first_line=old.source.first_line, last_line=old.source.last_line)
    return old if moved == old.source else replace(old, source=made.source)


def _digest_of(entry: Entry) -> str:
    return entry.source.digest if entry.source else ""


def _in_file(entry: Entry) -> str:
    """Return the body as it stands in the file it came from."""
    newline = entry.source.newline if entry.source else "\n"
    return entry.body.replace("\n", newline) if newline != "\n" else entry.body


def _step(action: str, entry: Entry, note: str = "") -> Step:
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
