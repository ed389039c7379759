"""Texts -> vectors. The only module that imports numpy: import it where something has changed, not before."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Mapping, Sequence
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from kbnotes.meaning.model import Model
from kbnotes.meaning.pieces import Pieces
from kbnotes.meaning.vectors import NONE, PER_BYTE, Vectors

Floats = NDArray[np.float32]
Bytes = NDArray[np.uint8]
Read = Callable[[int], tuple[str, str]]  # a document's number -> its title and body

TITLE = 1.0  # how much a title's own vector counts beside the whole entry's: 0.3 to 1 rise by 0.004, fused


def up_to_date(
    old: Vectors | None, *, model: Model, of: str, states: Mapping[int, str], read: Read
) -> Vectors | None:
    """Return the vectors of documents; those whose state is as it was for `old` are taken from there.

    `states`: number -> anything that changes with the document and is no other's, such as its name and its
    file's stamp. `read` is called for the others only. None where the model cannot be read, and then there is
    nothing to ask by meaning.
    """
    known = old if old is not None and old.model == model.id else None
    marks = array("Q", bytes(8 * (max(states, default=-1) + 1)))
    rows = np.zeros((len(marks), model.dims // PER_BYTE), np.uint8)
    before = {mark: place for place, mark in enumerate(known.marks) if mark != NONE} if known else {}
    for number, state in states.items():
        marks[number] = mark_of(state)
    kept = {number: before[marks[number]] for number in states if marks[number] in before}
    try:
        maker = _Maker(model, known.pieces if known else model.pieces())
        fresh = sorted(states.keys() - kept.keys())
        vectors = maker.vectors([read(number) for number in fresh])
    except (OSError, ValueError, KeyError):
        return None
    rows[fresh] = packed(vectors)
    for number, vector in zip(fresh, vectors, strict=True):
        if not vector.any():
            marks[number] = NONE
    if known:
        rows[list(kept)] = np.frombuffer(known.rows, np.uint8).reshape(-1, rows.shape[1])[list(kept.values())]
    return Vectors(
        model=model.id, of=of, dims=model.dims, pieces=maker.ordered, marks=marks, rows=rows.tobytes()
    )


def mark_of(state: str) -> int:
    """Return 64 bits, not all 0, that tell one state of a document from another."""
    digest = blake2b(state.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "little") or 1


def packed(vectors: Floats) -> Bytes:
    """Return rows of numbers as rows of two bits each, four in a byte.

    The steps are as wide as the numbers' root mean square, which loses least of a normal distribution:
    J. Max, "Quantizing for minimum distortion" (IRE Transactions on Information Theory, 1960).
    """
    scale = np.sqrt(np.square(vectors).mean(axis=1, keepdims=True, dtype=np.float32))
    steps = np.floor(np.divide(vectors, scale, out=np.zeros_like(vectors), where=scale > 0))
    bits = (
        (np.clip(steps, -2, 1) + 2)
        .astype(np.uint8)
        .reshape(len(vectors), vectors.shape[1] // PER_BYTE, PER_BYTE)
    )
    shifts = np.array([0, 2, 4, 6], np.uint8)
    joined: Bytes = np.bitwise_or.reduce(bits << shifts, axis=2)
    return joined


class _Maker:
    """Makes vectors of texts; reads each row of the model once."""

    def __init__(self, model: Model, ordered: Sequence[str]) -> None:
        self._model = model
        self.ordered = ordered
        self._pieces = Pieces(ordered)

    def vectors(self, texts: list[tuple[str, str]]) -> Floats:
        """Return a row of numbers for each title and body; one of zeros where there are no words."""
        whole = [self._pieces.weights(f"{title}\n{body}") for title, body in texts]
        titles = [self._pieces.weights(title) for title, _ in texts]
        used = sorted({piece for weights in whole for piece in weights})
        places = {piece: place for place, piece in enumerate(used)}
        table = self._table(used)
        rows = np.zeros((len(texts), self._model.dims), np.float32)
        for at, (of_all, of_title) in enumerate(zip(whole, titles, strict=True)):
            rows[at] = _unit(_mean(of_all, places, table)) + TITLE * _unit(_mean(of_title, places, table))
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
