"""A file system that is really full: what was there stays whole, and what was typed is not lost."""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

import kbnotes.cli.add
from kbnotes.store import files
from tests.torture.full_desk import Desk, Value
from tests.torture.mounts import be_private, make_image, mounted, mounted_memory, obstacle
from tests.torture.program import Program, Said
from tests.torture.sabotage import put
from tests.torture.suite import Run, Suite
from tests.torture.suites.states import spoil_os

KILOBYTES = 2048
BALLAST = 300 * 1024  # bytes that are freed in the end
NOTES = 4  # imported before the disk is full
ROOM = 20 * 1024  # bytes left at most by a filler
KINDS = ("ext4", "few inodes", "memory", "entries")  # one after the other: few rounds see them all


def run(run: Run) -> None:
    """Fill a small file system, use kb on it, make room, and use it again."""
    be_private()
    for number, rng in run.each():
        place = run.directory / str(number)
        place.mkdir(mode=0o700)
        kind = KINDS[number % len(KINDS)]
        with ExitStack() as stack:
            if kind == "memory":
                disk = stack.enter_context(mounted_memory(place / "disk", kilobytes=KILOBYTES))
            else:
                options = ("-N", "64") if kind == "few inodes" else ()
                image = make_image(place / "image", kilobytes=KILOBYTES, options=options)
                disk = stack.enter_context(mounted(image, place / "disk"))
            home = disk / "home" if rng.random() < 0.4 else place / "home"
            home.mkdir(mode=0o700)
            program = Program(base=disk / "base", home=home, environment={"KB_EDITOR": "true"})
            _round(Desk(disk, program, rng, run, number), kind)


def _round(desk: Desk, kind: str) -> None:
    rng = desk.rng
    (desk.disk / "ballast").write_bytes(rng.randbytes(BALLAST))
    desk.kb("init")
    for length in (20, 400, 9000):
        desk.kb("add", desk.text(length), "--tag", "old")
    desk.kb("edit", "1", "--title", "Before it was full")
    notes = [desk.text(20) for _ in range(NOTES)]
    _import_notes(desk, notes)
    desk.truth = desk.shown()
    ids = {value[2].strip(): number for number, value in desk.truth.items()}
    desk.imported = [ids[text] for text in notes if text in ids]
    if len(desk.truth) != 3 + NOTES or len(desk.imported) != NOTES:
        desk.complain(f"the base has {len(desk.truth)} entries before the disk is full")
        return
    commands: list[Callable[[Desk], object]] = [_add, _add, _add_typed, _edit, _tag, _rm, _search]
    rng.shuffle(commands)
    commands.insert(0, _fill_and_import) if kind == "ext4" else commands.append(_import)
    if kind == "few inodes":
        _use_up_names(desk)
    elif kind == "entries":
        _add_until_refused(desk)
    else:
        _fill(desk, room=rng.choice((0, rng.randint(0, ROOM))))
    for command in commands:
        command(desk)
    _make_room(desk)
    _works_again(desk)


def _fill(desk: Desk, *, room: int) -> None:
    """Write a file until nothing goes any more, then leave a little room again, or none."""
    with (desk.disk / "filler").open("wb", buffering=0) as file:
        for size in (65536, 4096, 512):
            try:
                while True:
                    file.write(b"\1" * size)
                    os.fsync(file.fileno())
            except OSError as error:
                if error.errno != errno.ENOSPC:
                    raise
        file.truncate(max(file.tell() - room, 0))
        os.fsync(file.fileno())


def _use_up_names(desk: Desk) -> None:
    """Make empty files until the file system has no inode left, then remove a few, or none."""
    (desk.disk / "many").mkdir()
    made: list[Path] = []
    try:
        while True:
            path = desk.disk / "many" / str(len(made))
            path.touch()
            made.append(path)
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
    for path in made[: desk.rng.randint(0, 4)]:
        path.unlink()


def _add_until_refused(desk: Desk) -> None:
    for _ in range(300):
        if _add(desk, length=desk.rng.randint(50_000, 250_000)).code:
            return
    desk.complain("the disk never got full")


def _add(desk: Desk, length: int = 0) -> Said:
    text = desk.text(length or desk.rng.choice((10, 300, 5000, 30_000)))
    said = desk.kb("add", "-", stdin=text.encode())
    _text_is_kept(desk, said, text)
    desk.expect("kb add -", said, texts=(text,))
    return said


def _add_typed(desk: Desk) -> None:
    text = desk.text(desk.rng.choice((10, 3000)))
    said = desk.kb("add", text, "--title", "Typed on the command line")
    _text_is_kept(desk, said, text)
    desk.expect("kb add TEXT", said, texts=(text,))


def _text_is_kept(desk: Desk, said: Said, text: str) -> None:
    """See that a text that was refused is whole in a draft, or else was shown."""
    if not said.code:
        return
    if any(text in draft for draft in _drafts(desk)):
        desk.count("kept in a draft")
    elif text in (said.out + said.err).decode(errors="replace"):
        desk.count("shown")
    else:
        desk.complain(f"what was typed is lost: {said.err.decode(errors='replace')[:200]}")


def _drafts(desk: Desk) -> list[str]:
    found = sorted((desk.disk / "base" / "drafts").glob("*.md"), key=lambda path: path.stat().st_mtime_ns)
    return [path.read_text("utf-8") for path in found]


