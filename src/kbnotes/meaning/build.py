"""Texts -> vectors. The only module that imports numpy: import it where something has changed, not before."""

from __future__ import annotations

import zlib
from array import array
from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from kbnotes.meaning.model import Model
from kbnotes.meaning.pieces import Pieces
from kbnotes.meaning.vectors import Vectors

Floats = NDArray[np.float32]
Read = Callable[[str], tuple[str, str]]  # name -> title and body

TITLE = 1.0  # how much a title's own vector counts beside the whole entry's: 0.3 to 1 rise by 0.004, fused
_MOST = 127  # of a signed byte


def up_to_date(
    old: Vectors | None, *, model: Model, of: str, marks: Mapping[str, str], read: Read
) -> Vectors | None:
    """Return the vectors of the entries in `marks`; those whose mark is as in `old` are taken from there.

    `marks`: name -> anything that changes with the entry, such as its file's stamp. `read` is called for the
    others only. None where the model cannot be read, and then there is nothing to ask by meaning.
    """
    known = old if old is not None and old.model == model.id else None
    try:
        maker = _Maker(model, known.pieces if known else model.pieces())
        kept = _kept(known, marks) if known else {}
        fresh = maker.rows([read(name) for name in sorted(marks.keys() - kept.keys())])
    except (OSError, ValueError, KeyError):
        return None
    names = sorted(marks)
    rows = np.empty((len(names), model.dims), np.int8)
    is_kept = np.array([name in kept for name in names], bool)
    rows[~is_kept] = fresh
    if known:
        rows[is_kept] = np.frombuffer(known.rows, np.int8).reshape(-1, model.dims)[list(kept.values())]
    return Vectors(
        model=model.id,
        of=of,
        dims=model.dims,
        pieces=maker.ordered,
        names=names,
        marks=array("I", (mark_of(marks[name]) for name in names)),
        inverse=array("f", _inverse(rows).tobytes()),
        rows=rows.tobytes(),
        signs=np.packbits(rows > 0, axis=1, bitorder="little").tobytes(),
    )


def _kept(known: Vectors, marks: Mapping[str, str]) -> dict[str, int]:
    """Return the places of the vectors that are still those of their entries, in the order of the names."""
    places = known.places
    return {
        name: places[name]
        for name in sorted(marks.keys() & places.keys())
        if known.marks[places[name]] == mark_of(marks[name])
    }


def mark_of(state: str) -> int:
    """Return 32 bits that tell one state of an entry from another."""
    return zlib.crc32(state.encode("utf-8", "surrogatepass"))


class _Maker:
    """Makes vectors of texts; reads each row of the model once."""

    def __init__(self, model: Model, ordered: Sequence[str]) -> None:
        self._model = model
        self.ordered = ordered
        self._pieces = Pieces(ordered)

    def rows(self, texts: list[tuple[str, str]]) -> NDArray[np.int8]:
        """Return a row of signed bytes for each title and body."""
        whole = [self._pieces.weights(f"{title}\n{body}") for title, body in texts]
        titles = [self._pieces.weights(title) for title, _ in texts]
        used = sorted({piece for weights in whole for piece in weights})
        places = {piece: place for place, piece in enumerate(used)}
        table = self._table(used)
        rows = np.zeros((len(texts), self._model.dims), np.int8)
        for at, (of_all, of_title) in enumerate(zip(whole, titles, strict=True)):
            vector = _unit(_mean(of_all, places, table))
            vector += TITLE * _unit(_mean(of_title, places, table))
            rows[at] = _bytes(vector)
        return rows

    def _table(self, used: list[int]) -> Floats:
        raw = self._model.raw(used)
        joined = np.frombuffer(b"".join(raw[piece] for piece in used), "<f2")
        table = joined.reshape(-1, self._model.dims).astype(np.float32)
        return np.nan_to_num(table, copy=False, nan=0.0, posinf=0.0, neginf=0.0)


def _mean(weights: Mapping[int, float], places: Mapping[int, int], table: Floats) -> Floats:
    """Return the weighted sum of the pieces' vectors: their lengths are a part of what was learned."""
    at = [places[piece] for piece in weights]
    mean: Floats = np.fromiter(weights.values(), np.float32, len(at)) @ table[at]
    return mean


def _unit(vector: Floats) -> Floats:
    length = float(np.linalg.norm(vector))
    unit: Floats = vector / np.float32(length) if length > 0 else vector
    return unit


def _bytes(vector: Floats) -> NDArray[np.int8]:
    largest = float(np.abs(vector).max(initial=0.0))
    return np.rint(vector * (_MOST / largest)).astype(np.int8) if largest > 0 else vector.astype(np.int8)


def _inverse(rows: NDArray[np.int8]) -> Floats:
    """Return one over the length of each row, 0 for a row of zeros."""
    squares = np.einsum("ij,ij->i", rows, rows, dtype=np.float32)
    inverse: Floats = np.zeros_like(squares)
    np.divide(1, np.sqrt(squares), out=inverse, where=squares > 0, dtype=np.float32)
    return inverse
