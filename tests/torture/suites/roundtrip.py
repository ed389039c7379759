"""Text to file to text: any string in any field comes back as it was, for kb and for plain YAML readers."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from unittest import mock

import yaml

import kbnotes.codec.entry as entry_codec
from kbnotes.codec import decode_entry, emit, encode_entry, reader
from kbnotes.errors import FormatError, InputError, KbError
from kbnotes.kb import KnowledgeBase, create_base
from kbnotes.model import Entry, Source
from tests.torture import texts
from tests.torture.sabotage import put
from tests.torture.suite import Run, Suite

BATCH = 100  # texts that Hypothesis makes of one seed
ADD_EVERY = 100  # rounds between two that go through `add` and `show`
NOW = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)
PARSERS: dict[str, Any] = {"PyYAML": yaml.SafeLoader}
OTHERS: dict[str, Any] = {"BaseLoader": yaml.BaseLoader, "SafeLoader": yaml.SafeLoader}
if yaml.__with_libyaml__:
    PARSERS["libyaml"] = yaml.CSafeLoader
    OTHERS |= {"CBaseLoader": yaml.CBaseLoader, "CSafeLoader": yaml.CSafeLoader}


def torture(run: Run) -> None:
    """Write and read an entry of odd strings a round; every second string is Hypothesis's."""
    names = list(texts.categories())
    seen: set[str] = set()
    refused = 0
    for number, rng in run.each():
        category = names[number % len(names)]
        seen.add(category)
        if number % 2:
            made = texts.hypothesis_texts(f"{run.seed}:{number // BATCH}", BATCH)
            text = made[number % BATCH % len(made)]
        else:
            text = texts.any_text(rng, category=category)
        broken, was_refused = _check(_entry(text, rng), run.directory / "0007-x.yaml")
        refused += was_refused
        for said in broken:
            run.violation(f"{said}: {text!r:.300}", at=number)
        if number % ADD_EVERY == 0:
            for said in _added(text, run.directory / f"base-{number}"):
                run.violation(f"{said}: {text!r:.300}", at=number)
    run.figures["categories"] = len(seen)
    run.figures["parsers"] = " ".join(PARSERS)
    run.figures["refused as no UTF-8"] = refused


def _entry(text: str, rng: random.Random) -> Entry:
    """Return an entry with `text` in all fields or one of them, and other odd texts elsewhere."""

    def some() -> str:
        if rng.random() < 0.2:
            return rng.choice(texts.YAML_MARKS)
        return text if rng.random() < 0.5 else _whole(texts.any_text(rng))

    source = Source(
        file=some(),
        number=rng.choice((None, 0, 7, 10**17)),
        first_line=3,
        last_line=9,
        digest=rng.choice(("a" * 64, "", some())),
        marker=rng.choice(("", some())),
        section=tuple(some() for _ in range(rng.randrange(3))),
        newline=rng.choice(("\n", "\r\n", "\r")),
    )
    return Entry(
        id=7,
        title=some(),
        tags=tuple(dict.fromkeys(some() for _ in range(rng.randrange(4)))),
        created=NOW,
        updated=NOW,
        body=text if rng.random() < 0.8 else text + "\n" + some(),
        source=source if rng.random() < 0.5 else None,
        extra=rng.choice(("", "", "mood: good\n", "seen: [1.10, no]  # kept\n", "more:\n  deep:\n    - x\n")),
    )


def _whole(text: str) -> str:
    """Return `text` without halves of characters: the one that is asked about shall decide."""
    return "".join(char for char in text if not "\ud800" <= char <= "\udfff")


