"""The files of a model are read as they are, and refused if they are anything else."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from kbnotes.meaning import is_installed
from kbnotes.meaning.asking import Model
from kbnotes.meaning.model import PIECES, ROWS
from kbnotes.meaning.pieces import LONGEST, Pieces
from tests.meaning.conftest import CHARACTERS, DIMS, UNIONS, write_model


def test_the_room_and_a_look_for_the_extra_load_no_library() -> None:
    script = """
import sys
from kbnotes.meaning import asking, is_installed
is_installed()
asking.Model.find()
print(sorted({"numpy", "wordllama", "tokenizers", "yaml"} & set(sys.modules)))
"""
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == "[]"


def test_a_model_is_found_with_its_rows_and_pieces(model: Model) -> None:
    assert (model.dims, model.count) == (DIMS, len(model.pieces()))
    number = model.pieces().index("▁dog")
    row = model.row(model.raw([number])[number])
    assert (len(row), row[1]) == (DIMS, 4.0)


@pytest.mark.parametrize("name", [ROWS, PIECES])
def test_a_missing_file_is_no_model_or_no_pieces(tmp_path: Path, name: str) -> None:
    home = write_model(tmp_path)
    (home / name).unlink()
    found = Model.find(home)
    if found:
        with pytest.raises(OSError, match="No such file"):
            found.pieces()


@pytest.mark.parametrize(
    "change",
    [
        lambda content: content[:-1],
        lambda content: content + b"\0",
        lambda content: content.replace(b"F16", b"F32"),
        lambda content: content.replace(b"[0,", b"[2,"),
        lambda content: b"\xff" * 8 + content[8:],
        lambda content: b"",
        lambda content: content[:8] + b"[]" + content[10:],
    ],
)
def test_a_model_of_another_form_is_none(tmp_path: Path, change: object) -> None:
    rows = write_model(tmp_path) / ROWS
    assert callable(change)
    rows.write_bytes(change(rows.read_bytes()))
    assert Model.find(tmp_path) is None


def test_another_model_has_another_id(tmp_path: Path, model: Model) -> None:
    other = Model.find(write_model(tmp_path / "other", words={"▁cat": 3}))
    assert other is not None
    assert other.id != model.id


def test_pieces_are_merged_in_the_order_of_their_numbers(model: Model) -> None:
    ordered = model.pieces()
    pieces = Pieces(ordered)
    assert [ordered[each] for each in pieces.of("cat")] == ["▁cat"]
    assert [ordered[each] for each in pieces.of("kitten")] == ["▁kitt", "en"]
    assert [ordered[each] for each in pieces.of("acting")] == ["▁", "a", "c", "t", "ing"]


def test_a_character_that_is_no_piece_is_its_bytes() -> None:
    ordered = [*CHARACTERS, *UNIONS]
    assert [ordered[each] for each in Pieces(ordered).of("é")] == ["▁", "<0xC3>", "<0xA9>"]


def test_an_endless_word_has_no_pieces(model: Model) -> None:
    assert Pieces(model.pieces()).of("a" * (LONGEST + 1)) == ()


@pytest.mark.skipif(not is_installed(), reason="the extra is not installed: pip install 'kbnotes[semantic]'")
class TestTheRealModel:
    """What is promised of the vectors that wordllama carries."""

    def test_it_is_found_without_importing_it(self) -> None:
        model = Model.find()
        assert model is not None
        assert (model.count, model.dims) == (32_000, 256)
        assert "wordllama" not in sys.modules

    def test_its_words_are_parted_as_its_own_tokenizer_parts_them(self) -> None:
        tokenizers = pytest.importorskip("tokenizers", reason="tokenizers is not installed")
        model = Model.find()
        assert model is not None
        theirs = tokenizers.Tokenizer.from_file(str(model.home / PIECES))
        ours = Pieces(model.pieces())
        for (
            word
        ) in "cache interoperability zeppelin 2026 pep484 x naïve привет 日本語 ß kvcache aaaaaa".split():
            assert list(ours.of(word)) == theirs.encode(word, add_special_tokens=False).ids, word

    def test_what_means_the_same_is_nearer(self) -> None:
        from kbnotes.meaning.build import up_to_date

        texts = [("", "Bake a loaf of sourdough."), ("", "Change the tyres of the car.")]
        states = {number: text for number, (_, text) in enumerate(texts)}
        model = Model.find()
        assert model is not None
        vectors = up_to_date(None, model=model, of="", states=states, read=texts.__getitem__)
        assert vectors is not None
        assert vectors.ask("automobile wheels", model=model).nearest(1)[0][0] == 1
