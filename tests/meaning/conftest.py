"""A model of a few pieces, made up: what the room does with real vectors it does with these."""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping
from pathlib import Path

import pytest

from kbnotes.meaning.asking import Model
from kbnotes.meaning.model import PIECES, ROWS

DIMS = 16
# The numbers are the order in which unions were merged, as in a real vocabulary; characters come first.
CHARACTERS = ["<unk>", *(f"<0x{byte:02X}>" for byte in range(256)), "▁", *"abcdefghijklmnopqrstuvwxyz"]
UNIONS = ["ca", "at", "▁c", "▁ca", "▁cat", "do", "▁do", "▁dog", "in", "ing", "▁k", "▁ki", "▁kit", "▁kitt"]
WORDS = {"▁cat": 0, "▁kitt": 0, "▁dog": 1, "en": 0}  # piece -> the number that is high in its vector


def write_model(home: Path, *, words: Mapping[str, int] = WORDS) -> Path:
    """Write the two files of a model, in the places where wordllama has them."""
    pieces = [*CHARACTERS, *UNIONS, "en"]
    rows = [[0.01 * ((number * 7 + at * 3) % 11 - 5) for at in range(DIMS)] for number in range(len(pieces))]
    for piece, at in words.items():
        rows[pieces.index(piece)][at] = 4.0
    head = {
        "embedding.weight": {
            "dtype": "F16",
            "shape": [len(rows), DIMS],
            "data_offsets": [0, 2 * DIMS * len(rows)],
        }
    }
    text = json.dumps(head).encode()
    content = b"".join(struct.pack(f"<{DIMS}e", *row) for row in rows)
    (home / ROWS).parent.mkdir(parents=True, exist_ok=True)
    (home / ROWS).write_bytes(len(text).to_bytes(8, "little") + text + content)
    (home / PIECES).parent.mkdir(parents=True, exist_ok=True)
    vocabulary = {piece: number for number, piece in enumerate(pieces)}
    (home / PIECES).write_text(json.dumps({"model": {"vocab": vocabulary, "merges": ["c a"]}}), "utf-8")
    return home


@pytest.fixture
def model(tmp_path: Path) -> Model:
    """The made-up model, opened."""
    found = Model.find(write_model(tmp_path / "model"))
    assert found is not None
    return found
