"""Whoosh's files hold pickles, and a pickle may name any function. Here it may name a few that do no harm.

That the directory is ours comes first; this is for the day when something foreign gets into it all the same.
"""

from __future__ import annotations

import io
import pickle
from collections import defaultdict
from typing import IO, Any

from whoosh import columns, formats
from whoosh.codec import whoosh3
from whoosh.filedb import structfile

from kbnotes.index.segment.codec import PackedCodec


def _bytes(text: str, encoding: str = "latin1") -> bytes:  # noqa: ARG001 (pickles name no other)
    return text.encode("latin1")


_CLASSES = (whoosh3.W3Segment, whoosh3.W3Codec, PackedCodec, defaultdict, int, set)
_NAMED: dict[tuple[str, str], Any] = {(each.__module__, each.__qualname__): each for each in _CLASSES}
_NAMED["_codecs", "encode"] = _bytes  # how bytes are written in the oldest pickles that Whoosh makes


class _Unpickler(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        try:
            return _NAMED[module, name]
        except KeyError:
            raise pickle.UnpicklingError(f"an index does not hold a {module}.{name}") from None


def _load(file: IO[bytes]) -> Any:
    return _Unpickler(file).load()


def _loads(content: bytes) -> Any:
    return _Unpickler(io.BytesIO(content)).load()


def restrict() -> None:
    """Make Whoosh unpickle values and its own segments only, out of the files of an index.

    The runs that a writer sorts its postings in are left out: they live as long as it does.
    Raises AttributeError if this version of Whoosh unpickles in another way.
    """
    for module in (whoosh3, columns, formats):
        _replace(module, "loads", _loads)
    _replace(structfile, "load", _load)


def _replace(module: Any, name: str, function: Any) -> None:
    getattr(module, name)
    setattr(module, name, function)
