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
from kbnotes.kb.importing import Plan
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
        ids = _Ids(self._store)
        given = {
            at: ids.take(record.id, entry)
            for at, (record, entry) in enumerate(made)
            if record.id is not None and not known.has(at)
        }
        steps: list[Step] = []
        new: list[Entry] = []
        for at, (record, entry) in enumerate(made):
            if (there := known.entries.get(at)) is not None:
                steps.append(_kept(record, entry, there.entry))
            elif (gone := known.removed.get(at)) is not None:
                note = f"you removed it; `kb restore {gone.entry.id}` brings it back"
                steps.append(_step("removed", record, gone.entry, note))
            else:
                own = given.get(at)
                final = replace(self._tagged(record, entry), id=ids.following if own is None else own)
                ids.following += own is None
                is_moved = record.id is not None and own is None
                note = f"its id {record.id} is, or was, another entry's" if is_moved else ""
                new.append(final)
                steps.append(_step("add", record, final, note))
        return steps, new


class _Known:
    """Which entry, or removed entry, each record is, by its place in the file. None is two."""

    def __init__(self, store: Store, made: Sequence[Made]) -> None:
        self.entries: dict[int, StoredEntry] = {}
        self.removed: dict[int, StoredEntry] = {}
        self._pair(made, _readable(store), self.entries)
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
            if old and old.path in left and _is_of_one_kin(entry, old.entry):
                found[at] = left.pop(old.path)
        for key in (_title_and_body, _body):
            by_content: dict[Content, list[StoredEntry]] = {}
            for each in left.values():
                by_content.setdefault(key(each.entry), []).append(each)
            for at, (_, entry) in enumerate(made):
                if not self.has(at) and (same := by_content.get(key(entry))):
                    found[at] = left.pop(same.pop(0).path)


class _Ids:
    """Ids for new entries: a record's own where that was never another entry's, then the next free ones."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._used = store.given_ids()
        self._present = store.present_ids()
        self.following = store.next_id(self._used)

    def take(self, number: int, entry: Entry) -> int | None:
        """Return the id if the entry can have it: none had it, or this one did, and an undo took it away."""
        if number in self._present or (number in self._used and not self._was(number, entry)):
            return None
        self._used.add(number)
        self._present.add(number)
        self.following = max(self.following, number + 1)
        return number

    def _was(self, number: int, entry: Entry) -> bool:
        versions = self._store.history.versions(number)
        try:
            last = self._store.read_file(Path(versions[-1].path)).entry if versions else None
        except FormatError:
            return False
        return last is not None and _is_of_one_kin(entry, last)


def _readable(store: Store) -> list[StoredEntry]:
    found = []
    for name in store.scan():
        try:
            found.append(store.read(name))
        except FormatError:
            continue
    return found


def _is_of_one_kin(entry: Entry, other: Entry) -> bool:
    """Tell whether two entries with one id are versions of one."""
    return entry.created == other.created or entry.body == other.body


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
        return _step("keep", record, there)
    note = f"has another {' and '.join(other)} in the file; the entry was left as you have it"
    return _step("conflict", record, there, note)


def _refusal(line: int, reason: str) -> str:
    said = reason.rstrip(".")
    return f"line {line}: {said if said[:1].isupper() else f'the record {said}'}; it was not imported"


def _left_out(found: Iterable[Record | BadRecord]) -> list[str]:
    counts = Counter(key for each in found if isinstance(each, Record) for key in each.left_out)
    if not counts:
        return []
    keys = ", ".join(f"{key[:40]} ({count})" for key, count in counts.most_common(10))
    return [f"kb has no place for these keys, so they were not taken over: {keys}"]


def _step(action: str, record: Record, entry: Entry, note: str = "") -> Step:
    return Step(
        action=action,  # type: ignore[arg-type]
        id=entry.id,
        title=entry.title,
        tags=entry.tags,
        number=None,
        first_line=record.line,
        last_line=record.line,
        note=note,
    )
