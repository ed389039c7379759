"""Runs kb on a terminal: its output goes to a pseudo-terminal, and what arrives there is read."""

from __future__ import annotations

import os
import select
import signal
import termios
import time

from tests.torture.program import TIMEOUT, Program, Said

COLUMNS, LINES = 100, 40


def run_on_terminal(program: Program, *arguments: str, stdin: bytes | None = b"") -> Said:
    """Run a command to its end; `out` is all that it wrote on stdout and stderr."""
    master, slave = os.openpty()
    modes = termios.tcgetattr(slave)
    modes[1] &= ~termios.OPOST  # else each line end comes with a carriage return of the terminal's own
    termios.tcsetattr(slave, termios.TCSANOW, modes)
    termios.tcsetwinsize(slave, (LINES, COLUMNS))
    started = time.monotonic()
    pid = os.fork()
    if pid == 0:
        code = 99
        try:
            os.close(master)
            with os.fdopen(slave, "wb", buffering=0, closefd=False) as file:
                code = program._become(arguments, stdin, file, file)
        finally:
            os._exit(code)
    os.close(slave)
    out = _all(master, pid, started + TIMEOUT)
    os.close(master)
    return Said(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), out, b"", time.monotonic() - started)


def _all(master: int, pid: int, until: float) -> bytes:
    pieces: list[bytes] = []
    while True:
        ready, _, _ = select.select([master], [], [], max(0.0, until - time.monotonic()))
        if not ready:
            os.kill(pid, signal.SIGKILL)
            return b"".join(pieces)
        try:
            piece = os.read(master, 65536)
        except OSError:  # Linux says EIO when the other end is closed
            piece = b""
        if not piece:
            return b"".join(pieces)
        pieces.append(piece)
