"""A draft that waits to be taken up again."""

from __future__ import annotations

from datetime import datetime

from kbnotes.record import record


@record
class Waiting:
    """A draft whose text is in no entry yet."""

    number: int  # 1 is the one that was changed last
    path: str  # absolute
    changed: datetime  # aware, UTC
    entry_id: int | None  # the entry it edits; None for a new one
    title: str
    first_line: str
