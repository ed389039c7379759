"""Hostile strings in every field, through every command: what commands a terminal is shown and never sent."""

from __future__ import annotations

import json
import os
import random
import re
import shlex
import shutil
from collections.abc import Callable
from itertools import chain
from pathlib import Path
from typing import Any

import typer

import kbnotes.render.safe as safe_module
from kbnotes.cli.main import app
from kbnotes.render import as_json, messages, progress
from tests.torture.hostile_text import hostile, sent
from tests.torture.program import Program, Said
from tests.torture.sabotage import put
from tests.torture.suite import Run, Suite
from tests.torture.terminal import COLUMNS, run_on_terminal

PER_ROUND = 2  # commands
NEVER = 1e9  # seconds
_MARK = re.compile("{[sfd]}")
_NO_NAME = re.compile("[/\0]")

# `{s}` is the hostile string, `{f}` a file of hostile text with a hostile name.
COMMANDS = tuple(
    tuple(shlex.split(line))
    for line in """
    list | list --json | list --sort title | list -t {s} | list --json -t {s} | list --sort {s} |
    list -n {s} | list --{s} | search oven | search oven --json | search {s} | search --json {s} |
    search -t {s} oven | search ovne {s} | search '"{s}"' | search tag:{s} | show 1 | show 1 --json |
    show 1 2 3 | show {s} | show --json {s} | show 7 | show 8 | show oven | show 1 --raw |
    show 1 2 3 --raw | tags | tags --json | tag add 1 {s} | tag rm 1 {s} | tag rename {s} x |
    tag rename oven {s} | tag add 1 more | tag {s} | add {s} | add text --title {s} -t {s} | add - |
    add --title {s} - | add | add --resume | edit 1 | edit {s} | edit 1 --title {s} | edit 7 | rm 1 |
    rm {s} | rm 1 2 3 | restore | restore 1 | restore {s} | restore 1@{s} | import {f} |
    import --dry-run {f} | import --json {f} | import --encoding {s} {f} | import {s}.md |
    import {f} {s}.md | init {d} | init {f} | --base {s} list | --base {d} list | {s} | --{s} | -{s} |
    --version {s} | --help | --debug list -n {s} | --debug show {s} | --debug import {s}.md |
    export -f json | export -f html | export oven -f csv | export --to {d} | export --to {s}.json |
    export -f obsidian --to out | --debug {s} | --debug --base {s} list | --debug edit 1 | --debug show 7 |
    --debug search {s}
    """.split("|")
)


def torture(run: Run) -> None:
    """Put one hostile string everywhere and run the next two commands, piped or on a terminal."""
    commands = [*COMMANDS, *_of_every_command()]
    bar = put(progress, "PATIENCE", NEVER)  # a slow machine shows a bar, which is no violation
    kept = 0
    for number, rng in run.each():
        place = run.directory / f"r{number}"
        made = _Place(place, hostile(rng), rng)
        os.chdir(place)  # where `kb init NAME` makes its directory
        before: list[tuple[str, ...]] = (
            [("rm", "2"), ("edit", "3", "--title", made.text)] if rng.random() < 0.3 else []
        )
        for arguments in before:
            made.program.run(*made.filled(arguments))
        for turn in range(PER_ROUND):
            arguments = commands[(PER_ROUND * number + turn) % len(commands)]
            terminal = rng.random() < 0.5
            shows_bar = terminal and arguments[0] == "import" and rng.random() < 0.5
            put(progress, "PATIENCE", -1.0 if shows_bar else NEVER)
            said = made.run(arguments, terminal=terminal)
            kept += sum(map(len, (said.out, said.err)))
            for wrong in _wrong(said, arguments, terminal=terminal, bar=shows_bar):
                how = "terminal" if terminal else "pipe"
                run.violation(
                    f"kb {' '.join(arguments)} ({how}): {wrong}; s is {made.text!r:.120}", at=number
                )
        os.chdir(run.directory)
        shutil.rmtree(os.fsencode(place))
    put(progress, "PATIENCE", bar)
    run.figures["commands"] = len(commands)
    run.figures["bytes read"] = kept


