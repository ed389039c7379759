"""Finding the base to look over, even if it is so damaged that other commands find none."""

from __future__ import annotations

import os
from pathlib import Path

from kbnotes.config import MARKER, Config, absolute, find_base, is_base
from kbnotes.errors import BaseError

_SURE = (MARKER, "journal.jsonl", "last-id")
_TRACES = ("entries", "history", "trash", "drafts", *_SURE)
_ENOUGH = 2  # of these, a sure one among them: such a directory was a base once


def find_even_damaged(config: Config) -> Path:
    """Return the directory of the base, where `find_base` looks for it. Makes none.

    Raises BaseError if there is nothing that looks like one.
    """
    places = [config.explicit, config.explicit / "notes"] if config.explicit else _upwards(config)
    for place in places:
        if is_base(place) or _was_base(place):
            return place
    directory, is_new = find_base(config)
    if not is_new or _stands(directory, _TRACES):
        return directory
    raise BaseError("There is no knowledge base yet.", hint="`kb init` makes one")


def _upwards(config: Config) -> list[Path]:
    start = absolute(Path(), config.directory)
    return [each for place in (start, *start.parents) for each in (place, place / "notes")]


def _was_base(place: Path) -> bool:
    return bool(_stands(place, _SURE)) and len(_stands(place, _TRACES)) >= _ENOUGH


def _stands(place: Path, names: tuple[str, ...]) -> list[str]:
    return [name for name in names if os.path.lexists(place / name)]
