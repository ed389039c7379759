"""The index of one base: what is fresh, what has to be read again, and the answers."""

from __future__ import annotations

import hashlib
import os
import weakref
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from whoosh.filedb.filestore import FileStorage, RamStorage
from whoosh.index import FileIndex

from kbnotes.errors import KbError, UnusableIndexError
from kbnotes.index import place, state
from kbnotes.index.answer import Answerer
from kbnotes.index.schema import Stored, make_schema, to_fields
from kbnotes.index.state import State
from kbnotes.lock import locked
from kbnotes.model import Document, Query, Results, Stamp, Summary

WRITER_MEGABYTES = 128  # of postings held in memory before they are sorted on disk


def index_home(cache: Path, base: Path) -> Path:
    """Return the directory of a base's index: outside the base, one for each real path."""
    name = hashlib.sha256(os.fsencode(base.resolve())).hexdigest()[:24]
    return cache / "index" / name


class Index:
    """An index on disk under `home`, or in memory where `home` is None.

    Every exception that is not kb's own comes out as UnusableIndexError: the caller then makes a new index.
    """

    def __init__(self, home: Path | None, entries: Path) -> None:
        self._home = home
        self._entries = entries
        self._directory = home / "whoosh" if home else None
        self._memory: RamStorage | None = None
        self._answerer: Answerer | None = None
        self.state = State()

    # What it was made from

    def load(self) -> None:
        """Read the state; an index that is missing, not ours or of another version counts as empty."""
        if self._home and self._directory:
            trusted = place.is_private(self._home) and place.is_private(self._directory)
            found = (state.load(self._directory) if trusted else None) or State()
            if (found.generation, found.implied) != (self.state.generation, self.state.implied):
                self._answerer = None  # another process has brought it further
            self.state = found

    def is_fresh(self, files: Mapping[str, Stamp], topics: Stamp | None) -> bool:
        """Tell whether the index was made from exactly these files."""
        return self.state.generation >= 0 and self.state.files == files and self.state.topics == topics

    @contextmanager
    def updating(self, *, wait: float) -> Iterator[None]:
        """Hold the index's lock and reread the state, which another process may have brought up to date."""
        if not self._home:
            yield
            return
        place.make_private(self._home)
        with locked(self._home, wait=wait):
            self.load()
            yield

    # Changing it

    def update(self, documents: Iterable[Document], gone: Iterable[str], new: State) -> None:
        """Put `documents` in, take the files `gone` out, and remember `new` as what the index was made from.

        Starts from nothing where there is no usable index. Call it within `updating`.
        """
        with _translated():
            self._answerer = None
            index = self._open() if self.state.generation >= 0 else self._create()
            writer = index.writer(limitmb=WRITER_MEGABYTES, compound=False)
            try:
                for name in gone:
                    writer.delete_by_term("name", name)
                for document in documents:
                    # Delete, then add: Whoosh's update_document leaves ghosts if an id comes twice.
                    writer.delete_by_term("name", document.name)
                    writer.add_document(**to_fields(document))
            except BaseException:
                writer.cancel()
                raise
            writer.commit()
            self.state = State(
                files=new.files,
                topics=new.topics,
                implied=new.implied,
                broken=new.broken,
                generation=index.latest_generation(),
            )
            if self._directory:
                state.save(self._directory, self.state)

    def discard(self) -> None:
        """Throw the index away; the next update starts from nothing."""
        self._answerer = None
        self.state = State()
        if self._directory:
            try:
                place.remove(self._directory)
            except OSError as error:
                raise UnusableIndexError(
                    f"The index {self._directory} cannot be removed: {error.strerror}."
                ) from error

    # Asking it

    def search(self, query: Query, *, limit: int) -> Results:
        """Return the hits for `query`, best first; see `Answerer.search`."""
        with _translated():
            return self._answers().search(query, limit=limit)

    def spells(self, flags: Iterable[str]) -> bool:
        """Tell whether entries hold each of `flags` (`-O3`) with its dash."""
        with _translated():
            builder = self._answers().builder
            return all(builder.spells(flag) for flag in flags)

    def summaries(self) -> tuple[Summary, ...]:
        """Return all entries, by id and then by file name."""
        with _translated():
            stored = (Stored(values) for values in self._answers().stored())
            found = ((item.name, item.summary(self._entries)) for item in stored)
            return tuple(summary for _, summary in sorted(found, key=lambda pair: (pair[1].id, pair[0])))

    def _answers(self) -> Answerer:
        if self._answerer is None:
            index = self._open()
            if index.latest_generation() != self.state.generation:
                raise UnusableIndexError("The index is not the one its state belongs to.")
            searcher = index.searcher()
            self._answerer = Answerer(searcher, self._entries, self.state.implied)
            # The files of an index stay open as long as it is asked, and no longer.
            weakref.finalize(self._answerer, searcher.close)
        return self._answerer

    def _open(self) -> Any:
        if self._directory:
            return FileIndex(FileStorage(str(self._directory)), schema=make_schema())
        return FileIndex(self._memory, schema=make_schema())

    def _create(self) -> Any:
        if self._directory:
            place.remove(self._directory)
            place.make_private(self._directory)
            return FileIndex.create(FileStorage(str(self._directory)), make_schema())
        self._memory = RamStorage()
        return FileIndex.create(self._memory, make_schema())


@contextmanager
def _translated() -> Iterator[None]:
    """Turn whatever Whoosh raises on a damaged index (21 classes were counted) into UnusableIndexError."""
    try:
        yield
    except (KbError, KeyboardInterrupt):
        raise
    except Exception as error:
        raise UnusableIndexError(f"The index cannot be used ({type(error).__name__}: {error}).") from error
