"""Entry files on disk: scan, read, create, replace, remove, restore; history and trash."""

from kbnotes.store.store import Store

__all__ = ["Store"]
