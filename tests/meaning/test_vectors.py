"""Vectors of entries: made, kept, brought up to date, asked."""

from __future__ import annotations

import dataclasses
import math
import os
import stat
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kbnotes.meaning import vectors
from kbnotes.meaning.asking import Model, Vectors, fuse, load, save
from kbnotes.meaning.fusion import FLOOR
from kbnotes.meaning.pieces import Pieces

pytest.importorskip("numpy", reason="numpy is not installed: pip install 'kbnotes[semantic]'")

from kbnotes.meaning.build import up_to_date

TEXTS = {
    "1-cat.yaml": ("Cat", "a cat and a kitten"),
    "2-dog.yaml": ("Dog", "the dog digs"),
    "3-none.yaml": ("", "… ! …"),
    "4-both.yaml": ("", "cat dog"),
}


def _made(
    model: Model, texts: Mapping[str, tuple[str, str]] = TEXTS, old: Vectors | None = None, of: str = "1"
) -> Vectors:
    marks = {name: f"{title}|{body}" for name, (title, body) in texts.items()}
    made = up_to_date(old, model=model, of=of, marks=marks, read=texts.__getitem__)
    assert made is not None
    return made


def _same(one: Vectors, other: Vectors | None) -> bool:
    return other is not None and all(
        list(getattr(one, each.name)) == list(getattr(other, each.name))
        if each.name in ("pieces", "names")
        else getattr(one, each.name) == getattr(other, each.name)
        for each in dataclasses.fields(one)
    )


def test_the_nearest_come_first_and_what_has_no_words_not_at_all(model: Model) -> None:
    asked = _made(model).ask("kitten", model=model)
    names = [name for name, _ in asked.nearest(10)]
    assert names[:2] == ["1-cat.yaml", "4-both.yaml"]
    assert "3-none.yaml" not in names
    assert asked.cosines(["3-none.yaml", "missing.yaml"]) == {"3-none.yaml": 0.0}


def test_a_question_without_words_is_near_to_nothing(model: Model) -> None:
    asked = _made(model).ask("?!", model=model)
    assert asked.nearest(10) == []
    assert set(asked.cosines(TEXTS).values()) == {0.0}


def test_a_byte_a_number_is_exact_enough(model: Model) -> None:
    made = _made(model)
    for question in ("cat", "kitten dog", "digging cats"):
        for name, cosine in made.ask(question, model=model).cosines(TEXTS).items():
            title, body = TEXTS[name]
            exact = _exact(model, question, title=title, body=body)
            assert cosine == pytest.approx(exact, abs=0.005)


def _exact(model: Model, question: str, *, title: str, body: str) -> float:
    pieces = Pieces(model.pieces())

    def unit(text: str) -> list[float]:
        weights = pieces.weights(text)
        raw = model.raw(weights)
        vector = [0.0] * model.dims
        for piece, weight in weights.items():
            vector = [a + weight * b for a, b in zip(vector, model.row(raw[piece]), strict=True)]
        length = math.hypot(*vector) or 1.0
        return [value / length for value in vector]

    entry = [a + b for a, b in zip(unit(f"{title}\n{body}"), unit(title), strict=True)]
    length = math.hypot(*entry) or 1.0
    return sum(a * b for a, b in zip(unit(question), entry, strict=True)) / length


def test_of_many_vectors_those_with_agreeing_signs_are_compared(
    model: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = {f"{number:03}.yaml": ("", "dog " * number) for number in range(1, 60)}
    made = _made(model, {**texts, "cat.yaml": ("", "cat")})
    monkeypatch.setattr(vectors, "COMPARED", 4)
    assert made.ask("cat", model=model).nearest(1)[0][0] == "cat.yaml"


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
    texts = {**TEXTS, "2-dog.yaml": ("Dog", "a cat after all"), "5-new.yaml": ("", "dog")}
    del texts["1-cat.yaml"]
    marks = {name: f"{title}|{body}" for name, (title, body) in texts.items()}
    read: list[str] = []

    def reading(name: str) -> tuple[str, str]:
        read.append(name)
        return texts[name]

    new = up_to_date(old, model=model, of="2", marks=marks, read=reading)
    assert sorted(read) == ["2-dog.yaml", "5-new.yaml"]
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
    assert up_to_date(None, model=model, of="", marks={"a": ""}, read=lambda _: ("", "cat")) is None


def test_names_that_are_no_utf8_come_back(model: Model, tmp_path: Path) -> None:
    made = _made(model, {"a\udcff\n.yaml": ("", "cat")})
    assert save(made, path=tmp_path / "vectors")
    assert _same(made, load(tmp_path / "vectors", model=model.id))


NAMES = st.sampled_from("abcdef")
WORDS = st.dictionaries(NAMES, st.floats(0.01, 50), min_size=1)
MEANING = st.dictionaries(NAMES, st.floats(-1, 1))


@given(words=WORDS, meaning=MEANING)
def test_without_the_words_nothing_passes_the_best_of_them(
    words: dict[str, float], meaning: dict[str, float]
) -> None:
    fused = fuse(words, meaning=meaning)
    best = max(words, key=words.__getitem__)
    assert words.keys() <= fused.keys()
    assert all(fused[name] < fused[best] for name in fused.keys() - words.keys())
    assert all(meaning[name] >= FLOOR for name in fused.keys() - words.keys())


@given(words=WORDS, meaning=MEANING)
@example(words={"a": 1.0, "b": 1.0}, meaning={"a": 2.2e-309})
def test_meaning_takes_nothing_away(words: dict[str, float], meaning: dict[str, float]) -> None:
    assert all(fuse(words, meaning=meaning)[name] >= score for name, score in words.items())


def test_without_words_the_near_enough_are_left() -> None:
    assert fuse({}, meaning={"a": 0.5, "b": 0.2}) == {"a": 0.5}
    assert fuse({}, meaning={}) == {}