def _wrong(said: Said, arguments: tuple[str, ...], *, terminal: bool, bar: bool) -> list[str]:
    """Return what is wrong with what a command said."""
    found = []
    is_raw = "--raw" in arguments or arguments[0] == "export"
    raw = is_raw and not terminal  # the bytes as they are stored: what a pipe is for
    for name, written in (("stdout", said.out), ("stderr", said.err)):
        if not (raw and name == "stdout") and (bad := sent(written, terminal=terminal, bar=bar)):
            found.append(f"sent {bad}" if terminal else f"sent {bad} to {name}")
    if (
        said.code < 0
        or said.code in (70, 99)
        or (b"Traceback" in said.out + said.err and "--debug" not in arguments)
    ):
        found.append(f"ended with {said.code}: {(said.err or said.out)[-200:]!r}")
    if "--json" in arguments and not terminal and said.out:
        try:
            json.loads(said.out)
        except ValueError as error:
            found.append(f"its JSON cannot be read ({error})")
    return found


def _of_every_command() -> list[tuple[str, ...]]:
    """Return a few lines for each command that kb has by now, so that none is forgotten here."""
    group: Any = typer.main.get_command(app)
    names = chain(
        ((name,) for name in group.commands),
        (("tag", name) for name in group.commands["tag"].commands),
    )
    endings = (("{s}",), ("1",), ("1", "{s}"), ("--help",), ("--{s}",), ("--json", "{s}"), ())
    return [(*name, *ending) for name in sorted(names) for ending in endings]


class _Place:
    """A base with the hostile string in each of its parts, and a home to run kb in."""

    def __init__(self, directory: Path, text: str, rng: random.Random) -> None:
        self.directory = directory
        self.text = text
        name = (
            _NO_NAME.sub("", text).encode("utf-8", "surrogateescape")[:150].decode("utf-8", "surrogateescape")
        )
        self.name = "".join(char for char in name if not "\ud800" <= char < "\udc80")
        self.argument = text.replace("\0", "")
        self.argument = "".join(
            char
            for char in self.argument
            if (not "\ud800" <= char < "\udc80" and char < "\udd00") or char > "\udfff"
        )
        self.base = directory / (f"base{self.name}" if rng.random() < 0.3 else "base")
        self.file = directory / f"{self.name}.md"
        self._write(rng)
        draft = directory / "draft.md"
        _put(
            draft,
            f"---\ntitle: {text}\ntags: {rng.choice((text, 'a, b'))}\n"
            f"{rng.choice(('', text + chr(10)))}---\n{text}\n",
        )
        editors = (
            f"cp {shlex.quote(str(draft))}",
            f"/nowhere/{self.argument}",
            f"'{self.argument}",
            "false",
            f"true {self.argument}",
        )
        environment = {"TERM": "xterm-256color", "COLUMNS": str(COLUMNS), "KB_EDITOR": rng.choice(editors)}
        if rng.random() < 0.1:
            environment |= {"EDITOR": f"/nowhere/{self.argument}", "KB_EDITOR": ""}
        home = directory / "home"
        home.mkdir()
        if rng.random() < 0.05:
            _put(
                home / ".config" / "kb" / "config.toml",
                rng.choice((f"{_quoted(text)} = 1\n", f"x = {text}\n", text)),
            )
        self.program = Program(base=self.base, home=home, environment=environment)

    def _write(self, rng: random.Random) -> None:
        text, quoted = self.text, _quoted(self.text)
        body = _quoted(
            f"# {text}\n\n{text}\n\n- {text}\n\n    {text}\n\n"
            f"```{text}\n{text}\n```\n\n> {text}\n\n<i>{text}</i>\n\n"
            f"[{text}](http://oven.example/{text}) ![{text}](x.png '{text}')\n\n"
            f"[{text}]: http://y.example/{text}\n\n"
            f"| {text} | b |\n|---|---|\n| {text} | oven |\n\n**{text}** *{text}* `{text}` ~~{text}~~\n"
        )
        entries = {
            "0001-x.yaml": f"title: {quoted}\ntags: [{quoted}, oven]\nbody: {body}\n"
            f"source:\n  file: {quoted}\n"
            f"  number: 7\n  lines: 1-2\n  digest: {quoted}\n  marker: {quoted}\n  section: [{quoted}]\n",
            "0002-x.yaml": f"title: {quoted}\nbody: {quoted}\n{quoted}: {quoted}\n",
            f"0003-{self.name}.yaml": f"title: oven\ntags: [oven]\nbody: {quoted}\n",
        }
        for at, (name, content) in enumerate(entries.items(), 1):
            _put(self.base / "entries" / name, f"--- # kb\nid: {at}\n{content}...\n")
        broken = (
            f"id: 7\n{quoted}: a\n{quoted}: b\n", f"id: {quoted}\nbody: x\n", f"id: 7\nbody: !{text}\n", text,
            f"id: 7\nsource: {{{quoted}: a}}\nbody: x\n", f"id: 7\nbody: {text}\n",
            f"id: 7\n{quoted}: {{a: [*{text}]}}\n",
        )  # fmt: skip
        if rng.random() < 0.5:
            _put(self.base / "entries" / f"0007-{self.name}.yaml", rng.choice(broken))
        if rng.random() < 0.2:
            _put(self.base / "entries" / "0008-twin.yaml", f"id: 1\ntitle: {quoted}\nbody: {quoted}\n")
        topics = (
            f"{quoted}: {{}}\n",
            f"oven:\n  keywords: [{quoted}, oven]\n  implies: [{quoted}]\n",
            f"oven: {{{quoted}: x}}\n",
            text,
        )
        _put(self.base / "topics.yaml", rng.choice((*topics, "oven: {keywords: [oven]}\n", "oven: {}\n")))
        _put(self.file, f"# {text}\n\n1. {text}\n\n2. oven {text}\n   {text}\n\n## {text}\n\n2. {text}\n")
        if rng.random() < 0.1:
            self.file.write_bytes(b"1. caf\xe9 " + text.encode("utf-8", "surrogateescape"))

    def filled(self, arguments: tuple[str, ...]) -> list[str]:
        """Return the words of a command line, as a shell could hand them over."""
        values = {"{s}": self.argument, "{f}": str(self.file), "{d}": str(self.directory / f"new{self.name}")}
        return [_MARK.sub(lambda mark: values[mark.group()], word) for word in arguments]

    def run(self, arguments: tuple[str, ...], *, terminal: bool) -> Said:
        """Run a command of the list."""
        stdin = self.text.encode("utf-8", "surrogateescape") if "-" in arguments else b"oven\n"
        opens_editor = arguments in (("add",), ("add", "--resume")) or arguments[0] == "edit"
        if terminal:
            return run_on_terminal(
                self.program, *self.filled(arguments), stdin=None if opens_editor else stdin
            )
        return self.program.run(*self.filled(arguments), stdin=None if opens_editor else stdin)


