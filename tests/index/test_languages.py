"""Notes in other languages than English are found as well."""

from __future__ import annotations

from pathlib import Path

import pytest

from kbnotes.errors import InputError
from kbnotes.kb import KnowledgeBase, create_base
from tests.index.asking import exactly, found

NOTES = {
    "german": ("Die Häuser in der Straße sind schön.", ["haus", "Häuser", "hauser", "strasse", "Straßen"]),
    "fr": (
        "Les élèves sont allées à une école, générées ensemble.",
        ["élève", "eleves", "écoles", "générer"],
    ),
    "es": ("Las canciones españolas que cantábamos ayer.", ["canción", "cancion", "española", "cantar"]),
}


@pytest.mark.parametrize("language", NOTES)
def test_words_are_inflected_as_the_language_does(tmp_path: Path, language: str) -> None:
    text, queries = NOTES[language]
    create_base(tmp_path / "base")
    base = KnowledgeBase(tmp_path / "base", cache=tmp_path / "cache", language=language)
    base.add(text + "\n")
    base.add("Something else.\n")
    for query in queries:
        assert exactly(base, query) == [1], query


FRENCH = "D'abord, l’école Normale ; aujourd'hui qu'il pleut, jusqu'à l'élève O'Brien."
FOUND = """école ecole l'école L’ÉCOLE abord d'abord il élèves aujourd'hui O'Brien obrien title:école éco*
l'éco* =l'école ~l'écoel""".split()


def _french(tmp_path: Path) -> KnowledgeBase:
    create_base(tmp_path / "base")
    return KnowledgeBase(tmp_path / "base", cache=tmp_path / "cache", language="french")


def test_what_french_elides_does_not_hide_the_word_behind(tmp_path: Path) -> None:
    base = _french(tmp_path)
    base.add(FRENCH + "\n", title="L'école")
    base.add("Le collège.\n")
    for query in (*FOUND, "l'élève O'Brien", '"l\'école normale"', '"école normale"'):
        assert exactly(base, query) == [1], query
    assert exactly(base, "hui") == []
    assert exactly(base, "collège -l'école") == [2]


def test_the_word_behind_an_elision_is_marked(tmp_path: Path) -> None:
    base = _french(tmp_path)
    base.add("Devant l’école, qu'il aime.\n")
    (hit,) = base.search("l'école").hits
    assert [hit.snippet[start:end] for start, end in hit.marks] == ["école"]
    assert hit.snippet == "Devant l’école, qu'il aime."


def test_apostrophes_of_english_stay_in_their_words(base: KnowledgeBase) -> None:
    base.add("The kernel's patches by O'Brien don't apply to l'école.\n")
    for query in ("kernel", "kernels", "O'Brien", "obrien", "don't", "dont", "l'école", "lecole"):
        assert exactly(base, query) == [1], query
    assert exactly(base, "école") == []


def test_each_language_has_an_index_of_its_own(tmp_path: Path) -> None:
    create_base(tmp_path / "base")
    for language in ("english", "german", "english"):
        base = KnowledgeBase(tmp_path / "base", cache=tmp_path / "cache", language=language)
        base.add("Die Häuser.\n")
        assert len(exactly(base, "Häuser")) == len(base.list().entries)


def test_a_language_that_kb_does_not_know_is_an_error(tmp_path: Path) -> None:
    create_base(tmp_path / "base")
    with pytest.raises(InputError, match="klingon"):
        KnowledgeBase(tmp_path / "base", cache=tmp_path / "cache", language="klingon")


@pytest.mark.parametrize("query", ["東京", "京大", "大学", "日本語", "東京大学", "한국"])
def test_text_without_blanks_is_found_by_two_characters(base: KnowledgeBase, query: str) -> None:
    base.add("東京大学で日本語と한국어を学ぶ。\n")
    base.add("京都の大阪。\n")
    assert found(base, query)[:1] == [1]


def test_characters_that_do_not_stand_together_are_no_word(base: KnowledgeBase) -> None:
    base.add("東京大学で日本語を学ぶ。\n")
    assert exactly(base, "本日") == []


@pytest.mark.parametrize(
    ("written", "asked"), [("cafe\u0301", "café"), ("Ｗｉｄｅ", "wide"), ("naïve", "naive")]
)
def test_accents_width_and_composition_make_no_difference(
    base: KnowledgeBase, written: str, asked: str
) -> None:
    base.add(f"so {written} here\n")
    assert exactly(base, asked) == [1]
    assert exactly(base, written) == [1]
