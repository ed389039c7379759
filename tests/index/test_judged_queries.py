"""The judged queries over the user's notes, and every word of the notes itself."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from kbnotes.kb import KnowledgeBase
from kbnotes.text import fold
from tests.conftest import ROOT, SEED
from tests.index.asking import exactly, found

QUERIES = ROOT / "tests" / "fixtures" / "seed-queries.tsv"
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")


def _judged() -> list[tuple[str, set[int], str]]:
    rows = [line.split("\t") for line in QUERIES.read_text("utf-8").splitlines() if line.strip()]
    return [
        (query, {int(number) for number in wanted.split(",") if number}, kind)
        for query, wanted, kind in rows
        if kind != "synonym"
    ]


@pytest.mark.parametrize(("query", "wanted", "kind"), _judged(), ids=lambda value: str(value)[:40])
def test_a_judged_query_is_answered(notes: KnowledgeBase, query: str, wanted: set[int], kind: str) -> None:
    hits = found(notes, query, limit=10)
    if kind == "boolean":
        assert set(hits) == wanted
    elif kind == "tag":
        assert wanted <= set(hits)
        assert len(hits) <= len(wanted) + bool(wanted)
    elif kind == "negative":
        assert hits == []
    else:
        assert wanted & set(hits[:3])


def _numbered() -> dict[int, str]:
    """Return each note's raw text, by a way of its own."""
    parts = re.split(r"(?m)^(\d+)\. ", Path(SEED).read_text("utf-8"))
    return {int(number): text for number, text in zip(parts[1::2], parts[2::2], strict=True)}


def test_every_word_of_every_note_finds_that_note(notes: KnowledgeBase) -> None:
    asked: dict[str, list[int]] = {}
    lost = []
    for number, text in _numbered().items():
        for word in {fold(word) for word in _WORD.findall(text)}:
            # A quoted word is never an operator, and is neither corrected nor let go.
            hits = asked.setdefault(word, exactly(notes, f'"{word}"'))
            if number not in hits:
                lost.append((number, word))
    # Addresses are read unescaped: `100%2C000` is found as `100,000`.
    assert not [(number, word) for number, word in lost if f"%{word}" not in fold(_numbered()[number])]
    assert len(asked) > 500


def test_every_chunk_of_every_note_as_it_is_typed_finds_that_note(notes: KnowledgeBase) -> None:
    lost = []
    for number, text in _numbered().items():
        for chunk in set(text.split()):
            word = chunk.strip("_*`,.;:!?|\"'")
            plain = re.fullmatch(r"[\w+/.-]*\w", word) and not word.startswith(("-", "tag:", "title:"))
            if plain and word not in ("OR", "AND", "NOT") and number not in exactly(notes, word):
                lost.append((number, word))
    assert not lost
