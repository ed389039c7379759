"""Runs the console transcripts beside this file: what kb said must be what the transcript says.

A line `$ kb …` runs a command in the walk's own empty directory, with its own HOME. What follows it is what
comes out: stdout as it is, `2> ` before each line of stderr, `[1]` for an exit code other than 0. Directives:

    @ file NAME        write a file: the lines that follow, each behind `| `
    @ stdin            the standard input of the next command, likewise
    @ env NAME=VALUE   set a variable (HERE is the walk's directory)
    @ seed             write notes.md, the twenty notes of this repository
    @ process          run the commands below in processes of their own instead of in this one

Times, digests and directories are written as TIME, DAY, HOUR, DIGEST, HERE and HOME. `WRITE_WALKS=1 pytest
tests/walks` writes down what kb says now, to be read in the diff.
"""

from __future__ import annotations

import io
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from kbnotes.cli import run
from tests.conftest import SEED

# Whoosh leaves closing its files to the end of the process.
pytestmark = pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning")

WALKS = sorted(Path(__file__).parent.glob("*.txt"))
WRITE = "WRITE_WALKS" in os.environ  # read before a fixture cleans the environment
VARYING = (
    (r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ|\d{8}T\d{6}Z", "TIME"),
    (r"\b20\d\d-\d\d-\d\d\b", "DAY"),
    (r"(?<=DAY )\d\d:\d\d\b", "HOUR"),
    (r"\b[0-9a-f]{16}-[0-9a-f]{4}\b|\bTIME-[0-9a-f]{4,8}\b", "DIGEST"),
    (r"(?<=\.md-)[0-9a-f]{8}/\d{4}-TIME-[0-9a-f]{16}\b", "DIGEST"),
    (r'"score": [\d.]+', '"score": SCORE'),
)


class Walk:
    """One transcript on its way through kb."""

    def __init__(self, here: Path, patch: pytest.MonkeyPatch) -> None:
        self._here = here
        self._patch = patch
        self._stdin = b""
        self._in_process = True

    def play(self, transcript: str) -> str:
        """Run a transcript and return it as it should have been written."""
        said: list[str] = []
        lines = transcript.split("\n")
        for at, line in enumerate(lines):
            if line.startswith("$ "):
                said += [line, *self._command(shlex.split(line[2:]))]
            elif line.startswith("@ "):
                block = [each[2:] for each in _block(lines[at + 1 :])]
                self._directive(line[2:].split(" ", 1), "".join(f"{each}\n" for each in block))
                said += [line, *(f"| {each}".rstrip() for each in block)]
            elif line.startswith("#") or (not line and lines[at + 1 : at + 2] != [""]):
                said.append(line)
        return re.sub(r"\n{3,}", "\n\n", "\n".join(said)).strip("\n") + "\n"

    def _directive(self, words: list[str], block: str) -> None:
        value = words[-1].replace("HERE", str(self._here))
        match words[0]:
            case "file":
                (self._here / value).parent.mkdir(parents=True, exist_ok=True)
                (self._here / value).write_text(block, encoding="utf-8")
            case "stdin":
                self._stdin = block.encode()
            case "env":
                self._patch.setenv(*value.split("=", 1))
            case "seed":
                shutil.copy(SEED, self._here / "notes.md")
            case "process":
                self._in_process = False
            case other:
                raise ValueError(f"no directive: {other}")

    def _command(self, words: list[str]) -> list[str]:
        assert words[0] == "kb", "a walk runs nothing but kb"
        code, out, err = (self._inside if self._in_process else self._outside)(words[1:])
        self._stdin = b""
        lines = [line.rstrip() for line in self._steady(out).splitlines()]
        lines += [f"2> {line}".rstrip() for line in self._steady(err).splitlines()]
        return lines + ([f"[{code}]"] if code else [])

    def _inside(self, arguments: list[str]) -> tuple[int, str, str]:
        out, err = (io.TextIOWrapper(io.BytesIO(), "utf-8", write_through=True) for _ in range(2))
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(self._stdin), "utf-8"))
            patch.setattr(sys, "stdout", out)
            patch.setattr(sys, "stderr", err)
            code = run(arguments)
        return code, *(stream.buffer.getvalue().decode() for stream in (out, err))  # type: ignore[return-value]

    def _outside(self, arguments: list[str]) -> tuple[int, str, str]:
        command = [sys.executable, "-m", "kbnotes", *arguments]
        if self._stdin:
            done = subprocess.run(command, input=self._stdin, capture_output=True, check=False)
        else:
            done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=False)
        return done.returncode, done.stdout.decode(), done.stderr.decode()

    def _steady(self, text: str) -> str:
        for place, name in ((self._here, "HERE"), (Path(os.environ["HOME"]), "HOME")):
            text = text.replace(str(place.resolve()), name).replace(str(place), name)
        for pattern, name in VARYING:
            text = re.sub(pattern, name, text)
        return text


def _block(lines: list[str]) -> list[str]:
    """Return the lines at the beginning that belong to a directive."""
    end = next((at for at, line in enumerate(lines) if not line.startswith("|")), len(lines))
    return lines[:end]


@pytest.mark.parametrize("path", WALKS, ids=lambda path: path.stem)
def test_kb_says_what_the_transcript_says(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    transcript = path.read_text(encoding="utf-8")
    said = Walk(here, monkeypatch).play(transcript)
    if WRITE:
        path.write_text(said, encoding="utf-8")
    assert said == transcript
