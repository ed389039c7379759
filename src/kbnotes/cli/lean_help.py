"""Typer's help without two modules of Rich that it imports and never uses here.

`typer.rich_utils` wants `rich.markdown`, for a markup mode that kb does not choose, and with it all of
markdown-it; and `rich.traceback`, for tracebacks that kb writes itself. Together a fifth of `kb --help`.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from types import ModuleType

_UNUSED = {"rich.markdown": "Markdown", "rich.traceback": "Traceback"}
_HELP = frozenset(("-h", "--help"))


def prepare_help(arguments: Sequence[str]) -> None:
    """Import what Typer writes its help with, if that is what is asked for."""
    if (arguments and _HELP.isdisjoint(arguments)) or "typer.rich_utils" in sys.modules:
        return
    missing = [name for name in _UNUSED if name not in sys.modules]
    for name in missing:
        stand_in = ModuleType(name)
        setattr(stand_in, _UNUSED[name], object)
        sys.modules[name] = stand_in
    try:
        import typer.rich_utils  # noqa: F401
    finally:
        for name in missing:
            del sys.modules[name]
