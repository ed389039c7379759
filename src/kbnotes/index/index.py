"""The index of one base: what is fresh, what has to be read again, and the answers."""

from __future__ import annotations

import errno
import hashlib
import os
import secrets
import weakref
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from whoosh.filedb.filestore import RamStorage
from whoosh.index import FileIndex

from kbnotes.errors import KbError, UnusableIndexError
from kbnotes.index import place, seal, state
from kbnotes.index.answer import Answerer
from kbnotes.index.language import ENGLISH, language_of
from kbnotes.index.likeness import Meaning
from kbnotes.index.packing import PackedCodec
from kbnotes.index.schema import Stored, make_schema, to_fields
from kbnotes.index.state import State
from kbnotes.index.storage import PrivateStorage
from kbnotes.lock import locked
from kbnotes.model import Asked, Document, Query, Related, Results, Stamp, Summary, TagCount

WRITER_MEGABYTES = 128  # of postings held in memory before they are sorted on disk
VECTORS = "vectors"  # a file that others may keep beside an index, and that goes with it
NO_ROOM = (errno.ENOSPC, errno.EDQUOT)
# An index takes 5 to 8 bytes for each of the entries, and as much while it is made. One that would leave no
# room for entries is made in memory.
ROOM, PER_BYTE = 256 * 1024, 12


def index_home(cache: Path, base: Path, *, language: str = ENGLISH) -> Path:
    """Return the directory of a base's index: outside the base, one for each real path and language.

    Raises InputError for a language that kb does not know.
    """
    name = hashlib.sha256(os.fsencode(base.resolve())).hexdigest()[:24]
    known = language_of(language).name
    return cache / "index" / (name if known == ENGLISH else f"{name}-{known}")


