"""A file as pieces: whole, or by its headings; put together they are the file."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from kbnotes.markdown import front_matter_of, pieces_of, words_of

LINES = [
    "# One",
    "## Two",
    "## Three",
    "### Deep",
    "text",
    "",
    "  ",
    "```",
    "---",
    "key: value",
    "Under\n===",
]


def bodies(text: str, *, by_heading: bool = True) -> list[str]:
    return [piece.body for piece in pieces_of(text, front="", by_heading=by_heading)]


def test_a_file_is_cut_at_the_highest_heading_that_occurs_twice() -> None:
    assert bodies("# A\n\nx\n\n## B\n\ny\n\n## C\n\n### D\n\nz\n") == [
        "# A\n\nx\n",
        "## B\n\ny\n",
        "## C\n\n### D\n\nz\n",
    ]
    assert bodies("# A\nx\n# B\ny\n") == ["# A\nx\n", "# B\ny\n"]


def test_a_file_whose_headings_occur_once_is_one_piece() -> None:
    assert bodies("# A\n\n## B\n\nx\n") == ["# A\n\n## B\n\nx\n"]


def test_a_higher_heading_without_text_leads_what_follows() -> None:
    first, second = pieces_of("# A\n\n## B\nx\n\n## C\ny\n", front="", by_heading=True)
    assert (first.lead, first.body, first.path) == ("# A\n\n", "## B\nx\n", ("# A",))
    assert (second.path, second.is_cut, second.first_line) == (("# A",), True, 6)


def test_headings_in_code_and_quotes_cut_nothing() -> None:
    assert len(bodies("```\n# A\n# B\n```\n\n> # C\n> # D\n")) == 1


@given(st.lists(st.sampled_from(LINES), max_size=25), st.booleans(), st.sampled_from(["\n", "\r\n", "\r"]))
def test_the_pieces_put_together_are_the_file(lines: list[str], by_heading: bool, newline: str) -> None:  # noqa: FBT001
    text = newline.join(lines)
    pieces = pieces_of(text, front=front_matter_of(text), by_heading=by_heading)
    assert "".join(piece.lead + piece.body + piece.tail for piece in pieces) == (text if text.strip() else "")
    assert all(piece.body.strip() for piece in pieces)


def test_front_matter_is_what_stands_between_rules_and_looks_like_it() -> None:
    assert front_matter_of("---\na: b\n---\ntext") == "---\na: b\n---\n"
    assert front_matter_of("---\nA sentence.\n---\ntext") == ""
    assert front_matter_of("text\n---\na: b\n---\n") == ""


def test_the_words_of_front_matter_are_its_values_without_times() -> None:
    text = "---\ntitle: A b\naliases:\n  - C d\n  - 'E'\ndate: 2020-01-01\nurl: http://x/y\nempty:\n---\n"
    assert words_of(text) == "A b\nC d\nE\nhttp://x/y"