def _put(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode("utf-8", "surrogateescape"))


def _quoted(text: str) -> str:
    """Return `text` as YAML in double quotes, everything but letters and digits as an escape."""
    whole = "".join("\ufffd" if "\ud800" <= char <= "\udfff" else char for char in text)
    return '"' + "".join(c if c.isascii() and c.isalnum() else f"\\U{ord(c):08x}" for c in whole) + '"'


def _letting(characters: str) -> Callable[[], None]:
    """Return what makes the sanitiser let these through."""

    def sabotage() -> None:
        before = safe_module._UNSAFE
        put(safe_module, "_UNSAFE", re.compile(f"(?![{characters}]){before.pattern}"))

    return sabotage


def _raw_json() -> None:
    """Write JSON as it comes."""
    put(as_json, "safe_json", lambda text: text)


def _raw_errors() -> None:
    """Write messages as they come."""
    put(messages, "safe", lambda text: text)


def _raw_lines() -> None:
    """Write notices and warnings as they come."""
    put(messages, "safe_line", lambda text: text)


SUITE = Suite(
    name="termfuzz",
    promise="Whatever stands in notes, names and arguments, nothing that commands a terminal reaches it.",
    unit="strings",
    figure=10_000,
    small=150,
    run=torture,
    sabotages={
        "c1-let-through": _letting("\x80-\x9f"),
        "bidi-let-through": _letting("\u202a-\u202e\u2066-\u2069"),
        "tag-characters-let-through": _letting("\U000e0000-\U000e007f"),
        "raw-json": _raw_json,
        "raw-errors": _raw_errors,
        "raw-notices": _raw_lines,
    },
)
