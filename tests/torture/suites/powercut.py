"""Real power cuts, as a disk sees them: a file system's image is copied while kb writes to it."""

from __future__ import annotations

import json
import os
import random
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.torture.crash_rules import in_process
from tests.torture.mounts import be_private, make_image, mounted, obstacle
from tests.torture.program import Program
from tests.torture.suite import Run, Suite
from tests.torture.suites.states import drop, spoil_os

IMAGE_KILOBYTES = 24 * 1024
EARLY = (15, 60)  # acknowledged before each of the first cuts, before the file system writes by itself
ADDS = (60, 660)  # before a later one; 360 on average, so about 10,000 in 30 cuts
EARLY_CUTS = 2
WRITERS = 2
QUIET = 0.005  # seconds
PATIENCE = 600.0  # seconds for the adds of one round

Value = dict[str, Any] | None  # title, tags and body of an entry; None for one that is removed


@dataclass(slots=True)
class Known:
    """What the writers have said of an entry: what it must be, and what it may be already."""

    must: Value = None
    may: list[Value] = field(default_factory=list)
    is_acknowledged: bool = False


def run(run: Run) -> None:
    """Let writers write, cut the power, and compare what is left with what was acknowledged."""
    be_private()
    adds = lost = 0
    for number, rng in run.each():
        place = run.directory / str(number)
        place.mkdir(mode=0o700)
        make_image(place / "image", kilobytes=IMAGE_KILOBYTES)
        with mounted(place / "image", place / "disk") as disk:
            wanted = rng.randint(*(EARLY if number < EARLY_CUTS else ADDS))
            known = _cut(disk / "base", place, wanted, rng)
        adds += sum(each.is_acknowledged for each in known.values())
        with mounted(place / "copy", place / "after") as after:
            said = _compare(after / "base", place, known)
        lost += len(said)
        for each in said[:5]:
            run.violation(each, at=number)
        for name in ("image", "copy"):
            (place / name).unlink()
    run.figures["acknowledged adds"] = adds
    run.figures["lost or damaged"] = lost


def _cut(base: Path, place: Path, wanted: int, rng: random.Random) -> dict[int, Known]:
    """Write until the power goes; return what is known of each entry at that moment."""
    program = Program(base=base, home=place)
    made = program.run("init")
    if made.code:
        raise RuntimeError(f"kb init: {made.err!r}")
    os.sync()
    seed = rng.random()
    right_after = rng.random() < 0.5  # an acknowledgement; or else at any moment
    logs = [place / f"log-{number}" for number in range(WRITERS)]
    writers = [_start(base, place / f"home-{n}", log, f"{seed}:{n}") for n, log in enumerate(logs)]
    try:
        _wait_for(logs, wanted)
        if not right_after:
            time.sleep(rng.random() * 0.1)
        for writer in writers:
            os.killpg(writer, signal.SIGSTOP)
        _copy(place / "image", place / "copy")
        return _known(logs)
    finally:
        for writer in writers:
            os.killpg(writer, signal.SIGKILL)
            os.waitpid(writer, 0)


def _wait_for(logs: list[Path], wanted: int) -> None:
    """Wait until the writers have had that many adds acknowledged."""
    until = time.monotonic() + PATIENCE
    while sum(log.read_bytes().count(b'"added"') for log in logs if log.exists()) < wanted:
        if time.monotonic() > until:
            raise TimeoutError(f"{wanted} adds took more than {PATIENCE:.0f} s")
        time.sleep(0.001)


def _copy(image: Path, copy: Path) -> None:
    """Copy an image at one moment: until two readings are the same, nothing having reached it between.

    The writers stand still; what the kernel was doing for them may still be under way.
    """
    before = b""
    for _ in range(200):
        content = image.read_bytes()
        if content == before:
            copy.write_bytes(content)
            return
        before = content
        time.sleep(QUIET)
    raise RuntimeError("the image never stood still")


def _start(base: Path, home: Path, log: Path, seed: str) -> int:
    """Start a process that runs one command after the other, and return its id, a group of its own."""
    home.mkdir(mode=0o700)
    pid = os.fork()
    if pid:
        with suppress(PermissionError):  # it has done so itself by now
            os.setpgid(pid, pid)
        return pid
    try:
        os.setpgid(0, 0)
        os.environ.update({"HOME": str(home), "KB_BASE": str(base)})
        handle = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        _write(random.Random(seed), seed, lambda said: os.write(handle, json.dumps(said).encode() + b"\n"))
    finally:
        os._exit(1)


