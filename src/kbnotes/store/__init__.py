"""Entry files on disk: read, created, replaced, removed; their history, trash and journal."""

from typing import TYPE_CHECKING

from kbnotes.lazy import names_of

if TYPE_CHECKING:
    from kbnotes.store.planned import Done, Planned
    from kbnotes.store.store import Store
else:
    __getattr__ = names_of(
        __name__,
        {
            "planned": "Done Planned",
            "store": "Store",
        },
    )

__all__ = ["Done", "Planned", "Store"]
