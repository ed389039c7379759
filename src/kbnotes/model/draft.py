"""A draft that waits to be taken up again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A draft whose text is in no entry yet."""

    number: int  # 1 is the one that was changed last
    path: str  # absolute
    changed: datetime  # aware, UTC
    entry_id: int | None  # the entry it edits; None for a new one
    title: str
    first_line: str
