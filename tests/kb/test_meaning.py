"""Ranking by meaning over a real base: a model of a few pieces stands in for the package that carries one."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from kbnotes.kb import KnowledgeBase
from kbnotes.model import Asked, Mode
from tests.meaning.conftest import write_model

pytest.importorskip("numpy", reason="numpy is not installed: pip install 'kbnotes[semantic]'")

Base = Callable[[], KnowledgeBase]


@pytest.fixture(autouse=True)
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a package be found that carries a model."""
    home = write_model(tmp_path / "packages" / "wordllama")
    (home / "__init__.py").write_text("raise ImportError('kb must not import it')\n", "utf-8")
    monkeypatch.syspath_prepend(home.parent)
    monkeypatch.delitem(sys.modules, "wordllama", raising=False)


def ask(base: KnowledgeBase, text: str, mode: Mode = "both", tags: tuple[str, ...] = ()) -> list[int]:
    """Return the ids of the hits, best first."""
    return [hit.summary.id for hit in base.search(text, tags=tags, asked=Asked(mode=mode)).hits]


def test_an_entry_is_found_by_what_its_words_mean(base: KnowledgeBase) -> None:
    cat = base.add("A cat sleeps in the box.").id
    base.add("The dog digs.")
    assert ask(base, "kitten", "words") == []
    assert ask(base, "kitten", "meaning")[0] == cat
    assert ask(base, "kitten")[0] == cat
    assert base.search("kitten").relaxed  # that none has the word is said


def test_the_meaning_follows_every_change(base: KnowledgeBase) -> None:
    cat, dog = base.add("A cat sleeps.").id, base.add("The dog digs.").id
    assert ask(base, "kitten", "meaning")[0] == cat
    base.remove([str(cat)])
    assert cat not in ask(base, "kitten", "meaning")
    later = base.add("Nothing but a cat.").id
    assert ask(base, "kitten", "meaning")[0] == later
    path = next(Path(hit.summary.path) for hit in base.search("dog").hits if hit.summary.id == dog)
    path.write_text(path.read_text("utf-8").replace("The dog digs", "cat cat"), "utf-8")
    assert ask(base, "kitten", "meaning")[0] == dog
    assert ask(base, "kitten", "meaning") == ask(
        KnowledgeBase(base.base, cache=base.base / "new"), "kitten", "meaning"
    )


def test_a_filter_holds_for_meaning_too(base: KnowledgeBase) -> None:
    base.add("A cat sleeps.", tags=["home"])
    tagged = base.add("The dog and the cat.", tags=["zoo"]).id
    assert ask(base, "kitten", "meaning", ("zoo",)) == [tagged]


@pytest.mark.parametrize(
    ("text", "title", "own"),
    [
        ("A note about\ncaches. And more.", "", ""),
        ("Once there was *the cache*. And more.", "", ""),
        ("# Caches\n\nA note.", "", "Caches"),
        ("A note about caches.", "Caches", "Caches"),
    ],
)
def test_a_title_made_of_the_text_counts_once(base: KnowledgeBase, text: str, title: str, own: str) -> None:
    base.add(text, title=title)
    seen = base._index.ask(lambda index: [index.text(number)[0] for number in index.cards()])
    assert seen == [own]


@pytest.mark.parametrize("count", [40, 60, 120])
def test_many_hits_and_one_by_meaning_are_ranked(base: KnowledgeBase, tmp_path: Path, count: int) -> None:
    notes = [f"{number}. The cat number{number}." for number in range(1, count + 1)]
    (tmp_path / "n.md").write_text("\n\n".join([*notes, f"{count + 1}. A kitten alone."]) + "\n")
    base.import_file(tmp_path / "n.md")
    results = base.search("cat")
    assert results.complete == count
    assert base._index._index.home is not None  # nothing went wrong with the index
