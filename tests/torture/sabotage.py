"""Putting a defect into kb. What it replaces must exist: a sabotage that hits nothing would prove nothing."""

from __future__ import annotations

from typing import Any


def put(place: object, name: str, value: Any) -> Any:
    """Replace the attribute `name` of a module or class and return what was there.

    Raises AttributeError if nothing was.
    """
    before = getattr(place, name)
    setattr(place, name, value)
    return before
