"""A file system that fails, or a process that dies, at the nth call that changes something."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import ParamSpec, TypeVar

import pytest

CALLS = ("open", "write", "fsync", "link", "replace", "unlink", "mkdir", "chmod", "fchmod")

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


class Killed(BaseException):
    """The process is gone: nothing after this reaches the disk, no clean-up either."""


@dataclass(slots=True)
class Faults:
    """Fails the calls of `os` from the nth on: once, or for ever (`sticky`); a kill is always for ever.

    With `torn`, a write that fails has written half before.
    """

    code: int | None  # an errno, or None for a kill
    sticky: bool = False
    torn: bool = False
    nth: int = 0  # 0 for never
    count: int = 0
    write: Callable[[int, bytes], int] = os.write

    def install(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Put the faults in the place of the calls."""
        for each in CALLS:
            monkeypatch.setattr(os, each, self._failing(each, getattr(os, each)))

    def _failing(self, name: str, real: Callable[Arguments, Result]) -> Callable[Arguments, Result]:
        def call(*args: Arguments.args, **kwargs: Arguments.kwargs) -> Result:
            self.count += 1
            if self.nth and (self.count == self.nth or (self.count > self.nth and self._for_ever)):
                if name == "write" and self.torn:
                    handle, content = args
                    half = len(content) // 2  # type: ignore[arg-type]
                    self.write(handle, content[:half])  # type: ignore[arg-type, index]
                if self.code is None:
                    raise Killed
                raise OSError(self.code, os.strerror(self.code))
            return real(*args, **kwargs)

        return call

    @property
    def _for_ever(self) -> bool:
        return self.sticky or self.code is None


KINDS = {
    "full disk": Faults(code=errno.ENOSPC, torn=True),
    "full disk for good": Faults(code=errno.ENOSPC, sticky=True, torn=True),
    "broken disk": Faults(code=errno.EIO),
    "read-only from now on": Faults(code=errno.EROFS, sticky=True),
    "killed": Faults(code=None),
    "killed within a write": Faults(code=None, torn=True),
}
