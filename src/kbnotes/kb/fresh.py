"""An index that is always up to date with the files, whatever it takes."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from pathlib import Path, PurePosixPath
from typing import NamedTuple, TypeVar

from kbnotes.config import MARKER
from kbnotes.errors import FormatError, InputError, StorageError, UnusableIndexError
from kbnotes.index import ENGLISH, Index, index_home, is_full
from kbnotes.index.state import State, rows_of
from kbnotes.kb.beside import read_text
from kbnotes.kb.plain import plain_document
from kbnotes.model import Document, Row, Stamp, StampTable, Topic
from kbnotes.store import Store
from kbnotes.store.names import is_text

Answer = TypeVar("Answer")

WAIT_TO_ASK = 10.0  # seconds for another process that is updating the index
WAIT_AFTER_SAVE = 0.2  # a save is done already; the next search updates what this one leaves
MANY = 200  # changed files of others, as after a `git pull`: some tenths of a second to read
FEW = 2_000  # files whose stamps are all looked at before every answer: some 5 ms
SWEPT_NS = 180_000_000_000  # with more files, how long such a look may be ago
CHUNK = 25_000  # files that are read before what was read is written
COARSE_NS = 2_000_000_000  # the steps of the coarsest clock of a file system: FAT's
RACY_NS = 20_000_000  # a file changed so shortly before it was read may change again under the same mtime


class Look(NamedTuple):
    """The files of a base at one moment."""

    files: StampTable
    topics: Stamp | None
    folder_ns: int  # when their directory last changed; -1 where that proves nothing
    begun_ns: int  # when the look began


class Changes(NamedTuple):
    """What is to be brought in."""

    known: dict[str, Row]  # the files that the index was made from
    there: dict[str, Row]  # those of the base
    changed: dict[str, Stamp]  # those of them that are new or other ones


class FreshIndex:
    """Asks the index of a base, after bringing in what changed on disk."""

    def __init__(self, store: Store, cache: Path, *, language: str = ENGLISH) -> None:
        self._store = store
        self._topics = store.base / MARKER
        self._language = language
        home = index_home(cache, store.base, language=language)
        self._index = Index(home, store.entries, language=language)
        self._last: Look | None = None  # at few files
        self.on_progress: Callable[[int, int], None] | None = None  # told how many of many files were read
        self.broken: dict[str, str] = {}  # file -> what is wrong with it, after the last question

    def ask(self, question: Callable[[Index], Answer]) -> Answer:
        """Return the answer from a fresh index.

        One that cannot be used is rebuilt; where that fails too (no place, no permission), the answer comes
        from an index in memory.
        """
        for prepare in (None, self._wait, self._discard):
            try:
                if prepare:
                    prepare()
                return self._ask(question)
            except UnusableIndexError as error:
                if is_full(error):
                    break
            except StorageError:  # another process holds it, and was waited for
                break
        self._index = Index(None, self._store.entries, language=self._language)
        return self._ask(question)

    def _wait(self) -> None:
        """Wait for another process: the index was perhaps only half written when it was opened."""
        with self._index.updating(wait=WAIT_TO_ASK):
            pass

    def _discard(self) -> None:
        with self._index.updating(wait=WAIT_TO_ASK):
            self._index.discard()

    def refresh(self, own: Iterable[str]) -> None:
        """Bring the index up to date after a save of the files `own`; if it can't be done now, leave it.

        What was saved stays saved whatever becomes of the index, so nothing is raised.
        """
        with suppress(Exception):
            self._bring_up_to_date(own=frozenset(own), wait=WAIT_AFTER_SAVE)

    def make_room(self) -> bool:
        """Throw the index away because the disk is full; tell whether that may have helped.

        The next question makes it again, in memory while there is no room.
        """
        with suppress(Exception), self._index.updating(wait=WAIT_AFTER_SAVE):
            had = self._index.state.generation >= 0
            self._index.discard()
            return had
        return False

    def _ask(self, question: Callable[[Index], Answer]) -> Answer:
        index = self._index
        index.load()
        if self._may_be_fresh(index.state):
            answer = question(index)
            if not self._have_changed(index.shown()):
                self.broken = dict(index.state.broken)
                return answer
        self._bring_up_to_date(own=None, wait=WAIT_TO_ASK)
        self.broken = dict(index.state.broken)
        return question(index)

    def _may_be_fresh(self, state: State) -> bool:
        """Tell whether an answer may be given before all files are looked at: a large base, looked at lately.

        Files that came, went or were replaced move the time of their directory; one that was written over in
        its place is noticed when it is shown, or after SWEPT_NS.
        """
        return (
            state.generation >= 0
            and len(state.files) > FEW
            and 0 <= time.time_ns() - state.swept_ns < SWEPT_NS
            and state.folder_ns == self._store.folder_ns()
            and state.topics == self._topics_stamp()
        )

    def _have_changed(self, shown: Iterable[tuple[str, Stamp]]) -> bool:
        return any(self._store.stamp(name) != stamp for name, stamp in shown)

    def _bring_up_to_date(self, *, own: frozenset[str] | None, wait: float) -> None:
        index = self._index
        look: Look | None = None
        if own is None:  # a save changes something for sure: it looks once, behind the lock
            look = self._look()
            index.load_again()
            if index.is_fresh(look.files, look.topics):
                if len(look.files) > FEW:
                    index.swept(look.folder_ns, look.begun_ns, wait=WAIT_AFTER_SAVE)
                return
        was = index.state.directory, index.state.generation
        with index.updating(wait=wait):
            if (
                look is None or (index.state.directory, index.state.generation) != was
            ):  # another process was at it
                look = self._look()
                if index.is_fresh(look.files, look.topics):
                    return
            known = rows_of(index.state) if index.state.generation >= 0 else {}
            there = look.files.rows()
            changed = {name: Stamp(*row) for name, row in there.items() if known.get(name) != row}
            # A save leaves it to the next question to read many files of others.
            if own is None or sum(name not in own for name in changed) <= MANY:
                self._update(index, look, Changes(known, there, changed), own or frozenset())

    def _look(self) -> Look:
        """Look at the stamps of all files."""
        begun, folder = time.time_ns(), self._store.folder_ns()
        is_racy = begun - folder < RACY_NS  # another file may come under the same time
        # What came or went since the last look of this process would have moved the time of the directory.
        last = self._last if self._last and 0 <= folder == self._last.folder_ns else None
        is_settled = last is not None and last.begun_ns - folder >= COARSE_NS
        files = self._store.scan(before=last.files if last and is_settled else None)
        look = Look(files, self._topics_stamp(), -1 if is_racy else folder, begun)
        self._last = look if len(files) <= FEW else None
        return look

    def _update(self, index: Index, look: Look, changes: Changes, own: frozenset[str]) -> None:
        """Bring in what changed, CHUNK files at a time: what is done by then outlives an interruption."""
        known, there, changed = changes
        started = time.time_ns()
        changed |= {
            name: stamp._replace(mtime_ns=-1)
            for name, stamp in changed.items()
            if name not in own and 0 <= started - stamp.mtime_ns < RACY_NS
        }
        files = {name: row for name, row in known.items() if name in there}
        gone = [name for name in known if name not in files and is_text(name)]
        said = {name: said for name, said in index.state.broken.items() if name in files}
        said = {name: each for name, each in said.items() if name not in changed}
        implied: Mapping[str, frozenset[str]] = index.state.implied
        if look.topics != index.state.topics or not known:
            implied, of_topics = self._implied()
            said |= of_topics
        elif MARKER in index.state.broken:
            said[MARKER] = index.state.broken[MARKER]
        names = list(changed)
        size = sum(stamp.size for stamp in changed.values())
        for begin in range(0, max(len(names), 1), CHUNK):
            part = {name: changed[name] for name in names[begin : begin + CHUNK]}
            documents, unreadable = self._read(part, done=begin, total=len(names))
            # One that went after it was listed is simply gone.
            went = [name for name in unreadable if not self._is_there(name)]
            files |= part
            said |= unreadable
            for name in went:
                del files[name], said[name]
            is_last = begin + CHUNK >= len(names)
            new = State(
                files=dict(files),
                topics=look.topics,
                implied=implied,
                broken=dict(said),
                folder_ns=look.folder_ns if is_last else -1,
                swept_ns=look.begun_ns if is_last else 0,
            )
            index.update(documents, [*gone, *filter(is_text, went)], new, size=size)
            gone = []

    def _read(
        self, changed: Mapping[str, Stamp], *, done: int, total: int
    ) -> tuple[list[Document], dict[str, str]]:
        """Return the documents of changed files, and what is wrong with those that are none."""
        from kbnotes.markdown import front_matter_of, read_body, words_of

        documents: list[Document] = []
        unreadable: dict[str, str] = {}
        for place, (name, stamp) in enumerate(changed.items(), done + 1):
            if self.on_progress and total > MANY:
                self.on_progress(place, total)
            try:
                entry = self._store.read(name).entry
            except (FormatError, InputError) as error:
                unreadable[name] = error.message
                if is_text(name) and self._is_there(name):
                    documents.append(plain_document(self._store.entries / name, stamp, error.message))
                continue
            content = read_body(entry.body, marker=entry.list_marker)
            besides = ""
            if (source := entry.source) and source.number is None:  # a note by the name of its file
                besides = f"{words_of(front_matter_of(source.lead))}\n{PurePosixPath(source.file).stem}"
            documents.append(Document(name=name, stamp=stamp, entry=entry, content=content, besides=besides))
        return documents, unreadable

    def _is_there(self, name: str) -> bool:
        return self._store.exists(f"entries/{name}")

    def _topics_stamp(self) -> Stamp | None:
        try:
            found = self._topics.lstat()
        except OSError:
            return None
        return Stamp(mtime_ns=found.st_mtime_ns, size=found.st_size, inode=found.st_ino)

    def _implied(self) -> tuple[dict[str, frozenset[str]], dict[str, str]]:
        from kbnotes.tagging import implied_by

        try:
            return dict(implied_by(read_topics(self._topics))), {}
        except FormatError as error:
            return {}, {MARKER: error.message}


def read_topics(path: Path) -> tuple[Topic, ...]:
    """Return the topics of a base; none where the file is missing. Raises FormatError."""
    from kbnotes import codec

    return codec.decode_topics(read_text(path), name=path.name)
