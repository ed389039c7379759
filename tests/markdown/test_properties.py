"""What holds for every file whatever: nothing is lost, nothing raises."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from kbnotes.markdown import decode, dedent, read_body, split
from kbnotes.markdown.lines import lines_of

PIECES = r"""1.|2. two|10. ten|01) x|7.|  3. indented|    4. code|1.      far|- bullet|* [ ] task|  1. inner
# Heading|### 2. Numbered|###### six|#|Setext|===|---|***|text *em* **strong** `code`|lazy line
_a_ (aside) vs. b.|```|```python|~~~|````|> 1. quoted|>|<!--|-->|<div>|</div>|<b>x</b>|title: x|...
[a]: http://x.y "t"|[a](http://x.y)|![i](j)|[^1]: foot|[[wiki]]|https://x.y/z.|&amp;|中文。句子！|e.g. this
999999999. nine|1234567890. ten digits|2.5D|1999. year|-|+|     """
ODD = [
    "\f",
    "\u2028",
    "\x85",
    "\0",
    "\ufffd",
    "\t",
    "\ufeff",
    "\u200b",
    "\u00a0",
    "\v",
    "\x1e",
    "1.",
    "*",
    "`",
    "[",
    "",
]
ENDS = ["\n", "\n\n", "\r\n", "\r", "\n   ", "\n    ", " ", ""]


def _pieces() -> list[str]:
    found = [piece for line in PIECES.split("\n") for piece in line.split("|")]
    return [*found, "| a | b |", "|---|---|", *ODD]


MARKDOWN = st.lists(st.tuples(st.sampled_from(_pieces()), st.sampled_from(ENDS)), max_size=30).map(
    lambda pairs: "".join(piece + end for piece, end in pairs)
)


@settings(max_examples=250, deadline=None)
@given(MARKDOWN)
def test_every_file_comes_back_byte_for_byte_from_its_sections(text: str) -> None:
    found = split(text).sections
    assert "".join(each.marker + each.body + each.tail for each in found) == text
    assert not any(each.tail.strip() for each in found)
    line = 1
    for each in found:
        assert each.first_line == line <= each.last_line
        line += len(lines_of(each.marker + each.body + each.tail))
        assert each.last_line < line
        assert (each.kind == "note") == (each.number is not None) >= bool(each.marker)


@settings(max_examples=150, deadline=None)
@given(MARKDOWN)
@example("  3. indented\r     \n    1.\n")
def test_every_body_can_be_read(text: str) -> None:
    for each in split(text).sections:
        content = read_body(each.body, marker=each.marker)
        assert len(content.title) <= 81
        assert "\n" not in content.title
        assert content == read_body(each.body, marker=each.marker)
        bare = dedent(each.body, each.marker)
        assert "".join(bare.split()) == "".join(each.body.split())
        assert len(lines_of(bare)) == len(lines_of(each.body))


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=200))
def test_any_text_at_all_is_split_and_read(text: str) -> None:
    sections = split(text).sections
    assert "".join(each.marker + each.body + each.tail for each in sections) == text
    read_body(text)


@settings(max_examples=150, deadline=None)
@given(MARKDOWN)
def test_utf8_and_utf16_say_the_same(text: str) -> None:
    plain = text.replace("\0", "").lstrip("\ufeff")
    assert decode(plain.encode(), name="x") == (plain, ())
    assert decode(plain.encode("utf-16"), name="x") == (plain, ())


# Each once took minutes, or could: a regular expression or a search that looks at the whole line from every
# place of it. Nothing here looks at a clock; a test run that hangs is the alarm.
LONG = {
    "one word": "a" * 1_000_000,
    "words": "word " * 200_000,
    "dots": "." * 1_000_000 + "x",
    "ellipses": "…" * 300_000 + "x",
    "marks and brackets": "." * 50_000 + ")" * 50_000 + "x",
    "spaces": "a" + " " * 1_000_000 + "b",
    "no-break spaces": "a" + "\u00a0" * 300_000 + "b",
    "asides": "(a " * 20_000 + ")" * 20_000,
    "brackets": "f(" * 20_000 + "x" + ")" * 20_000,
    "opened": "[" * 20_000,
    "images": "![" * 5_000,
    "emphasis": "**a " * 10_000 + "b** " * 10_000,
    "stars": "*" * 20_000 + "a" + "*" * 20_000,
    "quotes": "> " * 20_000,
    "lists": "- " * 20_000,
    "backticks": "".join("`" * width + " " for width in range(300)),
    "html": "<a " * 20_000,
    "comments": "<!--" * 20_000,
    "links": "[a](" * 20_000,
    "urls": "http://" * 20_000,
    "chinese": "句。" * 100_000,
}


@pytest.mark.parametrize("text", LONG.values(), ids=LONG)
def test_a_monstrous_line_is_read_all_the_same(text: str) -> None:
    found = split(f"1. {text}\n2. b\n").sections
    assert [each.number for each in found] == [1, 2]
    read_body(text)
