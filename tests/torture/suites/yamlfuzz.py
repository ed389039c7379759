"""Hostile files: each loads or is one typed error, soon and in little memory, and none ends the process."""

from __future__ import annotations

import gc
import json
import os
import random
import resource
import signal
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import yaml

import kbnotes.codec.entry as entry_codec
import kbnotes.codec.topics as topics_codec
from kbnotes.codec import encode_entry, reader
from kbnotes.errors import FormatError, InputError
from kbnotes.kb import KnowledgeBase, create_base
from kbnotes.kb.fresh import read_topics
from kbnotes.model import Entry
from kbnotes.store import Store
from tests.torture import hostile_yaml, texts
from tests.torture.pace import slowness
from tests.torture.sabotage import put
from tests.torture.suite import Run, Suite

CPU = 0.2  # seconds a file may take, at the pace of the reference machine
MEMORY = 100 * 1024 * 1024  # bytes that it may take
HANGS = 2.0  # seconds of CPU after which a file is given up
FENCE = 1024 * 1024 * 1024  # bytes: so that a bomb takes down its own process only
BATCH = 50  # files that one process reads
LONGEST = 1_000  # characters of a message
SPARSE = 300 * 1024 * 1024  # bytes of a file that is one hole
NAME, TOPICS = "0007-x.yaml", "topics.yaml"

Case = tuple[int, str, bytes | None, bool]  # round, what it is, content (None: one hole), as topics


def torture(run: Run) -> None:
    """Read each file made by hand as an entry and as topics, then a mutant a round."""
    base = run.directory / "base"
    create_base(base)
    originals = _originals(run.directory / "seeds")
    by_hand = list(_by_hand())
    outcomes: dict[str, int] = {}
    waiting: list[Case] = []
    for number, rng in run.each():
        if number < len(by_hand):
            waiting.append((number, *by_hand[number]))
        else:
            waiting.append(_mutant(number, rng, originals))
        if len(waiting) == BATCH:
            _read_all(waiting, base, run, outcomes)
            waiting = []
    _read_all(waiting, base, run, outcomes)
    run.figures["made by hand"] = min(len(by_hand), run.rounds)
    run.figures["loaded"] = outcomes.get("loads", 0)
    run.figures["refused"] = outcomes.get("refused", 0)
    run.figures["most CPU ms"] = round(outcomes.get("CPU", 0) / 1e6, 1)
    run.figures["most MB"] = round(outcomes.get("memory", 0) / 1024 / 1024, 1)


def _by_hand() -> Iterator[tuple[str, bytes | None, bool]]:
    yield "a hole of 300 MB", None, False
    for name, content in hostile_yaml.hand_made().items():
        yield name, content, False
        yield f"{name}, as topics", content, True


def _mutant(number: int, rng: random.Random, originals: dict[bool, list[bytes]]) -> Case:
    as_topics = rng.random() < 0.2
    return number, "mutant", hostile_yaml.mutant(rng, originals[as_topics]), as_topics


def _originals(directory: Path) -> dict[bool, list[bytes]]:
    """Return real files to change: entries of the project's own notes, odd ones, and topics."""
    create_base(directory)
    KnowledgeBase(directory, cache=directory / "cache").import_file(texts.ROOT / "notes" / "notes.md")
    entries = [path.read_bytes() for path in sorted((directory / "entries").glob("*.yaml"))]
    rng = random.Random("originals")
    stored = Store(directory)
    first = stored.read(sorted(stored.scan())[0]).entry
    for _ in range(20):
        body = "".join(char for char in texts.any_text(rng) if not "\ud800" <= char <= "\udfff")
        odd = Entry(
            id=7, title=body[:40], tags=("a", "no"), created=first.created, updated=first.updated, body=body
        )
        entries.append(encode_entry(odd).encode())
    topics = [(place / TOPICS).read_bytes() for place in (directory, texts.ROOT / "notes")]
    return {False: entries, True: topics}


def _read_all(cases: list[Case], base: Path, run: Run, outcomes: dict[str, int]) -> None:
    """Read files in a process of its own, and those behind one that ended it in the next."""
    while cases:
        told = base.parent / "told"
        code = _in_child(cases, base, told)
        lines = [json.loads(line) for line in told.read_text("utf-8").splitlines()]
        begun = sum("begins" in line for line in lines)
        for line in lines:
            if "begins" not in line:
                _judge(line, run, outcomes)
        if code == 0:
            cases = cases[begun:]
            continue
        number, what, content, _ = cases[max(begun - 1, 0)]
        how = f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"
        run.violation(f"{what}: reading it ended the process with {how}{_sample(content)}", at=number)
        cases = cases[max(begun, 1) :]


def _judge(line: dict[str, Any], run: Run, outcomes: dict[str, int]) -> None:
    outcomes["CPU"] = max(outcomes.get("CPU", 0), int(line["cpu"] * 1e9))
    outcomes["memory"] = max(outcomes.get("memory", 0), line["memory"])
    outcomes[line["outcome"]] = outcomes.get(line["outcome"], 0) + 1
    for said in line["said"]:
        run.violation(f"{line['what']}: {said}", at=line["round"])


