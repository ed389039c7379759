"""`18@3`: the third version of entry 18, as several commands read it."""

from __future__ import annotations

import re

from kbnotes.errors import UsageError

_VERSION = re.compile(r"#?([0-9]{1,18})(?:@([0-9]{1,9}))?")


def read_version(text: str) -> tuple[int, int | None]:
    """Return the id and the version (or None) that `text` names. Raises UsageError."""
    found = _VERSION.fullmatch(text.strip())
    if not found:
        raise UsageError(
            f"{text!r} is no ID or ID@VERSION.", hint="18, or 18@3; `kb log 18` counts the versions"
        )
    return int(found[1]), int(found[2]) if found[2] else None
