"""Whoosh's files: for this user only, never written over, and never mapped into memory."""

from __future__ import annotations

import os
from pathlib import Path
from threading import Lock
from typing import Any

from whoosh.filedb.filestore import FileStorage
from whoosh.filedb.structfile import StructFile

from kbnotes.index import place, unpickle

unpickle.restrict()


class PrivateStorage(FileStorage):  # type: ignore[misc]
    """A directory of index files.

    A mapped file that another process cuts short ends this one with SIGBUS; a file that is read raises.
    """

    def __init__(self, directory: Path) -> None:
        super().__init__(str(directory), supports_mmap=False)

    def create_file(self, name: str, **_: Any) -> StructFile:
        """Create a file that only its owner can open. Raises FileExistsError rather than overwrite."""
        return StructFile(os.fdopen(place.create(Path(self.folder, name)), "w+b"), name=name)

    def temp_storage(self, name: str | None = None) -> PrivateStorage:
        """Return a directory below this one, which may be there already: a writer asks for it twice."""
        directory = Path(self.folder, name or "temp.tmp")
        directory.mkdir(mode=0o700, exist_ok=True)
        directory.chmod(0o700)
        return PrivateStorage(directory)

    def lock(self, name: str) -> Any:  # noqa: ARG002 (there is one)
        """Return a lock that keeps nobody out: kb holds its own for as long as it writes."""
        return Lock()
