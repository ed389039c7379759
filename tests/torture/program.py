"""Runs kb as a process of its own, quickly: forked from this one, which has all of kb imported already."""

from __future__ import annotations

import gc
import os
import signal
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

import kbnotes.codec
import kbnotes.kb.changes
import kbnotes.kb.drafts
import kbnotes.kb.importing
import kbnotes.markdown
import kbnotes.render.as_json
import kbnotes.render.entry
import kbnotes.render.hits
import kbnotes.render.json_reports
import kbnotes.render.lists
import kbnotes.render.reports
import kbnotes.tagging  # noqa: F401 (all these: so that a forked process has nothing left to import)
from kbnotes.cli import run

TIMEOUT = 60.0  # seconds


@dataclass(frozen=True, slots=True)
class Said:
    """What a command left behind. A code below 0 is the signal that ended it."""

    code: int
    out: bytes
    err: bytes
    seconds: float


@dataclass(slots=True)
class Running:
    """A command that has been started."""

    pid: int
    out: IO[bytes]
    err: IO[bytes]
    started: float = field(default_factory=time.monotonic)

    def kill(self) -> None:
        """Send it SIGKILL; one that has ended already is left alone."""
        os.kill(self.pid, signal.SIGKILL)

    def wait(self, timeout: float = TIMEOUT) -> Said:
        """Wait for its end. A command that takes longer than `timeout` is killed, which shows as code -9."""
        until = time.monotonic() + timeout
        while True:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                break
            if time.monotonic() > until:
                self.kill()
                until = float("inf")
            time.sleep(0.0005)
        seconds = time.monotonic() - self.started
        self.out.seek(0)
        self.err.seek(0)
        with self.out, self.err:
            return Said(os.waitstatus_to_exitcode(status), self.out.read(), self.err.read(), seconds)


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """kb for one base, with a home of its own."""

    base: Path
    home: Path
    environment: Mapping[str, str] = field(default_factory=dict)

    def run(self, *arguments: str, stdin: bytes | None = b"", timeout: float = TIMEOUT) -> Said:
        """Run a command to its end; `stdin` None is /dev/null, which lets `kb add` open an editor."""
        return self.start(*arguments, stdin=stdin).wait(timeout)

    def start(self, *arguments: str, stdin: bytes | None = b"") -> Running:
        """Start a command in a process of its own and return at once."""
        out, err = tempfile.TemporaryFile(), tempfile.TemporaryFile()  # noqa: SIM115 (closed by `wait`)
        sys.stdout.flush()
        pid = os.fork()
        if pid == 0:
            code = 99
            try:
                code = self._become(arguments, stdin, out, err)
            finally:
                os._exit(code)
        return Running(pid, out, err)

    def _become(self, arguments: Sequence[str], stdin: bytes | None, out: IO[bytes], err: IO[bytes]) -> int:
        gc.freeze()
        # A process in the background, or under nohup, has been told to ignore these.
        signal.signal(signal.SIGHUP, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        with Path(os.devnull).open("r+b") if stdin is None else tempfile.TemporaryFile() as typed:
            typed.write(stdin or b"")
            typed.seek(0)
            os.dup2(typed.fileno(), 0)
        os.dup2(out.fileno(), 1)
        os.dup2(err.fileno(), 2)
        sys.stdin = os.fdopen(0, encoding="utf-8", errors="surrogateescape", closefd=False)
        sys.stdout = os.fdopen(1, "w", encoding="utf-8", closefd=False)
        sys.stderr = os.fdopen(2, "w", encoding="utf-8", closefd=False)
        for name in [each for each in os.environ if each.startswith(("KB_", "XDG_", "EDITOR", "VISUAL"))]:
            del os.environ[name]
        os.environ.update({"HOME": str(self.home), "KB_BASE": str(self.base), **self.environment})
        try:
            code = run(list(arguments))
        except SystemExit as ending:
            code = ending.code if isinstance(ending.code, int) else 1
        sys.stdout.flush()
        sys.stderr.flush()
        return code
