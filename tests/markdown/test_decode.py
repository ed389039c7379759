"""Bytes become text without guessing."""

from __future__ import annotations

import codecs

import pytest

from kbnotes.errors import InputError
from kbnotes.markdown import decode

TEXT = "1. naïve – 中文 🙂\r\n"


@pytest.mark.parametrize(
    "raw",
    [
        TEXT.encode(),
        codecs.BOM_UTF8 + TEXT.encode(),
        codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le"),
        codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"),
    ],
    ids="utf-8 bom utf-16-le utf-16-be".split(),
)
def test_unicode_is_told_by_its_mark(raw: bytes) -> None:
    assert decode(raw, name="x.md") == (TEXT, ())


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        ("café au lait".encode("latin-1"), "x.md is not UTF-8 text at byte 3"),
        (codecs.BOM_UTF16_LE + b"a", "x.md is not UTF-16 text"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "x.md is not UTF-8 text"),
        (bytes(range(1, 32)) * 10, "full of control characters"),
        ("1. no mark".encode("utf-16-le"), "full of control characters"),
    ],
    ids="latin-1 half-utf-16 png control unmarked-utf-16".split(),
)
def test_what_is_no_unicode_is_refused_with_a_way_out(raw: bytes, why: str) -> None:
    with pytest.raises(InputError) as refused:
        decode(raw, name="x.md")
    assert why in refused.value.message
    assert "--encoding" in refused.value.hint


@pytest.mark.parametrize("encoding", ["latin-1", "utf-16-le", "cp1252"])
def test_an_encoding_that_is_named_is_used(encoding: str) -> None:
    assert decode("1. café".encode(encoding), name="x", encoding=encoding)[0] == "1. café"


@pytest.mark.parametrize("encoding", ["klingon", "hex", "é", "rot13"])
def test_an_encoding_that_does_not_exist_is_named(encoding: str) -> None:
    with pytest.raises(InputError, match="no encoding called"):
        decode(b"1. a", name="x", encoding=encoding)


def test_a_wrong_encoding_is_refused_like_a_wrong_file() -> None:
    with pytest.raises(InputError, match="not ASCII text at byte 4"):
        decode("1. aé".encode(), name="x", encoding="ascii")


def test_a_few_nul_characters_are_replaced_and_said() -> None:
    text, (warning,) = decode(b"1. one\0two and much more text\n", name="x")
    assert text == "1. one\ufffdtwo and much more text\n"
    assert "a NUL" in warning


def test_an_empty_file_is_text() -> None:
    assert decode(b"", name="x") == ("", ())
    assert decode(codecs.BOM_UTF8, name="x") == ("", ())


@pytest.mark.parametrize("mark", [codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE])
def test_utf_32_is_refused_with_a_hint_and_not_read_as_utf_16(mark: bytes) -> None:
    encoding = "utf-32-le" if mark == codecs.BOM_UTF32_LE else "utf-32-be"
    raw = mark + TEXT.encode(encoding)
    with pytest.raises(InputError) as refused:
        decode(raw, name="x.md")
    assert "--encoding utf-32" in refused.value.hint
    assert decode(raw, name="x.md", encoding="utf-32") == (TEXT, ())
