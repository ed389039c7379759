"""What a body says without its Markdown: text, terms and links; and a body without its indentation."""

from __future__ import annotations

import pytest

from kbnotes.markdown import dedent, newline_of, read_body


def links(body: str) -> list[tuple[str, str]]:
    return [(link.text, link.url) for link in read_body(body).links]


def test_terms_are_what_is_emphasised_in_the_order_of_the_text() -> None:
    body = (
        "**Two words:** and _one_, __nested *inner* one__, _one_ again, `code`.\n\n- *in a list*\n\n# _Head_"
    )
    assert read_body(body).terms == ("Two words", "one", "nested inner one", "in a list", "Head")


def test_a_stressed_sentence_is_no_term() -> None:
    assert read_body("_Do not do this!_ or _a b c d e f g_ or _so; so_ or _一句。_").terms == ()


def test_snake_case_and_stars_are_no_emphasis() -> None:
    content = read_body("snake_case_name and 5 * 3 * 2 and C*")
    assert (content.terms, content.text) == ((), "snake_case_name and 5 * 3 * 2 and C*")


def test_links_of_every_kind_are_found_in_the_order_of_the_text() -> None:
    body = "[a _b_](http://1.x) <http://2.x> http://3.x/y(z), ![alt](4.png) [r]\n\n- [e](http://5.x)\n\n[r]: http://6.x"
    assert links(body) == [
        ("a b", "http://1.x"),
        ("http://2.x", "http://2.x"),
        ("http://3.x/y(z", "http://3.x/y(z"),
        ("alt", "4.png"),
        ("r", "http://6.x"),
        ("e", "http://5.x"),
    ]


def test_the_stop_behind_a_url_is_not_part_of_it() -> None:
    assert links("See https://x.y/a_b_c. And (https://x.y/d), ok.") == [
        ("https://x.y/a_b_c", "https://x.y/a_b_c"),
        ("https://x.y/d", "https://x.y/d"),
    ]


def test_a_link_definition_that_other_notes_use_can_be_found() -> None:
    content = read_body('Last note.\n\n[paper]: http://x.y/z "Its name"\n[paper]: http://second.x\n')
    assert "[paper]: http://x.y/z" in content.text
    assert "Its name" in content.text
    assert [link.url for link in content.links] == ["http://x.y/z", "http://second.x"]
    assert content.title == "Last note"


def test_a_footnote_of_one_word_keeps_its_word() -> None:
    content = read_body("Text[^1]\n\n[^1]: footnote\n")
    assert "footnote" in content.text


@pytest.mark.parametrize("opening", ["- " * 15, "> " * 50, "1. " * 15])
def test_deep_nesting_loses_no_words(opening: str) -> None:
    assert read_body(opening + "word").text == "word"


def test_the_text_has_every_word_and_no_markup() -> None:
    body = (
        "# Head\n\nA _b_ `c`  \nd &amp; ~~e~~.\n\n- f\n\n> g\n\n| h | i |\n|---|---|\n| j | k |\n\n"
        "```py\nl = 1\n```\n\n<div>m</div>\n\n[n](o 'p') ![q](r \"s\")\n"
    )
    assert read_body(body).text == "Head\nA b c\nd & e.\nf\ng\nh\ni\nj\nk\nl = 1\npy\n<div>m</div>\nn q\np\ns"


@pytest.mark.parametrize(
    ("marker", "body", "expected"),
    [
        ("1. ", "a\n   b\n\n       code\n", "a\nb\n\n    code\n"),
        ("10. ", "a\n    b\n     c\n  d\n", "a\nb\n c\nd\n"),
        ("1.\t", "a\n\tb\n\n\t- c\n", "a\nb\n\n- c\n"),
        ("1. ", "a\n\tb\n", "a\n b\n"),
        ("1. ", "a\r\n   b\r\n", "a\r\nb\r\n"),
        ("", "a\n   b\n", "a\n   b\n"),
        ("1. ", "", ""),
    ],
)
def test_a_body_loses_the_indentation_its_marker_asked_for(marker: str, body: str, expected: str) -> None:
    assert dedent(body, marker) == expected


@pytest.mark.parametrize("between", ["\n", "\n\n", "\n   b\n\nA paragraph.\n\n"])
def test_code_at_the_margin_keeps_its_indentation(between: str) -> None:
    code = "```python\ndef f():\n    return 1\n```\n"
    assert dedent(f"a:{between}{code}", "1. ").endswith(code)
    assert "def f():\n    return 1" in read_body(f"a:{between}{code}", marker="1. ").text


def test_code_inside_the_item_keeps_its_own_indentation_only() -> None:
    body = "a:\n\n    ```\n    def f():\n        return 1\n    ```\n"
    assert dedent(body, "10. ") == "a:\n\n```\ndef f():\n    return 1\n```\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a\nb\n", "\n"),
        ("a\r\nb", "\r\n"),
        ("a\rb\r", "\r"),
        ("a", "\n"),
        ("a\nb\r\n", None),
        ("a\r\nb\r", None),
    ],
)
def test_the_line_ending_of_a_file_is_known_unless_it_has_two(text: str, expected: str | None) -> None:
    assert newline_of(text) == expected