def _check(entry: Entry, path: Path) -> tuple[list[str], bool]:
    """Return what is wrong with writing and reading `entry`, and whether it was rightly refused."""
    is_text = _is_utf8("".join(_strings(entry)))
    try:
        text = encode_entry(entry)
    except InputError:
        return (["refused although it is text"] if is_text else []), not is_text
    except FormatError as error:
        return [f"could not be written ({error.message})"], False
    if not is_text:
        return ["was written although it is no UTF-8"], False
    path.write_bytes(text.encode("utf-8"))
    raw = path.read_bytes().decode("utf-8")
    broken = [] if raw == text else ["the file holds another text"]
    for name, loader in PARSERS.items():
        with _reading_with(loader):
            try:
                if decode_entry(raw, name=path.name) != entry:
                    broken.append(f"{name} reads another entry")
            except FormatError as error:
                broken.append(f"{name} cannot read it ({error.message})")
    return broken + [
        said for name, loader in OTHERS.items() for said in _read_by(name, loader, raw, entry)
    ], False


def _read_by(name: str, loader: Any, raw: str, entry: Entry) -> Iterator[str]:
    """Yield what a plain reader of YAML finds different from what was meant."""
    try:
        found = yaml.load(raw, Loader=loader)
    except (yaml.YAMLError, ValueError) as error:
        yield f"{name} cannot read it ({type(error).__name__})"
        return
    expected: dict[str, object] = {"title": entry.title, "tags": list(entry.tags), "body": entry.body}
    if entry.source:
        found |= {f"source {key}": value for key, value in found["source"].items()}
        expected |= {"source file": entry.source.file}
        if entry.source.marker:
            expected["source marker"] = entry.source.marker
        if entry.source.section:
            expected["source section"] = list(entry.source.section)
    for key, value in expected.items():
        if found.get(key) != value:
            yield f"{name} reads another {key}"


def _added(text: str, directory: Path) -> Iterator[str]:
    """Yield what is wrong with a text that goes in by `add` and comes out by `show`."""
    create_base(directory)
    base = KnowledgeBase(directory, cache=directory / "cache")
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "\ufffd").split("\n")
    full = [at for at, line in enumerate(lines) if line.strip()]
    try:
        base.add(text, title="A title")
        body = base.show(["1"])[0].entry.body
    except InputError:
        if full and _is_utf8(text):
            yield "add refused it"
        return
    except KbError as error:
        yield f"add and show fail ({error.message})"
        return
    if body != "\n".join(lines[full[0] : full[-1] + 1]) + "\n":
        yield f"add and show make {body!r:.100} of it"


def _strings(entry: Entry) -> Iterator[str]:
    yield from (entry.title, entry.body, *entry.tags)
    if entry.source:
        source = entry.source
        yield from (source.file, source.list_marker, source.digest, source.lead, source.tail, *source.section)


def _is_utf8(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


@contextmanager
def _reading_with(loader: Any) -> Iterator[None]:
    before = put(reader, "_loader", lambda _: loader)
    try:
        yield
    finally:
        put(reader, "_loader", before)


def _no_indentation_indicator() -> None:
    """Let the reader guess the indentation of a block from its first line; no reading back before writing."""
    before = emit.block

    def block(text: str) -> str | None:
        made = before(text)
        return made and made.replace("|2", "|", 1)

    put(entry_codec, "block", block)


def _all_plain() -> None:
    """Write every title and tag bare, unless the reader cannot read that at all."""
    before = emit.scalar
    put(entry_codec, "scalar", lambda text: text if text.isalnum() else before(text))


def _other_line_ends() -> None:
    """Write blocks for texts with line ends that YAML turns into its own."""
    put(emit, "_NOT_IN_BLOCK", re.compile("[\x00-\x08\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]"))


def _chomped() -> None:
    """Take a body's last line end for none of its own, and do not read back what is about to be written."""
    before = emit.block

    def block(text: str) -> str | None:
        made = before(text)
        return made and made.replace("|-", "|", 1)

    put(entry_codec, "block", block)
    put(entry_codec, "decode_entry", lambda *_, **__: mock.ANY)  # equal to everything


SUITE = Suite(
    name="roundtrip",
    promise="Any text in any field comes back from its file as it was, whoever reads the file.",
    unit="strings",
    figure=20_000,
    small=1_500,
    run=torture,
    sabotages={
        "no-indentation-indicator": _no_indentation_indicator,
        "bare-words": _all_plain,
        "other-line-ends-in-blocks": _other_line_ends,
        "chomped-and-not-read-back": _chomped,
    },
)
