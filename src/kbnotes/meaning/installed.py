"""Whether the extra is there, and where: found without importing any of it."""

from __future__ import annotations

from importlib.machinery import ModuleSpec, PathFinder
from pathlib import Path

PACKAGE = "wordllama"


def is_installed() -> bool:
    """Tell whether there is something to rank by meaning with; it takes half a millisecond."""
    return home() is not None and _spec("numpy") is not None


def home() -> Path | None:
    """Return the directory of the package that carries the vectors."""
    found = _spec(PACKAGE)
    places = found.submodule_search_locations if found else None
    return next(map(Path, places or ()), None)


def _spec(name: str) -> ModuleSpec | None:
    """Return where a package is, without importing it: `importlib.util` would take 2 ms to come in."""
    return PathFinder.find_spec(name)
