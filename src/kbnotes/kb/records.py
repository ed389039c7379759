"""A JSON or CSV file -> entries: what each record becomes, and which entry it is already.

A record is an entry of the base if it has its id, and was created at the same second or has its body; else if
it has the body of an entry that no other record is. What it says otherwise is never written over an entry.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path

from kbnotes import codec
from kbnotes.errors import FormatError, InputError
from kbnotes.kb.changes import clean_body, clean_title
from kbnotes.kb.ids import Ids
from kbnotes.kb.importing import Plan, readable, removed, step_of
from kbnotes.kb.making import UNTITLED
from kbnotes.markdown import read_body
from kbnotes.model import BadRecord, Entry, Record, RecordForm, Report, Step, StoredEntry
from kbnotes.record import replace
from kbnotes.store import Store
from kbnotes.tagging import Tagger

FORMS: dict[str, RecordForm] = {".json": "json", ".jsonl": "jsonl", ".csv": "csv"}

Made = tuple[Record, Entry]
Content = tuple[str, ...]


class RecordImporter:
    """Plans the import of one file of records against what the base holds already."""

    def __init__(self, store: Store, tagger: Tagger, now: datetime) -> None:
        self._store = store
        self._tagger = tagger
        self._now = now

    def plan(self, text: str, *, file: str, warnings: Iterable[str] = ()) -> Plan:
        """Return what an import of `text`, the content of the source `file`, does. Writes nothing.

        Raises InputError for a file that is no JSON or CSV at all.
        """
        found = list(codec.read_records(text, form=FORMS[Path(file).suffix.lower()], name=Path(file).name))
        made: list[Made] = []
        refused: list[str] = []
        for record in found:
            if isinstance(record, BadRecord):
                refused.append(_refusal(record.line, record.reason))
                continue
            try:
                entry = self._entry(record)
                codec.encode_entry(replace(entry, id=record.id or 0))  # what no file can hold is refused now
                made.append((record, entry))
            except (InputError, FormatError) as error:
                refused.append(_refusal(record.line, error.message))
        steps, new = self._compare(made)
        report = Report(
            file=file,
            steps=tuple(steps),
            warnings=(*warnings, *_left_out(found)),
            refused=tuple(refused),
        )
        return Plan(reports=(report,), new=tuple(new), changed=())

    def _entry(self, record: Record) -> Entry:
        """Return a record as an entry, its id still to be given: as it is if it is whole, else completed.

        Raises InputError.
        """
        if record.entry:
            return record.entry
        body = clean_body(record.body)
        created = record.created or record.updated or self._now
        return Entry(
            id=-1,
            title=clean_title(record.title or "") or read_body(body).title or UNTITLED,
            tags=codec.clean_tags(record.tags or ()),
            created=created,
            updated=max(record.updated or created, created),
            body=body,
        )

    def _tagged(self, record: Record, entry: Entry) -> Entry:
        """Return a new entry with the topics' tags, if its record names none."""
        if record.entry or entry.tags:
            return entry
        content = replace(read_body(entry.body), title=entry.title)
        return replace(entry, tags=self._tagger.tags_for(content))

    def _compare(self, made: list[Made]) -> tuple[list[Step], list[Entry]]:
        """Return the steps and the entries to write, in the order of the file."""
        known = _Known(self._store, made)
        fresh = [at for at in range(len(made)) if not known.has(at)]
        own = [(made[at][1], made[at][0].id) for at in fresh]
        timed = {id(entry) for record, entry in made if _says_when(record)}
        ids = Ids(self._store, is_one=lambda new, old: _is_of_one_kin(new, old, timed=id(new) in timed))
        given = dict(zip(fresh, ids.given(own), strict=True))
        steps: list[Step] = []
        new: list[Entry] = []
        for at, (record, entry) in enumerate(made):
            if (there := known.entries.get(at)) is not None:
                steps.append(_kept(record, entry, there.entry))
            elif (gone := known.removed.get(at)) is not None:
                steps.append(_at(record, removed(gone.entry)))
            else:
                new.append(replace(self._tagged(record, entry), id=given[at]))
                is_moved = record.id not in (None, given[at])
                note = f"its id {record.id} is, or was, another entry's" if is_moved else ""
                steps.append(_at(record, step_of("add", new[-1], note)))
        return steps, new


class _Known:
    """Which entry, or removed entry, each record is, by its place in the file. None is two."""

    def __init__(self, store: Store, made: Sequence[Made]) -> None:
        self.entries: dict[int, StoredEntry] = {}
        self.removed: dict[int, StoredEntry] = {}
        self._pair(made, readable(store)[0], self.entries)
        self._pair(made, store.trashed(), self.removed)

    def has(self, at: int) -> bool:
        """Tell whether a record is an entry that there is or was."""
        return at in self.entries or at in self.removed

    def _pair(
        self, made: Sequence[Made], stored: Iterable[StoredEntry], found: dict[int, StoredEntry]
    ) -> None:
        """Put into `found` what each record is: first by id, then by text and title, then by text."""
        left = {each.path: each for each in stored}
        by_id = {each.entry.id: each for each in left.values()}
        for at, (record, entry) in enumerate(made):
            old = by_id.get(record.id) if record.id is not None and not self.has(at) else None
            if old and old.path in left and _is_of_one_kin(entry, old.entry, timed=_says_when(record)):
                found[at] = left.pop(old.path)
        for key in (_title_and_body, _body):
            by_content: dict[Content, list[StoredEntry]] = {}
            for each in left.values():
                by_content.setdefault(key(each.entry), []).append(each)
            for at, (_, entry) in enumerate(made):
                if not self.has(at) and (same := by_content.get(key(entry))):
                    found[at] = left.pop(same.pop(0).path)


def _says_when(record: Record) -> bool:
    """Tell whether a record has a time of its own, and not that of its import."""
    return bool(record.entry or record.created or record.updated)


def _is_of_one_kin(entry: Entry, other: Entry, *, timed: bool) -> bool:
    """Tell whether two entries with one id are versions of one; `timed`: the first says when it was made."""
    return (timed and entry.created == other.created) or entry.body == other.body


def _title_and_body(entry: Entry) -> Content:
    return entry.title, entry.body


def _body(entry: Entry) -> Content:
    return (entry.body,)


def _kept(record: Record, entry: Entry, there: Entry) -> Step:
    """Return the step for a record that is an entry: nothing to do, or what is not done silently."""
    is_whole = record.entry is not None
    given = {
        "title": entry.title if is_whole or record.title else there.title,
        "text": entry.body,
        "tags": entry.tags if is_whole or record.tags else there.tags,
    }
    own = {"title": there.title, "text": there.body, "tags": there.tags}
    other = [what for what, value in given.items() if value != own[what]]
    if not other:
        return _at(record, step_of("keep", there))
    note = f"has another {' and '.join(other)} in the file; the entry was left as you have it"
    return _at(record, step_of("conflict", there, note))


def _refusal(line: int, reason: str) -> str:
    said = reason.rstrip(".")
    return f"line {line}: {said if said[:1].isupper() else f'the record {said}'}; it was not imported"


def _left_out(found: Iterable[Record | BadRecord]) -> list[str]:
    counts = Counter(key for each in found if isinstance(each, Record) for key in each.left_out)
    if not counts:
        return []
    keys = ", ".join(f"{key[:40]} ({count})" for key, count in counts.most_common(10))
    return [f"kb has no place for these keys, so they were not taken over: {keys}"]


def _at(record: Record, step: Step) -> Step:
    """Return a step as that of a record: what the entry came from before is another place."""
    return replace(step, number=None, first_line=record.line, last_line=record.line, file="")
