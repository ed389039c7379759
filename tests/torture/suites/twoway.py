"""Random edits of a linked file and of its entries, a sync after each few: no line is lost, both sides agree.

A game is a base, a file and forty rounds. What a sync should do is worked out here from what was edited on
which side; what it must never do is lose a line that stood on either.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from kbnotes.errors import ConflictError, InputError, SelectorError, StorageError
from kbnotes.kb import KnowledgeBase, create_base, syncing
from kbnotes.kb.syncing import Round
from kbnotes.markdown import decode, newline_of, split
from kbnotes.model import Entry, Prefer, Report, Section
from kbnotes.store import Store
from kbnotes.store.linked import LinkedFiles
from tests.torture.sabotage import put
from tests.torture.suite import Run, Suite

ROUNDS = 40  # of a game
MOST_NOTES = 12
_MARKER = re.compile(r"[ \t]{0,3}\d+[.)]\s?")
_TOKEN = re.compile(r"w\d+")


class _Ended(BaseException):
    """kb is ended: nothing of it may catch this."""


@dataclass(slots=True)
class Game:
    """One base and one file, and what was edited on either side since the last sync."""

    run: Run
    number: int
    rng: random.Random
    place: Path
    kb: KnowledgeBase = field(init=False)
    clock: datetime = datetime(2026, 11, 27, 12, tzinfo=UTC)
    words: int = 0
    edited: dict[int, set[str]] = field(default_factory=dict)  # in kb: entry -> what was written into it
    touched: bool = False  # the file was edited
    stuck: set[int] = field(default_factory=set)  # entries that the last sync left in conflict

    def __post_init__(self) -> None:
        create_base(self.place / "base")
        self.kb = KnowledgeBase(self.place / "base", cache=self.place / "cache", now=self.now)
        end = self.rng.choice(["\n", "\n", "\r\n"])
        gap = self.rng.choice(["", end, end + end])
        close = self.rng.choice([". ", ") "])
        notes = [f"{n}{close}{self.word()}{end}{self.word()}{end}" for n in range(1, self.rng.randint(3, 7))]
        text = gap.join(notes)
        self.write(text if self.rng.random() < 0.7 else text.removesuffix(end))
        self.kb.import_file(self.file, keep=True)

    @property
    def file(self) -> Path:
        return self.place / "long.md"

    def now(self) -> datetime:
        self.clock += timedelta(minutes=1)
        return self.clock

    def word(self) -> str:
        """Return words of which one is new."""
        self.words += 1
        common = self.rng.sample(["bread", "oven", "KV cache", "*rye*", "`x`", "漢字"], 2)
        return f"{common[0]} w{self.words} {common[1]}"

    def text(self) -> str:
        return decode(self.file.read_bytes(), name="long.md")[0]

    def write(self, text: str) -> None:
        self.file.write_bytes(text.encode())

    def entries(self) -> dict[int, Entry]:
        store = Store(self.kb.base)
        stored = (store.read(name).entry for name in store.scan())
        return {entry.id: entry for entry in stored}

    def wrong(self, said: str) -> None:
        self.run.violation(said, at=self.number)


def torture(run: Run) -> None:
    """Play the games."""
    done = Counter[str]()
    for number, rng in run.each():
        place = run.directory / str(number)
        place.mkdir()
        game = Game(run, number, rng, place)
        before = len(run.violations)
        for _ in range(ROUNDS):
            _round(game, done)
            if len(run.violations) > before:
                break
    run.figures |= dict(done)


def _round(game: Game, done: Counter[str]) -> None:
    rng = game.rng
    game.edited, game.touched = {}, False
    notes_before = _bodies(game.text())
    for _ in range(rng.randint(0, 3)):
        _edit_file(game)
    for _ in range(rng.randint(0, 3)):
        _edit_base(game)
    lines, text = _lines_of_both(game), game.text()
    sides: list[Prefer | None] = ["kb", "file", *[None] * (2 if game.stuck else 8)]
    prefer = rng.choice(sides)
    try:
        if rng.random() < 0.1:
            _cut_off(game)
            done["cut off"] += 1
        report = game.kb.linked.sync(str(game.file.resolve()), prefer=prefer, yes=True)
    except InputError as error:
        game.wrong(f"sync fails: {error.message}")
        return
    done.update(step.action for step in report.steps)
    done["rounds"] += 1
    written = set(_TOKEN.findall(text)) - set(_TOKEN.findall("\n".join(notes_before)))
    if prefer != "kb" and (gone := written - set(_TOKEN.findall(game.text()))):
        game.wrong(f"what was written in the file is gone from it: {sorted(gone)} of {text!r:.500}")
    lost = lines - _lines_anywhere(game)
    if lost:
        game.wrong(f"lost {sorted(lost)[:3]} of {text!r:.300}")
    _both_agree(game, report)
    _edits_are_kept(game, report, prefer)
    _second_changes_nothing(game, prefer)
    game.stuck = set(report.ids("conflict"))


def _cut_off(game: Game) -> None:
    """End kb when the file is written and no entry is yet."""

    def end(*_: object, **__: object) -> object:
        raise _Ended

    before = put(Store, "commit", end)
    try:
        game.kb.linked.sync(str(game.file.resolve()), yes=True)
    except _Ended:
        pass
    finally:
        put(Store, "commit", before)


# Edits


def _edit_file(game: Game) -> None:
    text = game.text()
    sections = list(split(text).sections)
    end = newline_of(text) or "\n"
    notes = [at for at, section in enumerate(sections) if section.kind == "note"]
    change = game.rng.choice(
        [_line_changed] * 4
        + [_line_added] * 2
        + [_line_removed, _note_added, _note_removed, _notes_swapped, _blank]
    )
    if notes:
        game.write(change(game, sections, notes, end))
        game.touched = True


def _joined(sections: list[Section], at: int = -1, body: str = "") -> str:
    return "".join(
        each.marker + (body if place == at else each.body) + each.tail for place, each in enumerate(sections)
    )


def _line_changed(game: Game, sections: list[Section], notes: list[int], end: str) -> str:
    at = game.rng.choice(notes)
    lines = sections[at].body.split(end)
    line = game.rng.randrange(max(len(lines) - 1, 1))
    lines[line] = game.word() if game.rng.random() < 0.5 else f"{lines[line]} {game.word()}"
    return _joined(sections, at, end.join(lines))


def _line_added(game: Game, sections: list[Section], notes: list[int], end: str) -> str:
    at = game.rng.choice(notes)
    lines = sections[at].body.split(end)
    lines.insert(game.rng.randint(1, max(len(lines) - 1, 1)), game.rng.choice(["", "    "]) + game.word())
    return _joined(sections, at, end.join(lines))


def _line_removed(game: Game, sections: list[Section], notes: list[int], end: str) -> str:
    at = game.rng.choice(notes)
    lines = sections[at].body.split(end)
    if len(lines) > 2:
        del lines[game.rng.randrange(1, len(lines) - 1)]
    return _joined(sections, at, end.join(lines))


def _note_added(game: Game, sections: list[Section], notes: list[int], end: str) -> str:
    if len(notes) >= MOST_NOTES:
        return _note_removed(game, sections, notes, end)
    at = game.rng.choice([*notes, notes[-1] + 1])
    number = (sections[at - 1].number or 0) + 1 if at else 1
    before, after = _joined(sections[:at]), _joined(sections[at:])
    before += "" if not before or before.endswith(end) else end
    close = sections[notes[0]].marker.strip()[-1]
    new = f"{number}{close} {game.word()}{end}{game.word()}{end}"
    return before + new + (_renumbered(after, 1) if game.rng.random() < 0.6 else after)


def _note_removed(game: Game, sections: list[Section], notes: list[int], end: str) -> str:
    if len(notes) < 4:
        return _joined(sections)
    at = game.rng.choice(notes)
    after = _joined(sections[at + 1 :])
    return _joined(sections[:at]) + (_renumbered(after, -1) if game.rng.random() < 0.6 else after)


def _notes_swapped(game: Game, sections: list[Section], notes: list[int], end: str) -> str:
    one, other = game.rng.choice(notes), game.rng.choice(notes)
    pieces = [each.body if each.body.endswith(end) else each.body + end for each in sections]
    pieces[one], pieces[other] = pieces[other], pieces[one]
    return "".join(each.marker + body + each.tail for each, body in zip(sections, pieces, strict=True))


def _blank(game: Game, sections: list[Section], notes: list[int], end: str) -> str:
    at = game.rng.choice(notes)
    above = _joined(sections[:at])
    return above + ("" if not above or above.endswith(end) else end) + end + _joined(sections[at:])


def _renumbered(text: str, by: int) -> str:
    return re.sub(r"(?m)^(\d+)(?=[.)] )", lambda match: str(max(int(match[1]) + by, 1)), text)


def _edit_base(game: Game) -> None:
    rng, entries = game.rng, game.entries()
    if not entries:
        return
    entry = rng.choice(list(entries.values()))
    pick = rng.random()
    try:
        if pick < 0.75:
            body = _edited(game, entry.body)
            if game.kb.edit(str(entry.id), body=body, yes=True):
                new = set(_TOKEN.findall(body)) - set(_TOKEN.findall(entry.body))
                game.edited[entry.id] = game.edited.get(entry.id, set()) & set(_TOKEN.findall(body)) | new
        elif pick < 0.8:
            game.kb.edit(str(entry.id), title=game.word())
        elif pick < 0.85:
            game.kb.add(game.word())
        elif pick < 0.9 and len(entries) > 4:
            game.kb.remove([str(entry.id)])
            game.edited.pop(entry.id, None)
        elif pick < 0.95 and (gone := game.kb.trashed()):
            game.kb.restore([rng.choice(gone)[0]])
        else:
            game.kb.past.undo(yes=True)
            game.edited.clear()
            game.touched = True  # as good as: the file has what was taken back
    except (ConflictError, SelectorError, InputError, StorageError):
        pass


def _edited(game: Game, body: str) -> str:
    lines = body.rstrip("\n").split("\n")
    at = game.rng.randrange(len(lines))
    pick = game.rng.random()
    if pick < 0.4:
        lines[at] = f"{lines[at]} {game.word()}"
    elif pick < 0.6:
        lines[at] = game.word()
    elif pick < 0.85:
        lines.insert(at + 1, game.word())
    elif pick < 0.9 and len(lines) > 1:
        del lines[at]
    else:  # what would be a note, a heading or open code in the file
        lines.insert(
            at + 1, game.rng.choice(["1. {}", "3. {}", "# {}", "```{}", "", "- {}"]).format(game.word())
        )
    return "\n".join(lines) + game.rng.choice(["\n", "\n", "", "\n\n"])


# What must hold


def _plain(line: str) -> str:
    return _MARKER.sub("", line, count=1).strip()


def _lines(text: str) -> set[str]:
    return {plain for line in text.replace("\r", "\n").split("\n") if (plain := _plain(line))}


def _lines_of_both(game: Game) -> set[str]:
    return _lines(game.text()).union(*(_lines(entry.body) for entry in game.entries().values()))


def _lines_anywhere(game: Game) -> set[str]:
    """Return the lines of the file, what it held, the entries, their versions and the trash."""
    base, found = game.kb.base, _lines(game.text())
    for path in base.glob("linked/*/*"):
        found |= _lines(decode(path.read_bytes(), name="long.md")[0])
    store = Store(base)
    for path in (*base.glob("entries/*"), *base.glob("history/*/*"), *base.glob("trash/*.yaml")):
        found |= _lines(store.read_file(path).entry.body)
    return found


def _bodies(text: str) -> list[str]:
    end = newline_of(text)
    bodies = (each.body.replace(end, "\n") if end else each.body for each in split(text).sections)
    return [body.rstrip() for body in bodies if body.strip()]


_AGREE = ("add", "update", "keep", "write", "merge")


def _both_agree(game: Game, report: Report) -> None:
    """The file and the entries that the report does not call conflicts say the same."""
    entries = game.entries()
    agreed = Counter(
        entries[step.id].body.rstrip()
        for step in report.steps
        if step.action in _AGREE and step.id in entries
    )
    for body in (agreed - Counter(_bodies(game.text()))).elements():
        game.wrong(f"the entries say {body!r:.200}, the file does not: {game.text()!r:.600}")
    for step in report.steps:
        if step.action == "conflict":
            _is_kept_aside(game, step.id, step.note)


def _is_kept_aside(game: Game, entry_id: int, note: str) -> None:
    kept = [each for each in game.kb.past.versions(entry_id) if each.label == "file"]
    if "same lines" in note and not kept:
        game.wrong(f"entry {entry_id} is in conflict, and the file's text is not kept as a version")


def _edits_are_kept(game: Game, report: Report, prefer: Prefer | None) -> None:
    """What was edited on one side only, or merged, is what both sides say."""
    entries, actions = game.entries(), {step.id: step.action for step in report.steps}
    for entry_id, new in game.edited.items():
        entry, action = entries.get(entry_id), actions.get(entry_id)
        if entry is None or entry_id in game.stuck or action in (None, "missing", "conflict"):
            continue
        if prefer != "file" and action != "add" and new - set(_TOKEN.findall(entry.body)):
            game.wrong(f"entry {entry_id} lost {new}, written in kb: {entry.body!r}")
        if not game.touched and action == "update" and prefer != "file":
            game.wrong(f"entry {entry_id} was edited in kb alone, and took the file's text")


def _second_changes_nothing(game: Game, prefer: Prefer | None) -> None:
    before = _tree(game)
    report = game.kb.linked.sync(str(game.file.resolve()), prefer=prefer, yes=True)
    busy = [step.action for step in report.steps if step.action in ("add", "update", "write", "merge")]
    if busy or _tree(game) != before:
        changed = [path for path, content in _tree(game).items() if before.get(path) != content]
        game.wrong(f"a second sync changes something: {busy} {changed[:3]} {game.text()!r:.500}")


def _tree(game: Game) -> dict[str, bytes]:
    paths = (path for path in game.place.rglob("*") if "cache" not in path.parts and path.is_file())
    return {str(path.relative_to(game.place)): path.read_bytes() for path in paths}


# Defects


def kb_always_holds() -> None:
    def both(this: Round, old: Entry, made: Entry, mine: str) -> object:
        return this._write(old, made)

    put(Round, "_both", both)


def file_always_holds() -> None:
    def renew(this: Round, old: Entry, made: Entry) -> object:
        from kbnotes.kb.importing import step_of

        version = this.renewed(old, made)
        return step_of("update", version), version

    put(Round, "renew", renew)


def merge_takes_one() -> None:
    put(syncing, "merge", lambda base, one, other: other if other != base else one)


def nothing_is_kept_of_the_file() -> None:
    put(LinkedFiles, "_keep", lambda this, path, content: path)


def nothing_is_kept_aside() -> None:
    put(Store, "keep_aside", lambda this, entry, *, label: None)


def anything_goes_into_the_file() -> None:
    put(syncing, "_not_one_note", lambda look, reading, by: set())


SUITE = Suite(
    name="twoway",
    promise="however a linked file and its entries are edited, a sync loses no line and both say the same",
    unit="games",
    figure=250,
    small=3,
    run=torture,
    sabotages={
        "kb-always-holds": kb_always_holds,
        "file-always-holds": file_always_holds,
        "merge-takes-one": merge_takes_one,
        "nothing-is-kept-of-the-file": nothing_is_kept_of_the_file,
        "nothing-is-kept-aside": nothing_is_kept_aside,
        "anything-goes-into-the-file": anything_goes_into_the_file,
    },
)
