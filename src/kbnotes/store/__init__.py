"""Entry files on disk: read, created, replaced, removed; their history, trash and journal."""

from kbnotes.store.commit import Done, Planned
from kbnotes.store.store import Store

__all__ = ["Done", "Planned", "Store"]
