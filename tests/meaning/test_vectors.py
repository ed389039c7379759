"""Vectors of entries: made, kept, brought up to date, asked."""

from __future__ import annotations

import dataclasses
import os
import stat
from array import array
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kbnotes.meaning import vectors
from kbnotes.meaning.asking import Asked, Model, Vectors, fuse, load, save
from kbnotes.meaning.fusion import FLOOR
from kbnotes.meaning.vectors import LEVELS

np = pytest.importorskip("numpy", reason="numpy is not installed: pip install 'kbnotes[semantic]'")

from kbnotes.meaning.build import packed, up_to_date  # noqa: E402 (it needs numpy)

TEXTS = {
    0: ("Cat", "a cat and a kitten"),
    1: ("Dog", "the dog digs"),
    3: ("", "… ! …"),  # the document 2 was removed
    4: ("", "cat dog"),
}


def _states(texts: Mapping[int, tuple[str, str]]) -> dict[int, str]:
    return {number: f"{title}|{body}" for number, (title, body) in texts.items()}


def _made(
    model: Model, texts: Mapping[int, tuple[str, str]] = TEXTS, old: Vectors | None = None, of: str = "1"
) -> Vectors:
    made = up_to_date(old, model=model, of=of, states=_states(texts), read=texts.__getitem__)
    assert made is not None
    return made


def _same(one: Vectors, other: Vectors | None) -> bool:
    return other is not None and all(
        list(getattr(one, each.name)) == list(getattr(other, each.name))
        if each.name == "pieces"
        else getattr(one, each.name) == getattr(other, each.name)
        for each in dataclasses.fields(one)
    )


def test_the_nearest_come_first_and_what_has_no_words_not_at_all(model: Model) -> None:
    asked = _made(model).ask("kitten", model=model)
    numbers = [number for number, _ in asked.nearest(10)]
    assert numbers[:2] == [0, 4]
    assert not {2, 3} & set(numbers)
    assert asked.cosines([2, 3, 99]) == {}


def test_only_those_asked_about_are_compared(model: Model) -> None:
    asked = _made(model).ask("kitten", model=model)
    assert [number for number, _ in asked.nearest(10, among=[4, 3, 99])] == [4]


def test_a_question_without_words_is_near_to_nothing(model: Model) -> None:
    asked = _made(model).ask("?!", model=model)
    assert asked.nearest(10) == []
    assert set(asked.cosines(TEXTS).values()) == {0.0}


ROWS = st.integers(0, 2**32).map(lambda seed: np.random.default_rng(seed).normal(size=(2, 64)))


