"""Test collections: documents, queries, and which documents answer which query."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A text to find. Its id is any string without a tab or line end."""

    id: str
    title: str  # may be empty
    body: str  # may be empty

    @property
    def text(self) -> str:
        """Title and body, for engines that have one field."""
        return f"{self.title}\n{self.body}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked, as a person would type it."""

    id: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Collection:
    """Documents and judged queries, in the order of their files."""

    name: str
    digest: str  # of the documents' file
    documents: tuple[Document, ...]
    queries: tuple[Question, ...]  # those for which a document is relevant
    qrels: Mapping[str, Mapping[str, int]]  # query id -> document id -> grade, for these queries only
    unjudged: int = 0  # queries left out: no document is relevant to them

    @property
    def text_bytes(self) -> int:
        """Bytes of all titles and bodies in UTF-8."""
        return sum(len((each.title + each.body).encode()) for each in self.documents)


def read_all(directories: Iterable[Path], *, limit: int | None = None) -> list[Collection]:
    """Return the collections in directories, as `read` does. Raises ValueError if two have the same name."""
    found = [read(directory, limit=limit) for directory in directories]
    names = [each.name for each in found]
    if twice := [name for name in names if names.count(name) > 1]:
        raise ValueError(f"two collections are called {twice[0]}; their figures could not be told apart")
    return found


def read(directory: Path, *, limit: int | None = None) -> Collection:
    """Return the collection in a directory, with the first `limit` of its judged queries.

    Raises ValueError, naming file and line, for what cannot be read as one; OSError for a missing file.
    """
    corpus = directory / "corpus.jsonl"
    documents = tuple(
        Document(id=_text(row, "id", at), title=_text(row, "title", at), body=_text(row, "body", at))
        for at, row in _rows(corpus)
    )
    if len({each.id for each in documents}) < len(documents):
        raise ValueError(f"{corpus}: two documents have the same id")
    asked = tuple(
        Question(id=_text(row, "id", at), text=_text(row, "text", at))
        for at, row in _rows(directory / "queries.jsonl")
    )
    qrels = _qrels(directory / "qrels.tsv")
    judged = tuple(each for each in asked if any(grade > 0 for grade in qrels.get(each.id, {}).values()))
    taken = judged[:limit]
    return Collection(
        name=directory.resolve().name,
        digest=sha256(corpus.read_bytes()).hexdigest(),
        documents=documents,
        queries=taken,
        qrels={each.id: qrels[each.id] for each in taken},
        unjudged=len(asked) - len(judged),
    )


def _rows(path: Path) -> Iterator[tuple[str, dict[str, object]]]:
    """Yield each row of a JSON Lines file behind its place, for messages."""
    for at, line in _lines(path):
        try:
            row = json.loads(line)
        except ValueError as error:
            raise ValueError(f"{at}: {error}") from None
        if not isinstance(row, dict):
            raise ValueError(f"{at}: not an object")
        yield at, row


def _text(row: Mapping[str, object], key: str, at: str) -> str:
    value = row.get(key)
    if not isinstance(value, str):
        raise ValueError(f"{at}: no {key}")
    return value


def _qrels(path: Path) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    for at, line in _lines(path):
        try:
            query, document, grade = line.split("\t")
            found.setdefault(query, {})[document] = int(grade)
        except ValueError:
            raise ValueError(f"{at}: not query, document and grade with tabs between them") from None
    return found


def _lines(path: Path) -> Iterator[tuple[str, str]]:
    """Yield each line that is not blank behind its place. Only line feeds end one: JSON may hold U+2028."""
    for number, line in enumerate(path.read_text("utf-8").split("\n"), start=1):
        if line.strip():
            yield f"{path}, line {number}", line.rstrip("\r")