def _write(rng: random.Random, seed: str, note: Callable[[dict[str, Any]], object]) -> None:
    """Add entries for ever, and now and then change or remove one of them; note what and when.

    The commands run in this process: one is acknowledged once it has returned.
    """
    own: dict[int, dict[str, Any]] = {}
    count = 0
    while True:
        count += 1
        if len(own) < 3 or rng.random() < 0.8:
            text = f"Text {seed} {count} " + "word " * rng.choice((1, 20, 100, 100, 1500))
            value: dict[str, Any] = {"body": text.strip() + "\n"}
            arguments = ["add", "--", text.strip()]
        else:
            entry_id = rng.choice(list(own))
            value = dict(own[entry_id])
            kind = rng.choice(("edit", "tag", "rm"))
            if kind == "edit":
                value["title"] = f"Title {count}"
                arguments = ["edit", str(entry_id), "--title", value["title"]]
            elif kind == "tag":
                value["tags"] = [*value.get("tags", []), f"t{count}"]
                arguments = ["tag", "add", str(entry_id), f"t{count}"]
            else:
                value = {}
                arguments = ["rm", str(entry_id)]
            note({"about to": entry_id, "value": value or None})
        code, out, err = in_process(arguments)
        if code:
            note({"failed": arguments[0], "said": err})
        elif arguments[0] == "add":
            entry_id = int(out.split()[1])
            own[entry_id] = value
            note({"added": entry_id, "value": value})
        else:
            note({"done": entry_id, "value": value or None})
            own[entry_id] = value
            if not value:
                del own[entry_id]


def _known(logs: list[Path]) -> dict[int, Known]:
    """Return what the logs say of each entry; commands that failed are told under the id 0 and below."""
    known: dict[int, Known] = {}
    for log in logs:
        for line in log.read_text("utf-8").splitlines():
            said = json.loads(line)
            if "about to" in said:
                known[said["about to"]].may.append(said["value"])
            elif "failed" in said:
                known[-len(known)] = Known(must={"failed": f"kb {said['failed']}: {said['said']}"})
            else:
                entry_id = said.get("added", said.get("done"))
                known[entry_id] = Known(said["value"], is_acknowledged=True)
    return known


def _compare(base: Path, place: Path, known: dict[int, Known]) -> list[str]:
    """Return what is wrong with a base after the cut, by what kb shows of it."""
    failed = [str(each.must["failed"]) for number, each in known.items() if number <= 0 and each.must]
    program = Program(base=base, home=place)
    listed = program.run("list", "--json")
    if listed.code or b"cannot be read" in listed.err:
        failed.append(f"kb list ends with {listed.code}: {listed.err.decode(errors='replace')[:500]}")
    ids = [each["id"] for each in json.loads(listed.out)["entries"]] if not listed.code else []
    shown: dict[int, dict[str, Any]] = {}
    for at in range(0, len(ids), 200):
        some = program.run("show", "--json", *map(str, ids[at : at + 200]))
        if some.code:
            failed.append(f"kb show ends with {some.code}: {some.err.decode(errors='replace')[:500]}")
        else:
            shown |= {each["id"]: each for each in json.loads(some.out)["entries"]}
    trash = {int(line.split()[0]) for line in program.run("restore").out.splitlines() if line.split()}
    for number, each in known.items():
        if number > 0 and not any(_is(shown.get(number), value) for value in (each.must, *each.may)):
            failed.append(f"entry {number} is {_said(shown.get(number))}, not {_said(each.must)}")
        elif number > 0 and number not in shown and number not in trash:
            failed.append(f"entry {number} is neither there nor in the trash")
    after = program.run("add", "after the cut")
    if after.code or int(after.out.split()[1]) in known:
        failed.append(f"the next add ends with {after.code}: {after.out!r} {after.err!r}")
    return failed


def _is(shown: dict[str, Any] | None, value: Value) -> bool:
    return (shown is None) == (value is None) and all(
        shown is not None and shown[name] == wanted for name, wanted in (value or {}).items()
    )


def _said(value: Value) -> str:
    return "missing" if value is None else repr(value)[:160]


def _drop_every_fsync() -> None:
    spoil_os(fsync=lambda _: None)


SUITE = Suite(
    name="powercut",
    promise="What was acknowledged before a power cut is there after it, whole.",
    unit="cuts",
    figure=30,
    small=2,
    run=run,
    # Dropping only those of directories is not seen here: ext4 commits names with the next file it syncs. The
    # suite `states` sees it.
    sabotages={
        "drop-every-fsync": _drop_every_fsync,
        "drop-file-fsync": lambda: drop(directories=False),
    },
    obstacle=obstacle,
)
