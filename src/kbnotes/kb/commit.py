"""How the parts of the facade carry out changes: through the facade itself, within the writer's lock."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from kbnotes.model import FileState
from kbnotes.store import Planned


class Commit(Protocol):
    """Carries changes out as one operation and returns the names of the entry files written."""

    def __call__(
        self,
        command: str,
        planned: Sequence[Planned],
        *,
        undoes: int | None = None,
        sources: tuple[FileState, ...] = (),
        done: Callable[[], None] | None = None,
    ) -> list[str]: ...