class Index:
    """An index on disk under `home`, or in memory where `home` is None.

    `home` holds the state and the directory it names; an index made anew gets a directory of its own, and
    the state is switched to it when it is done. No file of an index is ever written over.
    Every exception that is not kb's own comes out as UnusableIndexError: the caller then makes a new index.
    """

    def __init__(self, home: Path | None, entries: Path, *, language: str = ENGLISH) -> None:
        self._home = home
        self._language = language_of(language)
        self._entries = entries
        self._memory: RamStorage | None = None
        self._answerer: Answerer | None = None
        self.state = State()

    # What it was made from

    def load(self) -> None:
        """Read the state; one that is missing, damaged, not ours or of another version is empty."""
        if self._home:
            found = _said(self._home)
            self._become(found if _is_sound(self._home, found) else State())

    def _become(self, found: State) -> None:
        mine = self.state
        if (found.directory, found.generation) != (mine.directory, mine.generation) or (
            found.implied != mine.implied
        ):
            self._answerer = None  # another process has brought it further
        self.state = found

    def is_fresh(self, files: Mapping[str, Stamp], topics: Stamp | None) -> bool:
        """Tell whether the index was made from exactly these files."""
        return self.state.generation >= 0 and self.state.files == files and self.state.topics == topics

    @contextmanager
    def updating(self, *, wait: float) -> Iterator[None]:
        """Hold the index's lock and reread the state, which another process may have brought up to date.

        Raises StorageError if another process holds it for longer than `wait`.
        """
        if not self._home:
            yield
            return
        place.make_private(self._home)
        with ExitStack() as stack:
            try:
                stack.enter_context(locked(self._home, wait=wait))
            except OSError as error:
                raise UnusableIndexError(f"The index cannot be locked: {error.strerror}.") from error
            _sweep(self._home)
            self.load()
            yield

    # Changing it

    def update(self, documents: Iterable[Document], gone: Iterable[str], new: State) -> None:
        """Put `documents` in, take the files `gone` out, and remember `new` as what the index was made from.

        Starts from nothing where there is no usable index. Call it within `updating`. If that fails, nothing
        is left of the attempt; on a full disk nothing is left of the index.
        """
        self._answerer = None
        try:
            with _translated():
                self._write(documents, gone, new)
        except BaseException as error:
            with suppress(UnusableIndexError):
                self._clear_up(full=is_full(error))
            raise

    def _write(self, documents: Iterable[Document], gone: Iterable[str], new: State) -> None:
        begun = self.state.generation < 0
        name = f"whoosh-{secrets.token_hex(4)}" if begun and self._home else self.state.directory
        index = self._create(name, new) if begun else self._open()
        writer = index.writer(limitmb=WRITER_MEGABYTES, compound=False, codec=PackedCodec())
        try:
            for gone_name in gone:
                writer.delete_by_term("name", gone_name)
            for document in documents:
                # Delete, then add: Whoosh's update_document leaves ghosts if an id comes twice.
                writer.delete_by_term("name", document.name)
                writer.add_document(**to_fields(document, self._language))
        except BaseException:
            with suppress(Exception):  # on a full disk it cannot even end, and the first reason counts
                writer.cancel()
            raise
        writer.commit()
        written = replace(new, generation=index.latest_generation(), directory=name)
        if self._home:
            written = replace(written, seal=seal.seal(self._home / name, self.state.seal))
            state.save(self._home, written)
            _sweep(self._home)
            self.load()
        else:
            self.state = written

    def _clear_up(self, *, full: bool) -> None:
        if full or not self._home:
            self.discard()
        else:
            _sweep(self._home)
            self.load()

    def discard(self) -> None:
        """Throw the index away; the next update starts from nothing."""
        self._answerer = None
        self._memory = None
        self.state = State()
        if self._home and place.is_private(self._home):
            place.sweep(self._home, keep=())
            if left := list(place.listed(self._home)):
                raise UnusableIndexError(f"{left[0]} of the index cannot be removed.")

    # Asking it

    @property
    def home(self) -> Path | None:
        """The directory of the index; None for one in memory."""
        return self._home

    def search(
        self, query: Query, *, asked: Asked, meaning: Callable[[str], Meaning | None] | None = None
    ) -> Results:
        """Return the hits for `query`, best first; see `Answerer.search`."""
        with _translated():
            return self._answers().search(query, asked=asked, meaning=meaning)

    def texts(self) -> dict[str, tuple[str, str]]:
        """Return title and text of all entries by the names of their files; no title that the text has."""
        with _translated():
            return dict(Stored(values).title_and_text for values in self._answers().stored())

    def matching(self, query: Query) -> tuple[Summary, ...]:
        """Return all entries that hold all of `query`, by id; none that only come near."""
        with _translated():
            return self._answers().matching(query)

    def tags(self) -> tuple[TagCount, ...]:
        """Return each tag with how many entries a filter by it finds, most used first."""
        with _translated():
            return self._answers().tags()

    def related(self, name: str, *, limit: int) -> tuple[Related, ...]:
        """Return the entries most like the one in the file `name`, the likest first."""
        with _translated():
            return self._answers().related(name, limit=limit)

    def spells(self, flags: Iterable[str]) -> bool:
        """Tell whether entries hold each of `flags` (`-O3`) with its dash."""
        with _translated():
            builder = self._answers().builder
            return all(builder.spells(flag) for flag in flags)

    def summaries(self) -> tuple[Summary, ...]:
        """Return all entries, by id and then by file name.

        Files that cannot be read as one are left out: only `search` finds them, so nothing ever changes them.
        """
        with _translated():
            stored = (Stored(values) for values in self._answers().stored())
            found = ((item.name, item.summary(self._entries)) for item in stored)
            entries = (pair for pair in found if not pair[1].broken)
            return tuple(summary for _, summary in sorted(entries, key=lambda pair: (pair[1].id, pair[0])))

    def _answers(self) -> Answerer:
        if self._answerer is None:
            index = self._open()
            searcher = index.searcher()
            if index.latest_generation() != self.state.generation:
                searcher.close()
                raise UnusableIndexError("The index is not the one its state belongs to.")
            self._answerer = Answerer(searcher, self._entries, self.state.implied, self._language)
            # The files of an index stay open as long as it is asked, and no longer.
            weakref.finalize(self._answerer, searcher.close)
        return self._answerer

    def _open(self) -> Any:
        storage = PrivateStorage(self._home / self.state.directory) if self._home else self._memory
        return FileIndex(storage, schema=make_schema())

    def _create(self, name: str, new: State) -> Any:
        if self._home:
            size = sum(stamp.size for stamp in new.files.values())
            if not place.has_room(self._home, ROOM + PER_BYTE * size):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            place.make_private(self._home / name)
            return FileIndex.create(PrivateStorage(self._home / name), make_schema())
        self._memory = RamStorage()
        return FileIndex.create(self._memory, make_schema())


def _said(home: Path) -> State:
    """Return the state of the index in `home`; an empty one where that is not surely ours."""
    trusted = place.is_private(home) and place.is_sheltered(home)
    return (state.load(home) if trusted else None) or State()


def _is_sound(home: Path, found: State) -> bool:
    directory = home / found.directory
    return (
        bool(found.directory)
        and place.is_private(directory)
        and seal.is_whole(directory, found.seal, written_ns=found.written_ns)
    )


def _sweep(home: Path) -> None:
    """Remove what does not belong to the index: one that it replaced, what a killed writer left."""
    kept = _said(home)
    place.sweep(home, keep=(state.FILE, VECTORS, kept.directory))
    if kept.directory and place.is_private(home / kept.directory):
        place.sweep(home / kept.directory, keep=kept.seal)


def is_full(error: BaseException | None) -> bool:
    """Tell whether a full disk is behind an error."""
    while error:
        if isinstance(error, OSError) and error.errno in NO_ROOM:
            return True
        error = error.__cause__ or error.__context__
    return False


@contextmanager
def _translated() -> Iterator[None]:
    """Turn whatever Whoosh raises on a damaged index (21 classes were counted) into UnusableIndexError."""
    try:
        yield
    except (KbError, KeyboardInterrupt):
        raise
    except Exception as error:
        raise UnusableIndexError(f"The index cannot be used ({type(error).__name__}: {error}).") from error
