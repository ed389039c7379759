"""The search index: a cache of the entries, rebuilt at any doubt. The only room that knows Whoosh."""

from kbnotes.index.index import VECTORS, Index, index_home, is_full

__all__ = ["VECTORS", "Index", "index_home", "is_full"]