def _some(desk: Desk, count: int) -> list[int]:
    """Pick entries; none that was imported, which a change would take out of the hands of `kb import`."""
    own = sorted(desk.truth.keys() - set(desk.imported))
    return sorted(desk.rng.sample(own, min(count, len(own))))


def _edit(desk: Desk) -> None:
    for number in _some(desk, 1):
        title = f"Title {desk.rng.getrandbits(32)}"
        said = desk.kb("edit", str(number), "--title", title)
        desk.expect("kb edit", said, {number: (title, *desk.truth[number][1:])})


def _tag(desk: Desk) -> None:
    picked, tag = _some(desk, 3), f"t{desk.rng.getrandbits(16)}"
    if picked:
        said = desk.kb("tag", "add", *map(str, picked), tag)
        new: dict[int, Value | None] = {}
        for number in picked:
            title, tags, body = desk.truth[number]
            new[number] = (title, (*tags, tag), body)
        desk.expect("kb tag add", said, new)


def _rm(desk: Desk) -> None:
    for number in _some(desk, 1):
        body = desk.truth[number][2].split()
        said = desk.kb("rm", str(number))
        desk.expect("kb rm", said, dict.fromkeys([number]))
        kept = [path.read_text("utf-8") for path in (desk.disk / "base" / "trash").glob("*.yaml")]
        if number not in desk.truth and not any(all(word in text for word in body) for text in kept):
            desk.complain(f"entry {number} is neither there nor in the trash")


def _fill_and_import(desk: Desk) -> None:
    """Import grown notes where there is room for the first of them, not for all: some replacement fails."""
    for _ in range(3):
        (desk.disk / "filler").unlink()
        _fill(desk, room=desk.rng.randint(ROOM // 2, ROOM))
        _import(desk, more=0)


def _import(desk: Desk, more: int = 3) -> None:
    """Import the notes again, grown: what takes an entry's place needs more room than the entry had."""
    desk.imports += 1
    lengths = [9000 * desk.imports - desk.rng.choice((0, 3000)) for _ in range(NOTES + more)]
    texts = [desk.text(length) for length in lengths]
    grown = dict(zip(desk.imported, texts, strict=False))
    said = _import_notes(desk, texts)
    now = desk.shown()
    new: dict[int, Value | None] = {
        number: now[number] if number in now and now[number][2].strip() == text else ("", (), text)
        for number, text in grown.items()
    }
    desk.expect("kb import", said, new, texts=tuple(texts))


def _import_notes(desk: Desk, texts: list[str]) -> Said:
    notes = desk.run.directory / f"notes-{desk.round}.md"
    notes.write_text("".join(f"{number}. {text}\n" for number, text in enumerate(texts, 1)))
    return desk.kb("import", str(notes))


def _search(desk: Desk) -> None:
    for number in _some(desk, 2):
        word = desk.truth[number][2].split()[0]
        said = desk.kb("search", word, "--json")
        hits = json.loads(said.out)["hits"] if not said.code else []
        if number not in [hit["id"] for hit in hits]:
            desk.complain(f"kb search does not find entry {number} on a full disk")


def _make_room(desk: Desk) -> None:
    for path in [desk.disk / "ballast", desk.disk / "filler", *(desk.disk / "many").glob("*")]:
        path.unlink(missing_ok=True)


def _works_again(desk: Desk) -> None:
    """See that every command is carried out now that there is room, and the last draft can be taken up."""
    drafts = _drafts(desk)
    for name, accepted in _again(desk, drafts[-1] if drafts else ""):
        if accepted.code:
            desk.complain(f"kb {name} ends with {accepted.code} after room was made: {accepted.err[:300]!r}")
    _search(desk)


def _again(desk: Desk, draft: str) -> Iterator[tuple[str, Said]]:
    if draft:
        words = [word for word in draft.split() if word.startswith(("begin", "end"))]
        said = desk.kb("add", "--resume")
        texts = tuple(
            value[2].strip() for value in desk.shown().values() if all(w in value[2] for w in words)
        )
        if not texts:
            desk.complain("a draft that was taken up is in no entry")
        desk.expect("kb add --resume", said, texts=texts)
        yield "add --resume", said
    yield "add", _add(desk)
    number = max(desk.truth)
    said = desk.kb("edit", str(number), "--title", "Again")
    desk.expect("kb edit", said, {number: ("Again", *desk.truth[number][1:])})
    yield "edit", said
    said = desk.kb("rm", str(number))
    desk.expect("kb rm", said, dict.fromkeys([number]))
    yield "rm", said


def _believe_every_write() -> None:
    """Take a write that the disk has no room for as done."""

    def write(handle: int, data: bytes) -> int:
        with suppress(OSError):
            os.write(handle, data)
        return len(data)

    spoil_os(write=write)


def _keep_no_draft() -> None:
    def add(base: Any, typed: str, *, title: str, tags: list[str]) -> Any:
        return base.add(typed, title=title, tags=tags)

    put(kbnotes.cli.add, "_add", add)


def _write_in_place() -> None:
    def replace(path: Path, content: bytes) -> None:
        path.write_bytes(content)

    put(files, "replace", replace)


SUITE = Suite(
    name="full",
    promise="On a full disk old entries stay whole, typed text is kept or shown, and room is all it takes.",
    unit="fills",
    figure=50,
    small=4,
    run=run,
    sabotages={
        "believe-every-write": _believe_every_write,
        "keep-no-draft": _keep_no_draft,
        "write-in-place": _write_in_place,
    },
    obstacle=obstacle,
)
