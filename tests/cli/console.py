"""Runs kb for a test, in this process or in one of its own."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from kbnotes.cli import run

PROGRAM = (sys.executable, "-m", "kbnotes")


@dataclass(frozen=True)
class Said:
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        """The JSON on stdout."""
        return dict(json.loads(self.out))

    @property
    def problem(self) -> dict[str, Any]:
        """The JSON on stderr."""
        return dict(json.loads(self.err))


class Stream(io.TextIOWrapper):
    """A stream in memory that may say it is a terminal."""

    def __init__(self, *, terminal: bool = False) -> None:
        super().__init__(io.BytesIO(), "utf-8", write_through=True, newline="\n")
        self._terminal = terminal

    def isatty(self) -> bool:
        return self._terminal

    @property
    def text(self) -> str:
        return self.buffer.getvalue().decode()  # type: ignore[attr-defined,no-any-return]


def kb(*arguments: str, stdin: bytes = b"", terminal: bool = False) -> Said:
    """Run kb in this process."""
    out, err = Stream(terminal=terminal), Stream(terminal=terminal)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin), "utf-8"))
        patch.setattr(sys, "stdout", out)
        patch.setattr(sys, "stderr", err)
        code = run(arguments)
    return Said(code, out.text, err.text)


def process(
    *arguments: str | bytes, environment: Mapping[str, str] | None = None, directory: Path | None = None
) -> Said:
    """Run kb as the shell does; `environment` is added to the test's own."""
    done = subprocess.run(
        [*PROGRAM, *arguments],
        env={**os.environ, **(environment or {})},
        cwd=directory,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
        timeout=60,
    )
    return Said(done.returncode, done.stdout.decode(), done.stderr.decode())


def one_sentence(said: Said, *, code: int) -> str:
    """Return the one sentence with which a command failed, after checking that it is one."""
    assert "Traceback" not in said.err
    assert said.code == code, said.err
    lines = [line for line in said.err.splitlines() if line.startswith("kb: ")]
    assert len(lines) == 1, said.err
    return lines[0].removeprefix("kb: ")


def editor(directory: Path, script: str, *, name: str = "editor") -> str:
    """Write a fake editor, a shell script that gets the draft as $1, and return the command that runs it."""
    path = directory / name
    path.write_text(script, encoding="utf-8")
    return f"sh '{path}'"


def entry_files(base: Path) -> Sequence[Path]:
    """Return the entry files of a base."""
    return sorted((base / "entries").glob("*.yaml"))
