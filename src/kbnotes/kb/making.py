"""Numbered Markdown -> what each note makes, with nothing of the file left over."""

from __future__ import annotations

import stat
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from kbnotes import codec
from kbnotes.errors import InputError, InternalError
from kbnotes.markdown import decode, newline_of, read_body, split
from kbnotes.model import By, Entry, Section, Source, Split
from kbnotes.record import replace
from kbnotes.store.names import is_text
from kbnotes.tagging import Tagger

UNTITLED = "Untitled"


@dataclass(frozen=True, slots=True)
class Made:
    """A source and the entries that it makes, whose ids are still to be given."""

    file: str
    entries: tuple[Entry, ...]
    warnings: tuple[str, ...] = ()
    sections: tuple[Section, ...] = ()  # of a numbered file
    places: tuple[int, ...] = ()  # which of its sections each entry was made of

    @property
    def by_section(self) -> dict[int, Entry]:
        """The entry that a section makes, by the section's place."""
        return dict(zip(self.places, self.entries, strict=True))


def read_text(path: Path, *, encoding: str | None) -> tuple[str, tuple[str, ...]]:
    """Return the text of a file to import, and warnings. Raises InputError in one sentence."""
    if not is_text(str(path)):
        raise InputError(f"The name of {path} is not UTF-8.", hint="give the file another name")
    try:
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            raise InputError(f"{path} is a directory.")
        if not stat.S_ISREG(mode):  # a pipe may never end, and a device never does
            raise InputError(f"{path} is no regular file.", hint=f"kb import - < {path} reads it to its end")
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


def read_notes(text: str, *, file: str, by: By | None, warnings: Iterable[str], now: datetime) -> Made:
    """Return what `text`, the content of the source `file`, makes; title and tags are still to come.

    They take four fifths of the time, and most notes of a file that is read again have theirs.
    """
    sections = split(text, by=by)
    newline = newline_of(text)
    made: dict[int, Entry] = {}
    lead = ""
    for at, section in enumerate(sections.sections):
        if section.kind in ("note", "prose") and (section.body.strip() or section.number is not None):
            made[at] = _entry(section, file, newline, lead, now)
            lead = ""
        else:
            lead += section.marker + section.body + section.tail
    bodies = {at: _in_file(entry) for at, entry in made.items()}
    check_nothing_lost(text, sections, bodies)
    notes = [*warnings, *sections.warnings]
    numbers = [entry.source.number for entry in made.values() if entry.source]
    if by in (None, "list") and numbers and numbers.count(None) == len(numbers):
        notes.append("no numbered notes were found; what there is became entries without a number")
    return Made(file, tuple(made.values()), tuple(notes), sections.sections, tuple(made))


def with_title_and_tags(entry: Entry, tagger: Tagger) -> Entry:
    """Return a new entry with the title and the tags that its text calls for."""
    content = read_body(entry.body, marker=entry.list_marker)
    return replace(entry, title=content.title or UNTITLED, tags=tagger.tags_for(content))


def _entry(section: Section, file: str, newline: str | None, lead: str, now: datetime) -> Entry:
    """Return a section as a new entry, its id still to be given; `lead` belongs to no entry above it."""
    size = len(section.body)
    if size > codec.MAX_SIZE:  # at least so many bytes; its Markdown would take a minute to read
        raise InputError(
            f"The note at line {section.first_line} has {size / 1024 / 1024:.1f} MB; an entry has "
            f"{codec.MAX_SIZE // 1024 // 1024} MB at most.",
            hint="divide it, or leave it out; nothing of the file was imported",
        )
    body, tail, lead = (_with_plain_ends(text, newline) for text in (section.body, section.tail, lead))
    return Entry(
        id=-1,
        title="",
        tags=(),
        created=now,
        updated=now,
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


def _with_plain_ends(text: str, newline: str | None) -> str:
    return text.replace(newline, "\n") if newline else text


def _marker_of(section: Section) -> str | None:
    plain = "" if section.number is None else f"{section.number}. "
    return None if section.marker == plain else section.marker


def _in_file(entry: Entry) -> str:
    """Return the body as it stands in the file it came from."""
    newline = entry.source.newline if entry.source else "\n"
    return entry.body.replace("\n", newline) if newline != "\n" else entry.body
