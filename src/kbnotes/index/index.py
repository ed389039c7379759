"""The index of one base: what is fresh, what has to be read again, and the answers."""

from __future__ import annotations

import errno
import os
import weakref
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from kbnotes.errors import KbError, UnusableIndexError
from kbnotes.index import place, seal, state
from kbnotes.index.answer import Answerer
from kbnotes.index.language import ENGLISH, language_of
from kbnotes.index.postings import Terms
from kbnotes.index.reading import in_directory
from kbnotes.index.segment.segment import Segment
from kbnotes.index.state import State
from kbnotes.index.stored import STAMP, Card, text_of
from kbnotes.lock import locked
from kbnotes.model import Asked, Document, Listing, Order, Query, Related, Results, Stamp, Summary, TagCount
from kbnotes.record import replace
from kbnotes.sha256 import hexdigest

if TYPE_CHECKING:
    from kbnotes.index.likeness import Meaning
    from kbnotes.index.writing import MemoryIndex
    from kbnotes.model import Vote

VECTORS = "vectors"  # a file that others may keep beside an index, and that goes with it
NO_ROOM = (errno.ENOSPC, errno.EDQUOT)
# An index takes 5 to 8 bytes for each of the entries, and as much while it is made. One that would leave no
# room for entries is made in memory.
ROOM, PER_BYTE = 256 * 1024, 12