def _in_child(cases: list[Case], base: Path, told: Path) -> int:
    with told.open("wb", buffering=0) as file:
        pid = os.fork()
        if pid == 0:
            code = 99
            try:
                _fence()
                _read_each(cases, base, file.fileno())
                code = 0
            finally:
                os._exit(code)
        return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def _fence() -> None:
    gc.collect()
    gc.freeze()
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (used + FENCE, used + FENCE))


def _read_each(cases: list[Case], base: Path, told: int) -> None:
    """Read files until all are read or one has taken too much memory, which shows only once a process."""
    before = _most_memory()
    for number, what, content, as_topics in cases:
        path = base / TOPICS if as_topics else base / "entries" / NAME
        if content is None:
            with path.open("wb") as file:
                file.truncate(SPARSE)
        else:
            path.write_bytes(content)
        os.write(told, json.dumps({"begins": number}).encode() + b"\n")
        cpu, outcome, said = _timed(path, as_topics=as_topics)
        memory = _most_memory() - before
        if cpu > CPU and cpu > CPU * slowness():
            said.append(f"took {cpu:.2f} s of CPU{_sample(content)}")
        if memory > MEMORY:
            said.append(f"took {memory // 1024 // 1024} MB{_sample(content)}")
        line = {"round": number, "what": what, "cpu": cpu, "memory": memory, "outcome": outcome, "said": said}
        os.write(told, json.dumps(line).encode() + b"\n")
        if content is None:
            path.unlink()
        if memory > MEMORY // 2:  # what is left of one file must not count for the next
            return


def _timed(path: Path, *, as_topics: bool) -> tuple[float, str, list[str]]:
    """Return the CPU seconds of reading a file, the least of three if that matters, and what came of it."""
    times: list[float] = []
    while not times or (CPU < times[-1] < 4 * CPU and len(times) < 3):
        signal.setitimer(signal.ITIMER_VIRTUAL, HANGS)  # its signal ends even a loop in C
        began = time.process_time()
        outcome, said = _read(path, as_topics=as_topics)
        times.append(time.process_time() - began)
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    return min(times), outcome, said


def _read(path: Path, *, as_topics: bool) -> tuple[str, list[str]]:
    try:
        if as_topics:
            read_topics(path)
            return "loads", []
        entry = Store(path.parent.parent).read(path.name).entry
    except FormatError as error:
        return "refused", _message(error.message, path.name)
    except Exception as error:
        return "fails", [f"{type(error).__name__} instead of FormatError: {error!s:.100}"]
    return "loads", _saves(entry)


def _message(message: str, name: str) -> list[str]:
    said = []
    if not message.startswith(name):
        said.append(f"the message does not begin with the file's name: {message:.100}")
    if len(message) > LONGEST or "\n" in message:
        said.append(f"the message is no sentence but {len(message):,} characters: {message!r:.100}")
    return said


def _saves(entry: Entry) -> list[str]:
    """Say what is wrong if an entry that was read could not be written again."""
    try:
        encode_entry(entry)
    except (FormatError, InputError) as error:
        return [f"what was read cannot be written again: {error.message:.200}"]
    return []


def _most_memory() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def _sample(content: bytes | None) -> str:
    return f": {content!r:.90}" if content is not None else ""


def _safe_load() -> None:
    """Let PyYAML's own loader have each file first."""
    for room in (entry_codec, topics_codec):
        before = room.read_map

        def read_map(text: str, *, name: str, before: Any = before) -> Any:
            try:
                yaml.load(text, Loader=yaml.SafeLoader)
            except yaml.YAMLError as error:
                raise FormatError(f"{name}: {str(error).splitlines()[0][:80]}.") from None
            return before(text, name=name)

        put(room, "read_map", read_map)


def _c_loader() -> None:
    """Let PyYAML's loader in C build each file first."""
    for room in (entry_codec, topics_codec):
        before = room.read_map

        def read_map(text: str, *, name: str, before: Any = before) -> Any:
            with suppress(yaml.YAMLError):
                yaml.compose(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
            return before(text, name=name)

        put(room, "read_map", read_map)


def _no_depth() -> None:
    """Follow lists and maps however deep they are."""
    put(reader, "MAX_DEPTH", 10**9)


def _untranslated() -> None:
    """Let PyYAML's errors through as they are."""

    def next_event(self: Any) -> Any:
        event = next(self._events)
        self._line = event.end_mark.line + 1
        return event

    put(reader._Reader, "_next", next_event)


SUITE = Suite(
    name="yamlfuzz",
    promise="A hostile file loads or is one typed error, within 0.2 s and 100 MB, and never a crash.",
    unit="files",
    figure=50_200,
    small=3_000,
    run=torture,
    sabotages={
        "safe-load": _safe_load,
        "loader-in-c": _c_loader,
        "no-depth-limit": _no_depth,
        "untranslated-errors": _untranslated,
    },
)
