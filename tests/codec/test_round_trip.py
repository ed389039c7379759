"""What is written reads back as the very same entry, by kb and by other tools."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from kbnotes.codec import decode_entry, encode_entry
from kbnotes.errors import FormatError, InputError
from kbnotes.model import Source
from tests.codec.helpers import LOADERS, NOW, decoded_by_all, entry, reading_with

# A piece for every class of code points, and for all that means something in YAML.
ODD = (
    "\x00 \x07 \x1b \x7f \x85 \x9f \u2028 \u2029 \ufeff \ufffe \uffff \u202e \u00a0 \u3000 \U0010ffff".split(
        " "
    )
)
WORDS = "😀 👩‍👩‍👧 𝔘 漢字 é e\u0301 ß --- ... | > % & * ! { } [ ] , ? @ ` ~ ' \" \\ \\n # : - = <<".split(" ")
PIECES = [
    *ODD,
    *WORDS,
    *"\t \r \r\n \n \n\n \n---\n \n...\n".split(" "),
    " ",
    "   ",
    ": ",
    " #",
    "- ",
    "x" * 1500,
]
characters = st.characters(exclude_categories=["Cs"])
pieces = st.lists(st.one_of(st.sampled_from(PIECES), st.text(characters, max_size=6)), max_size=14)
any_text = st.one_of(pieces.map("".join), st.text(characters), st.text("\n \ta-#:", max_size=8))
TITLES = [
    *"no Yes ON y null ~ true NaN .inf 1.10 1e3 0x1F 0o7 1_000 190:20:30 2024-01-01".split(),
    *"- [a] {a} 'q' \"q\" a: :a #a @x %x `x` !x &x *x | > << = --- ... [/] [[wiki]]".split(),
    *("- x", "a: b", ": a", "a #b", "? x", "", " ", "trailing  ", "  leading", "tab\tin", "new\nline"),
    *("KV cache", "It's “so”, 2.5D & more", "漢字", "😀", "\ufeffx", "a\\b", "2024-01-01T00:00:00Z"),
]


@given(title=any_text, body=any_text, tag=any_text)
@example(title="", body="", tag="")
@example(title="x", body="\n\n\n", tag="a")
@example(title="x", body="\t", tag="a")
@example(title="x", body="\n\n  code\n", tag="a")
@example(title="x", body="a\n   \n\t\n  ", tag="a")
@example(title="x", body="---\n...\n--- a\n", tag="a")
@settings(max_examples=400, deadline=None)
def test_an_entry_of_any_characters_reads_back_as_the_same_entry(title: str, body: str, tag: str) -> None:
    made = entry(title=title, body=body, tags=(tag,), source=_source(file=title or "f", section=(tag,)))
    text = encode_entry(made)
    assert text.encode().decode() == text
    assert decoded_by_all(text) == made
    for loader in LOADERS.values():
        plain = yaml.load(text, Loader=loader)
        assert (plain["title"], plain["body"], plain["tags"]) == (title, body, [tag])


@pytest.mark.parametrize("title", TITLES)
def test_a_title_that_yaml_would_take_for_something_else_stays_text(title: str) -> None:
    text = encode_entry(entry(title=title, tags=(title, "x")))
    assert decoded_by_all(text).title == title
    assert yaml.safe_load(text)["title"] == title
    assert yaml.safe_load(text)["tags"][0] == title


@pytest.mark.parametrize("word", ["no", "1.10", "2024-01-01", "~", "null", "0x1F", "1:30"])
def test_a_title_typed_bare_into_the_file_stays_what_was_typed(loader: str, word: str) -> None:
    assert decoded_by_all(f"id: 7\ntitle: {word}\ntags: [{word}]\nbody: {word}\n").title == word


@pytest.mark.parametrize("size", [0, 1, 1023, 1024, 1025, 300_000])
def test_a_line_of_any_length_reads_back(size: int) -> None:
    made = entry(title="a: " + "t" * size, body="b " * size + "\n" + "漢" * size)
    assert decoded_by_all(encode_entry(made)) == made


def test_every_part_of_a_source_reads_back() -> None:
    source = _source(file="a: b #c.md", section=("One: two", "no", "# x"), marker=" 7)\t", newline="\r\n")
    written = replace(source, marker="", lead="---\na: b\n---\n# x\n\n", tail=" \n\t\n")
    for each in (
        source,
        written,
        replace(source, number=None, marker="", section=(), newline="\r", digest=""),
    ):
        assert decoded_by_all(encode_entry(entry(source=each))).source == each


def test_times_of_any_zone_and_year_read_back() -> None:
    assert decoded_by_all("id: 7\ncreated: 2026-11-23T19:00:00+01:00\nbody: x\n").created == NOW
    early = entry(created=datetime(20, 11, 23, tzinfo=UTC))
    assert decoded_by_all(encode_entry(early)) == early


@pytest.mark.parametrize("loader_name", list(LOADERS))
@pytest.mark.parametrize("field", ["title", "body"])
def test_bytes_that_are_no_text_are_refused_in_a_sentence(loader_name: str, field: str) -> None:
    with reading_with(loader_name), pytest.raises(InputError, match=f"{field} .*not UTF-8"):
        encode_entry(entry(**{field: "caf\udce9"}))


def test_a_file_with_a_byte_order_mark_reads_like_one_without() -> None:
    text = "id: 7\ntitle: x\nmood: good\ntags: [a]\nbody: |\n  text\n"
    assert decoded_by_all("\ufeff" + text) == decoded_by_all(text)


def test_a_file_with_windows_line_ends_reads_like_one_without() -> None:
    text = encode_entry(entry(body="one\n\n  two\n", extra="mood: good\n"))
    found = decoded_by_all(text.replace("\n", "\r\n"))
    assert found.body == "one\n\n  two\n"
    assert decoded_by_all(encode_entry(found)) == found


def _source(**fields: object) -> Source:
    made = Source(file="notes.md", number=7, first_line=3, last_line=9, digest="a" * 64)
    return replace(made, **fields)  # type: ignore[arg-type]


def test_an_entry_cut_off_anywhere_is_never_read_as_a_whole_one() -> None:
    for body in (
        "Words.\n\nMore words.\n",
        "no line end",
        "blank lines below\n\n\n",
        "\x07 quoted\n",
        "a\n...\n",
    ):
        text = encode_entry(entry(body=body))
        for end in range(len(text) - 1):
            with pytest.raises(FormatError):
                decode_entry(text[:end], name="it")
        assert decode_entry(text[:-1], name="it").body == body, "all but the last line end is all of it"


def test_an_entry_made_by_hand_needs_no_end() -> None:
    assert decode_entry("id: 1\nbody: |\n  text\n", name="it").body == "text\n"
    assert decode_entry("---\nid: 1\nbody: |\n  text\n", name="it").body == "text\n"


def test_an_entry_that_would_not_read_back_as_it_is_is_not_written() -> None:
    fraction = entry(body="x\n").created.replace(microsecond=5)
    with pytest.raises(FormatError, match="would not read back"):
        encode_entry(entry(body="x\n", created=fraction))
