"""What is to be done, and what came of it."""

from __future__ import annotations

from kbnotes.model import Change, Operation
from kbnotes.record import record


@record
class Planned:
    """A change to make, with the content to write where there is one."""

    change: Change
    content: bytes | None = None
    label: str = ""  # of the version that a replacement makes of the file


@record
class Done:
    """An operation that was carried out."""

    operation: Operation
    unrecorded: str = ""  # why it could not be written into the journal, which is no reason to call it failed
