"""However a word is spelled in the notes or in the question, the two meet."""

from __future__ import annotations

import unicodedata
from itertools import permutations
from pathlib import Path

import pytest

from kbnotes.index.analysis import words
from kbnotes.kb import KnowledgeBase
from tests.index.asking import base_of, exactly

# Spellings of one thing: each finds the others, whichever of them the notes hold.
MEETING = [
    ("KV cache", "KV-cache", "kvcache"),
    ("multi core", "multi-core", "multicore"),
    ("naïve", "naive", "NAÏVE"),
    ("Ｗｉｄｅ", "wide"),
    ("ﬁle", "file"),
    ("straße", "STRASSE"),
    (unicodedata.normalize("NFC", "résumé"), unicodedata.normalize("NFD", "résumé")),
    ("don't", "don’t", "dont"),
    ("GPT-4", "gpt4", "GPT 4"),
    ("matrix", "matrices"),
    ("GPU", "GPUs"),
    ("TSV", "TSVs"),
    ("LLM", "llms"),
    ("criterion", "criteria"),
    ("chiplet", "chiplets"),
    ("optimize", "optimizing", "optimized"),
]


@pytest.mark.parametrize("spellings", MEETING, ids=lambda value: value[0])
def test_spellings_of_one_thing_meet_in_every_direction(tmp_path: Path, spellings: tuple[str, ...]) -> None:
    base = base_of(tmp_path, *(f"filler {spelling} filler" for spelling in spellings), "nothing of it")
    everyone = list(range(1, len(spellings) + 1))
    for spelling in spellings:
        assert sorted(exactly(base, spelling)) == everyone, spelling


@pytest.mark.parametrize("spellings", MEETING, ids=lambda value: value[0])
def test_a_spelling_finds_another_that_stands_alone(tmp_path: Path, spellings: tuple[str, ...]) -> None:
    for at, (held, asked) in enumerate(permutations(spellings, 2)):
        base = base_of(tmp_path / str(at), f"filler {held} filler", "nothing of it")
        assert exactly(base, asked) == [1], (held, asked)


FINDABLE = """-O3 O3 2.5D [CLS] A:A mm2 GPT-4 C++ C# i a the 日本 本語 日 東京 한국 🚀 f(x) x86_64 node.js
    #include snake_case 3.14159 10,000 example.org deep path-of-it example.org/deep/path-of-it naïve 100% AT&T
    a/b""".split()
HELD = """Built with -O3 for a 2.5D [CLS] A:A mm2 GPT-4 C++ C# not a stop word, the 日本語 in 東京 and 한국어
🚀 f(x) x86_64 node.js #include snake_case 3.14159 and 10,000 [link](https://example.org/deep/path-of-it)
where i am naïve 100% AT&T a/b"""


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> KnowledgeBase:
    return base_of(tmp_path_factory.mktemp("held"), HELD, "Something else, wholly different.")


@pytest.mark.parametrize("query", [*FINDABLE, "not a stop word"])
def test_what_is_in_a_note_is_found_by_it(held: KnowledgeBase, query: str) -> None:
    assert exactly(held, query)[:1] == [1]


@pytest.mark.parametrize("query", ["本日", "語日", "-O2", "2.6D", "GPT-5", "example.com/deep", "C--x", "🛸"])
def test_what_only_looks_alike_is_not_found(held: KnowledgeBase, query: str) -> None:
    assert exactly(held, query) == []


def test_c_plus_plus_is_not_c(tmp_path: Path) -> None:
    base = base_of(tmp_path, "written in C++", "written in C", "written in C#")
    assert exactly(base, "C++") == [1]
    assert exactly(base, "C#") == [3]
    assert set(exactly(base, "C")) >= {2}


def test_a_flag_behind_a_word_is_read_as_text_only_where_the_notes_have_it(notes: KnowledgeBase) -> None:
    results = notes.search("build -O3")
    assert [hit.summary.id for hit in results.hits] == [17]
    assert any("-words" in note for note in results.notes)
    assert notes.search("attention -GPT").total == 0  # 8 holds both, and GPT was ruled out


def test_a_flag_alone_is_text(notes: KnowledgeBase) -> None:
    assert exactly(notes, "-O3") == [17]


def test_no_character_makes_a_word_of_nothing() -> None:
    """The Japanese voiced sound mark (U+3099) folds to nothing: a search for it ended in an error."""
    empty = [code for code in range(0x110000) if any(not word.text for word in words(f"a {chr(code)} b"))]
    assert empty == []
