"""The files that stand beside the entries and that people may write by hand."""

from __future__ import annotations

from pathlib import Path

from kbnotes.errors import FormatError
from kbnotes.store import files


def read_text(path: Path) -> str:
    """Return the text of such a file, "" where there is none. Raises FormatError if it cannot be read."""
    from kbnotes.codec import MAX_SIZE

    try:
        return files.read(path, limit=MAX_SIZE).decode()
    except FileNotFoundError:
        return ""
    except OSError as error:
        raise FormatError(f"{path.name} cannot be read: {files.reason(error)}.") from None
    except UnicodeDecodeError as error:
        raise FormatError(f"{path.name} is not UTF-8 (byte {error.start:,}).") from None
