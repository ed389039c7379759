"""A numbered file -> entries: what each section becomes, and what became of the entries it made before."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from kbnotes import codec
from kbnotes.errors import FormatError, InputError, InternalError
from kbnotes.kb.pairing import pair
from kbnotes.markdown import decode, newline_of, read_body, split
from kbnotes.model import By, Entry, Report, Section, Source, Split, Step, StoredEntry
from kbnotes.record import replace
from kbnotes.store import Planned, Store
from kbnotes.tagging import Tagger

UNTITLED = "Untitled"


@dataclass(frozen=True, slots=True)
class Plan:
    """What an import will do: the report, and the entries to write."""

    report: Report
    new: tuple[Entry, ...]
    changed: tuple[tuple[StoredEntry, Entry], ...]
    missing: tuple[StoredEntry, ...] = ()  # the entries whose notes are gone


def read_text(path: Path, *, encoding: str | None) -> tuple[str, tuple[str, ...]]:
    """Return the text of a file to import, and warnings. Raises InputError in one sentence."""
    try:
        if path.is_dir():
            raise InputError(
                f"{path} is a directory.", hint="name the Markdown files in it: kb import DIR/*.md"
            )
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


@dataclass(frozen=True, slots=True)
class Reading:
    """A file as it is now."""

    file: str  # as an entry's source calls it
    sections: tuple[Section, ...]
    made: dict[int, Entry]  # the entry that a section makes, by the section's place
    warnings: tuple[str, ...]


class Importer:
    """Plans the import of one file against what the base holds already."""

    def __init__(self, store: Store, tagger: Tagger, now: datetime) -> None:
        self.store = store
        self._tagger = tagger
        self._now = now

    def plan(self, text: str, *, file: str, by: By | None = None, warnings: Iterable[str] = ()) -> Plan:
        """Return what an import of `text`, the content of the source `file`, does. Writes nothing."""
        return self.compare(self.read(text, file=file, by=by, warnings=warnings))

    def read(self, text: str, *, file: str, by: By | None = None, warnings: Iterable[str] = ()) -> Reading:
        """Return `text` as sections and the entries they would make, their ids still to be given."""
        sections = split(text, by=by)
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
        if (
            made
            and by in (None, "list")
            and all(entry.source and entry.source.number is None for entry in made.values())
        ):
            notes.append("no numbered notes were found; what there is became entries without a number")
        return Reading(file=file, sections=sections.sections, made=made, warnings=tuple(notes))

    def _entry(self, section: Section, file: str, newline: str | None, lead: str) -> Entry:
        """Return a section as a new entry, its id still to be given; `lead` belongs to no entry above it."""
        size = len(section.body)
        if size > codec.MAX_SIZE:  # at least so many bytes; its Markdown would take a minute to read
            raise InputError(
                f"The note at line {section.first_line} has {size / 1024 / 1024:.1f} MB; an entry has "
                f"{codec.MAX_SIZE // 1024 // 1024} MB at most.",
                hint="divide it, or leave it out; nothing of the file was imported",
            )
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

    def compare(self, reading: Reading) -> Plan:
        """Return what becomes of the entries of a file, and of those it made before."""
        file, made = reading.file, list(reading.made.values())
        stored, unreadable = self._from(file)
        notes = [*reading.warnings]
        notes += [f"{name} could not be read and was left alone" for name in unreadable]
        trash = [
            each for each in self.store.trashed() if each.entry.source and each.entry.source.file == file
        ]
        pairs = self.pairs(made, stored, trash)
        gone = {each.path for each in trash}
        ids = self.ids([entry for entry, old in pairs if old is None])
        steps: list[Step] = []
        new: list[Entry] = []
        changed: list[tuple[StoredEntry, Entry]] = []
        missing: list[StoredEntry] = []
        above = 0  # the line at which the note before begins
        for entry, old in pairs:
            if old is None:
                new.append(replace(entry, id=ids[id(entry)]))
                above = entry.source.first_line if entry.source else 0
                steps.append(step_of("add", new[-1]))
            elif old.path in gone:
                note = f"you removed it; `kb restore {old.entry.id}` brings it back"
                steps.append(step_of("removed", old.entry, note))
            else:
                step, version = self.renew(old.entry, entry, above)
                steps.append(step)
                above = max(above, version.source.first_line if version.source else 0)
                if version != old.entry:
                    changed.append((old, version))
        found = {old.path for _, old in pairs if old is not None}
        for each in stored:
            if each.path not in found:
                steps.append(step_of("missing", each.entry, "no longer in the file; the entry is kept"))
                missing.append(each)
        report = Report(file=file, steps=tuple(steps), warnings=tuple(notes))
        return Plan(report=report, new=tuple(new), changed=tuple(changed), missing=tuple(missing))

    def pairs(
        self, made: list[Entry], stored: list[StoredEntry], trash: list[StoredEntry]
    ) -> list[tuple[Entry, StoredEntry | None]]:
        """Return each note with the entry that it became before, if any."""
        return pair(made, stored, trash)

    def _from(self, file: str) -> tuple[list[StoredEntry], list[str]]:
        """Return the entries that came from `file`, and the names of files that cannot be read."""
        stored: list[StoredEntry] = []
        unreadable: list[str] = []
        for name in self.store.scan():
            try:
                each = self.store.read(name)
            except FormatError:
                unreadable.append(name)
                continue
            if each.entry.source and each.entry.source.file == file:
                stored.append(each)
        return sorted(stored, key=_line_of), unreadable

    def ids(self, new: list[Entry]) -> dict[int, int]:
        """Give each new entry its note's own number where that is free, then the rest the next free ones.

        The number of an entry that this very note became before is free, if an undo took the entry away.
        """
        used, present = self.store.given_ids(), self.store.present_ids()
        given: dict[int, int] = {}
        for entry in new:
            number = entry.source.number if entry.source else None
            if number is not None and (
                number not in used or (number not in present and self._was(number, entry))
            ):
                given[id(entry)] = number
                used.add(number)
                present.add(number)
        following = self.store.next_id(used)
        for entry in new:
            if id(entry) not in given:
                given[id(entry)] = following
                following += 1
        return given

    def _was(self, number: int, entry: Entry) -> bool:
        """Tell whether the last version of an entry that is gone came from the same note of the same file."""
        versions = self.store.history.versions(number)
        try:
            last = self.store.read_file(Path(versions[-1].path)).entry.source if versions else None
        except FormatError:
            return False
        mine = entry.source
        return bool(last and mine and (last.file, last.number) == (mine.file, mine.number))

    def renew(self, old: Entry, made: Entry, above: int) -> tuple[Step, Entry]:
        """Return what becomes of an entry whose note is in the file still, as `made` has it now.

        `above` is the line at which the note before it begins.
        """
        was = old.source.digest if old.source else ""
        now = codec.digest(made.body)
        if was == now or old.body == made.body:
            return step_of("keep", old), with_source(old, made, above)
        if codec.digest(old.body) != was:
            note = "changed in the file and in kb since; the entry was left as you have it"
            return step_of("conflict", old, note), old
        version = self.renewed(old, made)
        return step_of("update", version), version

    def renewed(self, old: Entry, made: Entry) -> Entry:
        """Return `old` with the text that its note has now."""
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


def _with_plain_ends(text: str, newline: str | None) -> str:
    return text.replace(newline, "\n") if newline else text


def _marker_of(section: Section) -> str | None:
    plain = "" if section.number is None else f"{section.number}. "
    return None if section.marker == plain else section.marker


def _line_of(stored: StoredEntry) -> tuple[int, int]:
    entry = stored.entry
    return entry.source.first_line if entry.source else 0, entry.id


def with_source(old: Entry, made: Entry, above: int) -> Entry:
    """Return `old` with the source of `made`, unless only the lines have moved, and the order holds.

    One inserted line would otherwise rewrite the files of all notes below it.
    """
    if old.source is None or made.source is None:
        return old
    if old.source.first_line <= above:
        return replace(old, source=made.source)
    moved = replace(made.source, first_line=old.source.first_line, last_line=old.source.last_line)
    return old if moved == old.source else replace(old, source=made.source)


def _in_file(entry: Entry) -> str:
    """Return the body as it stands in the file it came from."""
    newline = entry.source.newline if entry.source else "\n"
    return entry.body.replace("\n", newline) if newline != "\n" else entry.body


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
    )