def index_home(cache: Path, base: Path, *, language: str = ENGLISH) -> Path:
    """Return the directory of a base's index: outside the base, one for each real path and language.

    Raises InputError for a language that kb does not know.
    """
    name = hexdigest(os.fsencode(base.resolve()))[:24]
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
        self._memory: MemoryIndex | None = None
        self._answerer: Answerer | None = None
        self._loaded: tuple[int, ...] = ()  # what the file of the state was when it was last read
        self.state = State()

    # What it was made from

    def load(self) -> None:
        """Read the state; one that is missing, damaged, not ours or of another version is empty."""
        if self._home:
            self._loaded = _identity(self._home / state.FILE)
            found = _said(self._home)
            self._become(found if _is_sound(self._home, found) else State())

    def load_again(self) -> None:
        """Read the state if another process has written one since it was last read."""
        if self._home and self._loaded != _identity(self._home / state.FILE):
            self.load()

    def _become(self, found: State) -> None:
        mine = self.state
        if (found.directory, found.generation) != (mine.directory, mine.generation) or (
            found.implied != mine.implied
        ):
            self._answerer = None  # another process has brought it further
        self.state = found

    def is_fresh(self, files: Mapping[str, Stamp], topics: Stamp | None) -> bool:
        """Tell whether the index was made from exactly these files."""
        mine = self.state
        if mine.generation < 0 or mine.topics != topics or len(mine.files) != len(files):
            return False
        return mine.stamps == state.stamps_name(files) if mine.stamps else mine.files == files

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

    def swept(self, folder_ns: int, begun_ns: int, *, wait: float) -> None:
        """Remember that all files were looked at; where that cannot be done now, leave it."""
        with suppress(KbError, OSError), self.updating(wait=wait):
            if self._home and self.state.generation >= 0:
                state.save(self._home, replace(self.state, folder_ns=folder_ns, swept_ns=begun_ns))
                self.load()

    # Changing it

    def update(
        self, documents: Sequence[Document], gone: Iterable[str], new: State, *, size: int = 0
    ) -> None:
        """Put `documents` in, take the files `gone` out, and remember `new` as what the index was made from.

        `size`: bytes of the files that are to come, in this update and those after it. Starts from nothing
        where there is no usable index. Call it within `updating`. If that fails, nothing is left of the
        attempt; on a full disk nothing is left of the index.
        """
        self._answerer = None
        try:
            with _translated():
                self._write(documents, gone, new, size=size)
        except BaseException as error:
            with suppress(UnusableIndexError):
                self._clear_up(full=is_full(error))
            raise

    def _write(
        self, documents: Sequence[Document], gone: Iterable[str], new: State, *, size: int = 0
    ) -> None:
        from kbnotes.index import writing

        first = self.state.generation < 0
        if not self._home:
            self._memory = writing.MemoryIndex() if first or not self._memory else self._memory
            removed = () if first else self._numbers_of(documents, gone)
            done = writing.write(self._memory.storage, documents, removed, self._language)
            self.state = replace(new, generation=done.generation, segments=done.segments)
            self._answerer = None
            return
        from secrets import token_hex

        from kbnotes.index.storage import PrivateStorage

        name = f"whoosh-{token_hex(4)}" if first else self.state.directory
        if first:
            self._begin(name, size)
        storage = PrivateStorage(self._home / name)
        if first:
            writing.create(storage)
        elif self.state.writer != writing.version():
            raise UnusableIndexError("Another version of Whoosh wrote the index.")
        removed = () if first else self._numbers_of(documents, gone)
        done = writing.write(storage, documents, removed, self._language)
        written = replace(
            new,
            generation=done.generation,
            segments=done.segments,
            directory=name,
            writer=writing.version(),
            seal=seal.seal(self._home / name, self.state.seal),
        )
        self._answerer = None
        state.save(self._home, written)
        _sweep(self._home)
        self.load()

    def _numbers_of(self, documents: Sequence[Document], gone: Iterable[str]) -> list[int]:
        """Return the documents that go: those of the files `gone`, and those that come again."""
        terms = self._answers().terms
        names = (*gone, *(document.name for document in documents))
        return [number for name in names for number in terms.documents("name", name)]

    def _begin(self, name: str, size: int) -> None:
        """Make the directory of a new index. Raises OSError where it would leave no room for entries."""
        home = self._home
        if home:
            if not place.has_room(home, ROOM + PER_BYTE * size):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            place.make_private(home / name)

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

    def cards(self) -> dict[int, str]:
        """Return, for each document, a text that changes with its file and with what kb reads of files."""
        with _translated():
            terms = self._answers().terms
            cards = (f"{STAMP}\n{card}" for card in terms.all_stored("card"))
            return dict(zip(terms.every(), cards, strict=True))

    def text(self, number: int) -> tuple[str, str]:
        """Return title and text of a document; "" for a title that kb made of the text."""
        with _translated():
            stored = self._answers().terms.stored
            return Card(stored(number, "card")).own_title, text_of(stored(number, "content"))

    def matching(self, query: Query) -> tuple[Summary, ...]:
        """Return all entries that hold all of `query`, by id; none that only come near."""
        with _translated():
            return self._answers().matching(query)

    def listing(self, query: Query, *, order: Order, limit: int | None, offset: int) -> Listing:
        """Return a part of the entries that hold all of `query`, in an order; see `Answerer.listing`."""
        with _translated():
            return self._answers().listing(query, order=order, limit=limit, offset=offset)

    def with_ids(self, ids: Set[int]) -> tuple[Summary, ...]:
        """Return the entries with these ids; several files may have the same."""
        with _translated():
            return self._answers().with_ids(ids)

    def ids_beginning(self, digits: str, *, limit: int) -> tuple[Summary, ...]:
        """Return the entries whose ids, as written, begin with `digits`: at most `limit`, by id."""
        with _translated():
            return self._answers().ids_beginning(digits, limit=limit)

    def shown(self) -> list[tuple[str, Stamp]]:
        """Return the files of the entries that the last answer shows, with the stamps they had."""
        return self._answers().shown

    def tags(self) -> tuple[TagCount, ...]:
        """Return each tag with how many entries a filter by it finds, most used first."""
        with _translated():
            return self._answers().tags()

    def related(self, name: str, *, limit: int) -> tuple[Related, ...]:
        """Return the entries most like the one in the file `name`, the likest first."""
        with _translated():
            return self._answers().related(name, limit=limit)

    def votes(self, names: Iterable[str]) -> dict[str, tuple[Vote, ...]]:
        """Return, for the entries in these files, the tags that entries like them have, the best first."""
        with _translated():
            return self._answers().votes(names)

    def spells(self, flags: Iterable[str]) -> bool:
        """Tell whether entries hold each of `flags` (`-O3`) with its dash."""
        with _translated():
            builder = self._answers().builder
            return all(builder.vocabulary.spells(flag) for flag in flags)

    def summaries(self) -> tuple[Summary, ...]:
        """Return all entries, by id and then by file name.

        Files that cannot be read as one are left out: only `search` finds them, so nothing ever changes them.
        """
        with _translated():
            cards = map(Card, self._answers().terms.all_stored("card"))
            entries = ((card.name, card.summary(self._entries)) for card in cards if not card.broken)
            return tuple(summary for _, summary in sorted(entries, key=lambda pair: (pair[1].id, pair[0])))

    def _answers(self) -> Answerer:
        if self._answerer is None:
            open_ = self._memory.open if self._memory else in_directory(self._directory)
            terms = Terms([Segment(info, open_) for info in self.state.segments])
            self._answerer = Answerer(terms, self._entries, self.state.implied, self._language)
            # The files of an index stay open as long as it is asked, and no longer.
            weakref.finalize(self._answerer, terms.close)
        return self._answerer

    @property
    def _directory(self) -> Path:
        if self._home is None or not self.state.directory:
            raise UnusableIndexError("There is no index.")
        return self._home / self.state.directory


def _said(home: Path) -> State:
    """Return the state of the index in `home`; an empty one where that is not surely ours."""
    trusted = place.is_private(home) and place.is_sheltered(home)
    return (state.load(home) if trusted else None) or State()


def _identity(path: Path) -> tuple[int, ...]:
    try:
        return seal.stamp_of(path.lstat())
    except OSError:
        return ()


def _is_sound(home: Path, found: State) -> bool:
    directory = home / found.directory
    return (
        bool(found.directory)
        and _has_stamps(home, found)
        and place.is_private(directory)
        and seal.is_whole(directory, found.seal, written_ns=found.written_ns)
    )


def _has_stamps(home: Path, found: State) -> bool:
    try:
        return found.stamps_mark is not None and seal.is_same(
            home / found.stamps, found.stamps_mark, written_ns=found.written_ns
        )
    except OSError:
        return False


def _sweep(home: Path) -> None:
    """Remove what does not belong to the index: one that it replaced, what a killed writer left."""
    kept = _said(home)
    place.sweep(home, keep=(state.FILE, VECTORS, kept.directory, kept.stamps))
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
