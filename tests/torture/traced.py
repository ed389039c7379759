"""Runs kb under a trace of its calls, with an editor whose calls belong to the trace, too."""

from __future__ import annotations

import os
import pickle
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

from tests.torture.program import Program
from tests.torture.trace import EDITOR, OPEN, Call, Recorder

_CALL = subprocess.call


@dataclass(frozen=True, slots=True, kw_only=True)
class TracedProgram(Program):
    """kb, run so that its calls below `root` are written to the file `trace` when it ends."""

    root: Path
    trace: Path
    typed: str = ""  # what the editor adds to the file it is given

    def _become(self, arguments: Sequence[str], stdin: bytes | None, out: IO[bytes], err: IO[bytes]) -> int:
        recorder = Recorder(os.path.realpath(self.root))
        recorder.install()
        for name in ("call", "run"):
            setattr(subprocess, name, self._editor(recorder, getattr(subprocess, name)))
        code = Program._become(self, arguments, stdin, out, err)
        recorder.note("done")
        with OPEN(self.trace, "wb") as file:
            pickle.dump(recorder.calls, file)
        return code

    def _editor(self, recorder: Recorder, real: Callable[..., object]) -> Callable[..., object]:
        """Return an editor that stands in for another process: its calls belong to the trace, too."""

        def edit(command: Sequence[str], *others: object, **options: object) -> object:
            if command[0] != EDITOR:
                return real(command, *others, **options)
            with OPEN(command[-1], "rb") as file:
                content = file.read() + f"\n{self.typed}\n".encode()
            handle = os.open(command[-1], os.O_WRONLY | os.O_TRUNC)
            os.write(handle, content)
            os.fsync(handle)
            os.close(handle)
            recorder.note("saved", self.typed.encode())
            return 0 if real is _CALL else subprocess.CompletedProcess(command, 0)

        return edit


def load(trace: Path) -> list[Call]:
    """Return what a traced command has recorded."""
    return cast("list[Call]", pickle.loads(trace.read_bytes()))
