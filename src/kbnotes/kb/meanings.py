"""The meanings of the entries, where kbnotes[semantic] is installed: beside the index, as fresh as it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from kbnotes.errors import KbError, UsageError
from kbnotes.index import VECTORS, Index
from kbnotes.meaning import is_installed
from kbnotes.record import record

if TYPE_CHECKING:
    from kbnotes.meaning.asking import Asked as Nearness
    from kbnotes.meaning.asking import Model, Vectors


@record
class Question:
    """A question put to the vectors, in the form that the index asks for."""

    asked: Nearness

    def nearest(self, top: int, *, among: Iterable[int] | None = None) -> list[tuple[int, float]]:
        """Return the nearest documents with their cosines, the nearest first."""
        return self.asked.nearest(top, among=among)

    def cosines(self, numbers: Iterable[int]) -> dict[int, float]:
        """Return how near these are, as far as that is known."""
        return self.asked.cosines(numbers)

    def fuse(self, words: Mapping[int, float], *, meaning: Mapping[int, float]) -> dict[int, float]:
        """Return the scores by words and by meaning as one."""
        from kbnotes.meaning.asking import fuse

        return fuse(words, meaning=meaning)


def require() -> None:
    """Raise UsageError if there is nothing to rank by meaning with."""
    if not is_installed():
        raise UsageError(
            "Searching by meaning only needs an extra that is not installed.",
            hint="pip install 'kbnotes[semantic]'",
        )


class Meanings:
    """The vectors of one base. Whatever is wrong with them, the answer is by words."""

    def __init__(self) -> None:
        self._vectors: Vectors | None = None
        self._model: Model | None = None
        self._is_installed = False  # as far as is known: to look takes half a millisecond

    def questions(self, index: Index) -> Callable[[str], Question | None] | None:
        """Return what puts a question to the meanings of an index's entries; None where there are none."""
        self._is_installed = self._is_installed or is_installed()
        if not self._is_installed or index.home is None:
            return None
        return lambda text: self._question(index, index.home, text)

    def _question(self, index: Index, home: Path | None, text: str) -> Question | None:
        from kbnotes.meaning.asking import Model

        self._model = self._model or Model.find()
        if self._model is None or home is None:
            return None
        vectors = self._fresh(index, home / VECTORS, self._model)
        if vectors is None:
            return None
        try:
            return Question(vectors.ask(text, model=self._model))
        except OSError:  # the package went away
            return None

    def _fresh(self, index: Index, path: Path, model: Model) -> Vectors | None:
        from kbnotes.meaning.asking import load

        wanted = f"{index.state.directory}:{index.state.generation}"
        known = self._vectors or load(path, model=model.id)
        if known is None or known.of != wanted:
            known = self._made(index, path, model, known, wanted)
        self._vectors = known
        return known

    def _made(
        self, index: Index, path: Path, model: Model, known: Vectors | None, wanted: str
    ) -> Vectors | None:
        from kbnotes.meaning.asking import save
        from kbnotes.meaning.build import up_to_date

        made = up_to_date(known, model=model, of=wanted, states=index.cards(), read=index.text)
        if made:
            with suppress(KbError, OSError):
                save(made, path=path)
        return made
