"""The model: the vector of each piece of a word, read from the files of a package that is never imported.

Importing wordllama takes half a second and brings in an HTTP client; of it, kb wants two files. The vectors
are read row by row and not mapped: a question needs a dozen rows of 512 bytes, and a mapped file that is cut
short ends the process.
"""

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Iterable, Sequence
from pathlib import Path

from kbnotes.meaning import installed
from kbnotes.record import record

ROWS = "weights/l2_supercat_256.safetensors"
PIECES = "tokenizers/l2_supercat_tokenizer_config.json"
_HEADER_LIMIT = 1 << 16  # bytes; today's header has 88
_SAMPLE = 1 << 16  # bytes of the rows that tell one model from another
_WIDTH = 2  # bytes of a 16-bit float


@record
class Model:
    """The files of a model. Its vectors are 16-bit floats, one row of `dims` for each piece."""

    home: Path
    start: int  # of the rows in their file
    count: int
    dims: int
    id: str  # another one makes all vectors anew

    @classmethod
    def find(cls, home: Path | None = None) -> Model | None:
        """Return the model in `home`, or the installed one; None if there is none of the expected form."""
        try:
            home = home or installed.home()
            return cls._open(home) if home else None
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            return None

    @classmethod
    def _open(cls, home: Path) -> Model | None:
        """Read the header of a safetensors file: its length in 8 bytes, JSON, then the rows."""
        with (home / ROWS).open("rb") as file:
            length = int.from_bytes(file.read(8), "little")
            header = file.read(min(length, _HEADER_LIMIT))
            sample = file.read(_SAMPLE)
            size = file.seek(0, 2)
        [tensor] = (value for key, value in json.loads(header).items() if key != "__metadata__")
        count, dims = tensor["shape"]
        fits = size == 8 + length + count * dims * _WIDTH and dims % 8 == 0 and count > 0 and dims > 0
        if tensor["dtype"] != "F16" or tensor["data_offsets"][0] != 0 or not fits:
            return None
        mark = f"{zlib.crc32(sample, zlib.crc32(header)):08x}"
        return cls(home=home, start=8 + length, count=count, dims=dims, id=mark)

    def pieces(self) -> tuple[str, ...]:
        """Return the pieces in the order of their rows. Raises OSError, ValueError and KeyError."""
        text = (self.home / PIECES).read_text("utf-8")
        # The 61,000 merges behind the vocabulary say nothing that it does not: see `pieces.py`.
        at = text.index("{", text.index('"vocab"'))
        vocabulary: dict[str, int] = json.JSONDecoder().raw_decode(text, at)[0]
        ordered = tuple(sorted(vocabulary, key=vocabulary.__getitem__))
        if list(map(vocabulary.__getitem__, ordered)) != list(range(self.count)):
            raise ValueError("The pieces are not those of the rows.")
        return ordered

    def raw(self, ids: Iterable[int]) -> dict[int, bytes]:
        """Return the rows as they stand in the file, `dims` 16-bit floats each. Raises OSError."""
        width = self.dims * _WIDTH
        found: dict[int, bytes] = {}
        with (self.home / ROWS).open("rb", buffering=0) as file:
            for each in sorted(set(ids)):
                file.seek(self.start + each * width)
                row = file.read(width)
                if len(row) != width:
                    raise OSError(f"{ROWS} is cut short.")
                found[each] = row
        return found

    def row(self, raw: bytes) -> Sequence[float]:
        """Return one row as numbers."""
        return struct.unpack(f"<{self.dims}e", raw)
