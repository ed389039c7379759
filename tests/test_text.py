"""Facts about written text: one form for all spellings, and where sentences end."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kbnotes.text import fold, sentences


def cut(text: str) -> list[str]:
    return [text[start:end] for start, end in sentences(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One. Two! Three? Four… Five", ["One.", "Two!", "Three?", "Four…", "Five"]),
        ("Wait... No.", ["Wait...", "No."]),
        ("“Quoted.” (In brackets.) Then.", ["“Quoted.”", "(In brackets.)", "Then."]),
        ("lower case. goes on. too", ["lower case.", "goes on.", "too"]),
        ("一。二！三", ["一。", "二！", "三"]),
        ("v1.2 and 2.5D and x.y", ["v1.2 and 2.5D and x.y"]),
        (" \n", []),
    ],
)
def test_sentences_end_at_their_marks(text: str, expected: list[str]) -> None:
    assert cut(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Cats, dogs etc. are animals",
        "Use e.g. Caches, i.e. Memory",
        "CPU vs. GPU",
        "(cf. Smith et al. and Fig. 5)",
        "J. R. Smith met Dr. Who and Ms. Marple",
        "In the U.S. it is so",
        "approx. 5, no. 7, max. 9 and min. length",
    ],
)
def test_abbreviations_end_no_sentence(text: str) -> None:
    assert cut(text) == [text]


@pytest.mark.parametrize("first", ["It took 10 ms.", "It took a sec.", "The answer is no.", "Up to the max."])
def test_a_word_that_is_also_an_abbreviation_ends_one(first: str) -> None:
    assert cut(f"{first} Then more.") == [first, "Then more."]


@given(st.text(st.sampled_from("aB1 \n.!?…\"')]。！e.g.,"), max_size=60) | st.text(max_size=60))
def test_sentences_hold_every_word_once_and_in_order(text: str) -> None:
    found = list(sentences(text))
    assert found == sorted(found)
    assert all(start < end for start, end in found)
    assert all(end <= start for (_, end), (start, _) in pairwise(found))
    assert "".join("".join(cut(text)).split()) == "".join(text.split())


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Caché", "cache"),
        ("CAFÉ", "cafe\u0301"),
        ("ＫＶ　２", "kv 2"),
        ("Straße", "STRASSE"),
        ("İstanbul", "istanbul"),
        ("ﬁne", "fine"),
        ("한국", "\u1112\u1161\u11ab\u1100\u116e\u11a8"),
    ],
)
def test_all_spellings_of_a_word_fold_into_one(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@given(st.text(max_size=30))
def test_folding_twice_changes_nothing_more(text: str) -> None:
    assert fold(fold(text)) == fold(text)