@given(rows=ROWS)
def test_two_bits_a_number_are_near_the_number(rows: Any) -> None:
    one, other = rows.astype(np.float32)
    made = Vectors(
        model="", of="", dims=64, pieces=[], marks=array("Q", [1]), rows=packed(other[None, :]).tobytes()
    )
    unit = one / np.linalg.norm(one)
    cosine = Asked(made, unit.tolist()).cosines([0])[0]
    bits = [made.rows[at // 4] >> 2 * (at % 4) & 3 for at in range(64)]
    levels = np.array([LEVELS[each] for each in bits])
    assert cosine == pytest.approx(unit @ levels / np.linalg.norm(levels), abs=1e-6)
    # Of a normal distribution, 0.1188 of the square is lost (Max 1960): a cosine of 0.94.
    assert other @ levels / np.linalg.norm(levels) / np.linalg.norm(other) > 0.85


def test_of_many_vectors_those_with_agreeing_signs_are_compared(
    model: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = {number: ("", "dog " * number) for number in range(1, 60)}
    made = _made(model, {**texts, 60: ("", "cat")})
    monkeypatch.setattr(vectors, "COMPARED", 4)
    assert made.ask("cat", model=model).nearest(1)[0][0] == 60


def test_a_file_gives_back_what_was_saved_and_is_private(model: Model, tmp_path: Path) -> None:
    made, path = _made(model), tmp_path / "vectors"
    assert save(made, path=path)
    assert _same(made, load(path, model=model.id))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert os.listdir(tmp_path).count("vectors.tmp") == 0  # noqa: PTH208


def test_no_damaged_file_is_used(model: Model, tmp_path: Path) -> None:
    path = tmp_path / "vectors"
    save(_made(model), path=path)
    content = path.read_bytes()
    for at in [*range(0, len(content), 97), len(content) - 1]:
        path.write_bytes(content[:at])
        assert load(path, model=model.id) is None
        path.write_bytes(content[:at] + bytes([content[at] ^ 4]) + content[at + 1 :])
        assert load(path, model=model.id) is None


def test_no_foreign_file_is_used(model: Model, tmp_path: Path) -> None:
    path = tmp_path / "vectors"
    assert load(path, model=model.id) is None
    path.mkdir()
    assert load(path, model=model.id) is None
    made = _made(model)
    assert not save(made, path=path)
    assert save(made, path=tmp_path / "real")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    assert load(tmp_path / "link", model=model.id) is None
    assert load(tmp_path / "real", model="another") is None


def test_parts_that_do_not_belong_together_are_refused(model: Model, tmp_path: Path) -> None:
    path = tmp_path / "vectors"
    save(dataclasses.replace(_made(model), rows=b""), path=path)
    assert load(path, model=model.id) is None


def test_an_update_reads_only_what_changed(model: Model) -> None:
    old = _made(model)
    # As after a merge: the same documents have other numbers.
    texts = {2: TEXTS[4], 0: ("Dog", "a cat after all"), 1: ("", "dog"), 5: TEXTS[3]}
    read: list[int] = []

    def reading(number: int) -> tuple[str, str]:
        read.append(number)
        return texts[number]

    new = up_to_date(old, model=model, of="2", states=_states(texts), read=reading)
    assert sorted(read) == [0, 1, 5]  # what has no words is read again
    assert _same(_made(model, texts, of="2"), new)


def test_the_same_texts_give_the_same_vectors(model: Model) -> None:
    assert _same(_made(model), _made(model, dict(reversed(TEXTS.items()))))


def test_an_empty_base_has_no_vectors(model: Model, tmp_path: Path) -> None:
    made = _made(model, {}, old=_made(model))
    assert save(made, path=tmp_path / "vectors")
    loaded = load(tmp_path / "vectors", model=model.id)
    assert loaded is not None
    assert loaded.ask("cat", model=model).nearest(3) == []
    assert _same(_made(model), _made(model, old=loaded))


def test_another_model_makes_all_anew(model: Model) -> None:
    old = dataclasses.replace(_made(model), model="another", rows=bytes(len(_made(model).rows)))
    assert _same(_made(model), _made(model, old=old))


def test_a_model_that_went_away_gives_none(model: Model) -> None:
    (model.home / "weights/l2_supercat_256.safetensors").unlink()
    assert up_to_date(None, model=model, of="", states={0: ""}, read=lambda _: ("", "cat")) is None


NUMBERS = st.integers(0, 5)
WORDS = st.dictionaries(NUMBERS, st.floats(0.01, 50), min_size=1)
MEANING = st.dictionaries(NUMBERS, st.floats(-1, 1))


@given(words=WORDS, meaning=MEANING)
def test_without_the_words_nothing_passes_the_best_of_them(
    words: dict[int, float], meaning: dict[int, float]
) -> None:
    fused = fuse(words, meaning=meaning)
    best = max(words, key=words.__getitem__)
    assert words.keys() <= fused.keys()
    assert all(fused[name] < fused[best] for name in fused.keys() - words.keys())
    assert all(meaning[name] >= FLOOR for name in fused.keys() - words.keys())


@given(words=WORDS, meaning=MEANING)
@example(words={0: 1.0, 1: 1.0}, meaning={0: 2.2e-309})
def test_meaning_takes_nothing_away(words: dict[int, float], meaning: dict[int, float]) -> None:
    assert all(fuse(words, meaning=meaning)[name] >= score for name, score in words.items())


def test_without_words_the_near_enough_are_left() -> None:
    assert fuse({}, meaning={0: 0.5, 1: 0.2}) == {0: 0.5}
    assert fuse({}, meaning={}) == {}
