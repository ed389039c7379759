"""The search index: a cache of the entries, rebuilt at any doubt. The only room that knows Whoosh."""

from kbnotes.index.index import VECTORS, Index, index_home, is_full
from kbnotes.index.language import ENGLISH

__all__ = ["ENGLISH", "VECTORS", "Index", "index_home", "is_full"]
