"""Entries are files that people read: the body of real Markdown is a `|` block, line for line."""

from __future__ import annotations

import random
import re
from datetime import UTC, datetime
from typing import Any

import yaml

import kbnotes.codec.entry as entry_codec
from kbnotes.codec import emit, encode_entry
from kbnotes.errors import KbError
from kbnotes.model import Entry
from tests.torture import texts
from tests.torture.sabotage import put
from tests.torture.suite import Run, Suite

AT_LEAST = 0.99  # of the bodies
NOW = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)
_BLOCK = re.compile(r"^body: \|[0-9]?[-+]?\n", re.MULTILINE)


def torture(run: Run) -> None:
    """Write a body a round: each whole section at hand in an order of the seed's, then passages."""
    bodies = texts.markdown_bodies()
    random.Random(run.seed).shuffle(bodies)
    blocks, blocks_of_yaml = 0, 0
    for number, rng in run.each():
        name, body = bodies[number] if number < len(bodies) else texts.passage(rng)
        if number % 2:
            body = body.rstrip("\n")  # as an import stores it; the others as `add` does
        said = _check(body)
        blocks += not said
        blocks_of_yaml += _by_pyyaml(body)
        if said and said != "no block":
            run.violation(f"{name}: {said}", at=number)
        elif said:
            run.figures.setdefault("first that is none", f"round {number}, {name}")
    run.figures["whole sections"] = len(bodies)
    if run.rounds:
        run.figures["readable"] = f"{blocks / run.rounds:.2%}"
        run.figures["by PyYAML's own dumper"] = f"{blocks_of_yaml / run.rounds:.1%}"
        if blocks < AT_LEAST * run.rounds:
            run.violation(
                f"{blocks:,} of {run.rounds:,} bodies are readable blocks, fewer than {AT_LEAST:.0%}"
            )


def _check(body: str) -> str:
    """Return what is wrong with the file of an entry with this body: "no block", worse, or nothing."""
    entry = Entry(id=7, title="A title", tags=("ml",), created=NOW, updated=NOW, body=body)
    try:
        text = encode_entry(entry)
    except KbError as error:
        return f"cannot be written ({error.message})"
    for loader in (yaml.SafeLoader, getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
        if yaml.load(text, Loader=loader)["body"] != body:
            return f"reads back as another text with {loader.__name__}"
    begins = _BLOCK.search(text)
    if not begins:
        return "no block"
    shown = text[begins.end() :].split("\n")
    lines = body.rstrip("\n").split("\n")
    if shown[: len(lines)] != [f"  {line}" if line else "" for line in lines]:
        return "no block"  # in name only: a person does not see the text's own lines
    return ""


class _Dumper(yaml.SafeDumper):
    """PyYAML's dumper, asked for a block."""


def _represent(dumper: Any, text: str) -> Any:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|")


_Dumper.add_representer(str, _represent)


def _by_pyyaml(body: str) -> bool:
    made = yaml.dump({"body": body}, Dumper=_Dumper, allow_unicode=True, width=2**31)
    return bool(re.match(r'"?body"?: \||\|-\n', made)) and '": "' not in made.split("\n")[0]


def _quotes_only() -> None:
    """Write every body in quotes."""
    put(entry_codec, "block", lambda _: None)


def _as_pyyaml_does() -> None:
    """Give up the block for blanks at the end of a line and for characters above the first 65,536."""
    before = emit.block
    given_up = re.compile("[ \t]\n|[^\x00-\uffff]|\t")
    put(entry_codec, "block", lambda text: None if given_up.search(text) else before(text))


def _no_indentation_indicator() -> None:
    """Let the reader guess the indentation of a block from its first line."""
    before = emit.block

    def block(text: str) -> str | None:
        made = before(text)
        return made and made.replace("|2", "|", 1)

    put(entry_codec, "block", block)


SUITE = Suite(
    name="readable",
    promise="At least 99 % of real Markdown bodies are stored as `|` blocks, line for line.",
    unit="bodies",
    figure=5_000,
    small=800,
    run=torture,
    sabotages={
        "quotes-only": _quotes_only,
        "as-pyyaml-does": _as_pyyaml_does,
        "no-indentation-indicator": _no_indentation_indicator,
    },
)
