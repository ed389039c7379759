"""A linked file and its entries, edited on either side -> the same text on both.

What both had last is the body with the digest in an entry's source; the history has it still if the entry was
edited since. So nothing has to be remembered beside the entries, and a crash between the writing of the file
and that of the entries leaves no state of its own: the next sync finds both sides with the same text.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from kbnotes import codec
from kbnotes.errors import FormatError
from kbnotes.kb.importing import Held, Importer, Plan, step_of, with_source
from kbnotes.kb.making import Made
from kbnotes.kb.merging import merge
from kbnotes.model import By, Entry, Prefer, Step, StoredEntry
from kbnotes.record import replace

_NO_NOTE = (
    "its text would not be this one note in the file; indent its lines, or keep numbers off their start"
)
_MET = (
    "changed here and in the file, in the same lines; the file's text is kept as a version, see `kb log {}`"
)


@dataclass(frozen=True, slots=True)
class TwoWay:
    """What a sync will do: to the entries, to the file, and what it keeps aside."""

    plan: Plan  # for the entries; its report tells of both sides
    text: str  # of the file
    aside: tuple[Entry, ...]  # with the file's text, where the two could not be made one


class Round(Importer):
    """One comparison of a linked file with its entries, either of which may have changed."""

    prefer: Prefer | None = None
    refused: Collection[int] = ()  # ids of entries whose text cannot stand in the file
    known: Sequence[StoredEntry | None] | None = None  # which entry each note is, where that is known
    settled: Collection[int] = ()  # ids of entries that take what the file has

    def begin(self, reading: Made) -> Plan:
        """Return what the entries become; `wanted` and `aside` say what else there is to do."""
        self.wanted: dict[int, str] = {}  # the bodies that notes are to get, by the id() of what they make
        self.owners: dict[int, int] = {}  # the id of the entry whose text that is
        self.aside: list[Entry] = []
        return self.compare([reading], self.held(lambda file: file == reading.file, files=[reading.file]))

    def pairs(self, made: list[Entry], held: Held) -> list[tuple[Entry, StoredEntry | None]]:
        """Return each note with its entry, which is known for a text that kb itself has made."""
        known = self.known
        found = super().pairs(made, held) if known is None else list(zip(made, known, strict=True))
        self.paired = [old for _, old in found]
        return found

    def renew(self, old: Entry, made: Entry) -> tuple[Step, Entry]:
        """Return what becomes of an entry, and want for its note what the entry has that the file has not."""
        was = old.source.digest if old.source else ""
        mine, theirs = as_in_file(old.body, made.body), made.body
        if mine == theirs:
            return step_of("keep", old), with_source(old, made)
        if old.id in self.settled:
            version = self.renewed(old, made)
            return step_of("update", version), version
        if codec.digest(theirs) == was:
            return self._write(old, made)
        if was in (codec.digest(mine), codec.digest(old.body)):
            version = self.renewed(old, made)
            return step_of("update", version), version
        return self._both(old, made, mine)

    def _both(self, old: Entry, made: Entry, mine: str) -> tuple[Step, Entry]:
        base = self._base(old, made)
        merged = None if base is None else merge(base, mine, made.body)
        if merged is None:
            if self.prefer == "kb":
                return self._write(old, made)
            if self.prefer == "file":
                merged = made.body
            else:
                kept = _placed(old, made)
                self.aside.append(replace(kept, body=made.body))
                return step_of("conflict", old, _MET.format(old.id)), kept
        if merged == mine:
            return self._write(old, made)
        version = self.renewed(old, replace(made, body=merged))
        if merged == made.body:
            return step_of("update", version), version
        if old.id in self.refused:
            return step_of("conflict", old, _NO_NOTE), _placed(old, made)
        self._want(old, made, merged)
        return step_of("merge", version), version

    def _write(self, old: Entry, made: Entry) -> tuple[Step, Entry]:
        if old.id in self.refused:
            return step_of("conflict", old, _NO_NOTE), _placed(old, made)
        self._want(old, made, as_in_file(old.body, made.body))
        return step_of("write", old), with_source(old, made)

    def _want(self, old: Entry, made: Entry, body: str) -> None:
        self.wanted[id(made)] = body
        self.owners[id(made)] = old.id

    def _base(self, old: Entry, made: Entry) -> str | None:
        """Return the body that the entry and its note had last; None if no version has it any more."""
        was = old.source.digest if old.source else ""
        for version in reversed(self.store.history.versions(old.id)):
            try:
                body = self.store.read_file(Path(version.path)).entry.body
            except FormatError:
                continue
            for each in (body, as_in_file(body, made.body)):
                if codec.digest(each) == was:
                    return each
        return None


def _placed(old: Entry, made: Entry) -> Entry:
    """Return an entry in conflict: as it was, but found again where its note is another one by now."""
    was, now = old.source, made.source
    if was is None or now is None:
        return old
    if (was.section, was.number) == (now.section, now.number):
        return replace(old, source=replace(was, first_line=now.first_line, last_line=now.last_line))
    return replace(old, source=replace(now, digest=was.digest))


def plan_both(new_round: Callable[[], Round], text: str, *, file: str, by: By | None) -> TwoWay:
    """Return what makes a linked file, which holds `text`, and its entries the same. Writes nothing."""
    refused: set[int] = set()
    while True:
        look = new_round()
        look.refused = refused
        reading = look.read(text, file=file, by=by)
        plan = look.begin(reading)
        if not look.wanted:
            return TwoWay(plan=plan, text=text, aside=tuple(look.aside))
        wrong = _not_one_note(look, reading, by)
        if not wrong:
            break
        refused |= wrong
    # The entries change as if the file were so already, and kb had been ended before it could write them.
    again = new_round()
    again.refused, again.known, again.settled = refused, look.paired, frozenset(look.owners.values())
    new_text = composed(reading, look.wanted)
    after = again.begin(again.read(new_text, file=file, by=by))
    return TwoWay(
        plan=Plan(reports=plan.reports, new=after.new, changed=after.changed, missing=after.missing),
        text=new_text,
        aside=tuple(again.aside),
    )


def as_in_file(body: str, there: str) -> str:
    """Return an entry's body as its note has it: without blank lines behind it, ending as `there` ends."""
    lines = body.split("\n")
    while lines and not lines[-1].strip():
        lines.pop()
    ending = "\n" if there.endswith("\n") or not there else ""
    return "\n".join(lines) + ending if lines else there if not there.strip() else ending


