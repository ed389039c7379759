"""A draft is what people see in their editor: what they leave there is what is saved."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kbnotes.codec import Draft, read_draft, write_draft
from kbnotes.errors import FormatError

lines = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]))


@given(
    title=st.one_of(
        lines, st.sampled_from(["a: b", "# a", "a #b", "---", "title: x", "- x", "[a]", "'q'", "no"])
    ),
    tags=st.lists(st.sampled_from(["ml", "c++", "2.5d", "kv-cache", "größe", "a/b"]), unique=True).map(tuple),
    body=st.one_of(
        st.text(), st.sampled_from(["---\na: b\n---\n", "title: x", "# x\n", "", "\n\n", "a\r\nb"])
    ),
)
@settings(max_examples=200, deadline=None)
def test_a_draft_that_is_left_alone_reads_back(title: str, tags: tuple[str, ...], body: str) -> None:
    line = " ".join(title.split())
    found = read_draft(write_draft(Draft(title=line, tags=tags, body=body)), name="draft")
    assert found == Draft(title=line, tags=tags, body=body)


def test_text_without_a_header_is_all_body() -> None:
    for text in ("", "Just text.\n", "title: x\n\ntext", "----\n", "a\n---\nb\n"):
        assert read_draft(text, name="draft") == Draft(title=None, tags=None, body=text)


def test_a_header_with_windows_line_ends_or_a_byte_order_mark_is_a_header() -> None:
    text = "---\ntitle: A: b\ntags: ml, llm\n---\nText.\n"
    found = read_draft(text, name="draft")
    assert found == Draft(title="A: b", tags=("ml", "llm"), body="Text.\n")
    assert read_draft("\ufeff" + text, name="draft") == found
    crlf = read_draft(text.replace("\n", "\r\n"), name="draft")
    assert (crlf.title, crlf.tags, crlf.body.rstrip()) == ("A: b", ("ml", "llm"), "Text.")


def test_a_blank_line_above_the_header_does_not_make_it_text() -> None:
    found = read_draft("\n \n---\ntitle: A\n---\nText.\n", name="draft")
    assert found == Draft(title="A", tags=None, body="Text.\n")
    with pytest.raises(FormatError, match="line 4"):
        read_draft("\n\n---\nmood: good\n---\n", name="draft")
    assert read_draft("\n\nText.\n", name="draft").body == "\n\nText.\n"


def test_a_header_may_leave_out_what_it_does_not_change() -> None:
    assert read_draft("---\ntags: [a, B c]\n---\nx", name="d") == Draft(
        title=None, tags=("a", "b-c"), body="x"
    )
    assert read_draft("---\n\n# why\n---\n", name="d") == Draft(title=None, tags=None, body="")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("---\ntitle: x\nno header line\n---\n", 3),
        ("---\ntitle: x\n\n# y\ntitle: z\n---\n", 5),
        ("---\nmood: good\n---\n", 2),
        ("---\ntitle: x\ntags: a, ?!\n---\n", 3),
    ],
)
def test_a_header_that_cannot_be_read_names_the_line(text: str, line: int) -> None:
    with pytest.raises(FormatError, match=rf"^new\.md, line {line}: "):
        read_draft(text, name="new.md")


def test_a_header_that_does_not_end_is_an_error_and_no_text() -> None:
    with pytest.raises(FormatError, match="no closing"):
        read_draft("---\ntitle: x\n\nText.\n", name="new.md")
