"""The search index: a cache of the entries, rebuilt at any doubt. The only room that knows Whoosh."""

from typing import TYPE_CHECKING

from kbnotes.lazy import names_of

if TYPE_CHECKING:
    from kbnotes.index.index import VECTORS, Index, index_home, is_full
    from kbnotes.index.language import ENGLISH
else:
    __getattr__ = names_of(
        __name__,
        {
            "index": "VECTORS Index index_home is_full",
            "language": "ENGLISH",
        },
    )

__all__ = ["ENGLISH", "VECTORS", "Index", "index_home", "is_full"]