def composed(reading: Made, wanted: dict[int, str], *, only: int | None = None) -> str:
    """Return the text of a file with the bodies that are wanted, of the section `only` or of all."""
    pieces, made = [], reading.by_section
    for at, section in enumerate(reading.sections):
        entry = made.get(at)
        body = wanted.get(id(entry)) if entry and only in (None, at) else None
        if body is None or entry is None:
            pieces += [section.marker, section.body, section.tail]
        else:
            newline = entry.source.newline if entry.source else "\n"
            was_empty = section.marker.endswith((".", ")")) and not section.body.strip()
            space = " " if was_empty and body.strip() else ""  # `1.text` would be no item for Markdown
            pieces += [section.marker + space, body.replace("\n", newline), section.tail]
    return "".join(pieces)


def _not_one_note(look: Round, reading: Made, by: By | None) -> set[int]:
    """Return the ids of the entries whose text would not be read back as the one note it is written to."""
    made = reading.by_section
    places = [at for at, entry in made.items() if id(entry) in look.wanted]
    if _reads_back(look, reading, by, places):
        return set()
    owner = {at: look.owners[id(made[at])] for at in places}
    wrong = {owner[at] for at in places if not _reads_back(look, reading, by, [at])}
    return wrong or set(owner.values())


def _reads_back(look: Round, reading: Made, by: By | None, places: list[int]) -> bool:
    """Tell whether a file with the bodies wanted at some places has the same notes, with those bodies."""
    only = places[0] if len(places) == 1 else None
    again = look.read(composed(reading, look.wanted, only=only), file=reading.file, by=by)
    made, made_again = reading.by_section, again.by_section
    if len(again.sections) != len(reading.sections) or made_again.keys() != made.keys():
        return False
    for at, entry in made.items():
        new = made_again[at]
        body = look.wanted.get(id(entry), entry.body) if at in places else entry.body
        if new.body != body or new.source is None or entry.source is None:
            return False
        if (new.source.number, new.source.section) != (entry.source.number, entry.source.section):
            return False
    return True
