"""The preload shim (shim.c): built for a run, loaded from the start of a process, armed for one command."""

from __future__ import annotations

import ctypes
import errno
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.torture.suite import Run

SOURCE = Path(__file__).with_name("shim.c")
LOADED = "TORTURE_SHIM"  # in the environment of a process that has it: where it is
_COUNT, _KILL, _FAIL, _TEAR_KILL, _TEAR_FAIL, _SHORT = range(6)


@dataclass(frozen=True, slots=True)
class Fault:
    """What happens at the nth call."""

    name: str
    action: int
    error: int = 0
    sticky: bool = False
    only: str = ""  # the one kind of call that it makes sense for

    @property
    def kills(self) -> bool:
        """Tell whether the process is gone afterwards."""
        return self.action in (_KILL, _TEAR_KILL)

    @property
    def refuses(self) -> bool:
        """Tell whether a call says that it failed."""
        return self.action in (_FAIL, _TEAR_FAIL)


KILLED = Fault("killed", _KILL)
TORN = Fault("killed half-way", _TEAR_KILL, only="write")
SHORT = Fault("half written, which is no error", _SHORT, only="write")
_NAMES = ("ENOSPC", "EIO", "EACCES", "EROFS", "EDQUOT")
FAULTS = (
    KILLED,
    TORN,
    SHORT,
    *(Fault(f"{each} once", _FAIL, getattr(errno, each)) for each in _NAMES),
    *(Fault(f"{each} from then on", _FAIL, getattr(errno, each), sticky=True) for each in _NAMES),
    Fault("half written, then ENOSPC once", _TEAR_FAIL, errno.ENOSPC, only="write"),
    Fault("half written, then ENOSPC for good", _TEAR_FAIL, errno.ENOSPC, sticky=True, only="write"),
)


def obstacle() -> str:
    """Return why there can be no shim here, or ""."""
    if sys.platform != "linux":
        return "the preload shim needs Linux"
    return "" if shutil.which("gcc") else "there is no gcc to build the preload shim with"


def hand_over(run: Run, suite: str) -> bool:
    """Let a process with the shim in it do this run, and take over its report; False in that process."""
    if LOADED in os.environ:
        return False
    library, report = run.directory / "shim.so", run.directory / "report.json"
    build = [
        "gcc",
        "-O1",
        "-shared",
        "-fPIC",
        "-Wno-nonnull-compare",
        "-o",
        str(library),
        str(SOURCE),
        "-ldl",
    ]
    subprocess.run(build, check=True)
    command = [sys.executable, "-m", "tests.torture", suite, "--json", str(report)]
    command += ["--n", str(run.n), "--seed", str(run.seed)]
    command += ["--only", str(run.only)] if run.only is not None else []
    command += ["--sabotage", run.sabotage] if run.sabotage else []
    environment = {**os.environ, "LD_PRELOAD": str(library), LOADED: str(library)}
    # Its exit code says whether it found anything; without a report, the next line fails.
    subprocess.run(command, env=environment, cwd=SOURCE.parents[2], stdout=subprocess.DEVNULL, check=False)
    (told,) = json.loads(report.read_text("utf-8"))
    if told["skipped"]:
        raise RuntimeError(f"{suite} was skipped below the shim: {told['skipped']}")
    run.rounds = told["runs"]
    run.violations += told["violations"]
    run.figures.update(told["figures"])
    return True


class Shim:
    """The shim that this process has loaded."""

    def __init__(self) -> None:
        library = ctypes.CDLL(os.environ[LOADED])
        self._arm, self._disarm = library.shim_arm, library.shim_disarm
        self._arm.argtypes = [ctypes.c_char_p, ctypes.c_long, ctypes.c_int, ctypes.c_int, ctypes.c_int]
        self._count, self._hits, self._call = library.shim_count, library.shim_hits, library.shim_call
        self._count.restype = self._hits.restype = ctypes.c_long
        self._call.restype, self._call.argtypes = ctypes.c_char_p, [ctypes.c_long]

    @contextmanager
    def armed(self, area: Path, *, nth: int = 0, fault: Fault | None = None) -> Iterator[None]:
        """Arm it for the processes forked meanwhile: the nth changing call below `area`; 0 counts only."""
        fault = fault or Fault("counted", _COUNT)
        self._arm(os.fsencode(os.path.realpath(area)), nth, fault.action, fault.error, fault.sticky)
        try:
            yield
        finally:
            self._disarm()

    @property
    def calls(self) -> list[str]:
        """The calls met since it was last armed: `fsync entries/0001-a.yaml`."""
        return [os.fsdecode(self._call(nth)) for nth in range(1, min(self._count(), 4096) + 1)]

    @property
    def hits(self) -> int:
        """How many calls did not go through whole since it was last armed."""
        return int(self._hits())
