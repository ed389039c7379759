"""Markdown as HTML that is safe to open."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kbnotes.markdown import to_html

PIECES = [
    *(
        "[a](",
        ")",
        "javascript:x",
        "data:text/html,x",
        "//host",
        "\\\\host",
        "http://h",
        "mailto:a@b",
        "a/b.md",
        "#18",
    ),
    *(
        "<",
        ">",
        '"',
        "'",
        "&",
        "&colon;",
        "&#58;",
        "\t",
        "\n",
        "\n\n",
        "![",
        "](",
        "<img src=x onerror=y>",
        "`",
        "*",
    ),
    *(
        "# ",
        "- ",
        "1. ",
        "> ",
        "    ",
        "```\n",
        "|a|\n|-:|\n|b|\n",
        "<script>",
        "]: ",
        "[r]",
        "vbscript:",
        "file:///x",
    ),
]
TAGS = set(
    "p br em strong del code pre ul ol li blockquote h3 h4 h5 h6 hr a span table thead tbody tr th td".split()
)


@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
@settings(max_examples=500, deadline=None)
def test_only_harmless_tags_attributes_and_addresses_come_out(body: str) -> None:
    html = to_html(body)
    for tag, attributes in re.findall(r"<(\w+)((?:\s[^<>]*)?)>", html):
        assert tag in TAGS, html
        for name, value in re.findall(r'(\w+)="([^"]*)"', attributes):
            assert name in {"href", "title", "class", "rel", "start"}, html
            if name == "href":
                address = value.lower()
                scheme = re.match(r"[a-z][a-z0-9+.-]*:", address)
                assert not scheme or scheme.group() in {"http:", "https:", "mailto:"}, html
                assert not address.startswith("//"), html
    assert html.count("<a ") == html.count("</a>")
    assert not re.search(r"<a [^>]*>(?:(?!</a>).)*<a ", html, re.DOTALL), "a link in a link"


@pytest.mark.parametrize(
    ("body", "html"),
    [
        ("one\ntwo", "<p>one<br />\ntwo</p>\n"),
        ("<b>x</b>", "<p>&lt;b&gt;x&lt;/b&gt;</p>\n"),
        ("# H", "<h3>H</h3>\n"),
        ("###### H", "<h6>H</h6>\n"),
        ("[a](x.md)", '<p><a href="x.md" rel="noopener noreferrer">a</a></p>\n'),
        ("![a](x.png)", '<p><a class="image" rel="noopener noreferrer" href="x.png">a</a></p>\n'),
        ("![]()", '<p><span class="image"></span></p>\n'),
        ("[![a](i)](x)", '<p><a href="x" rel="noopener noreferrer"><span class="image">a</span></a></p>\n'),
    ],
)
def test_a_text_is_shown(body: str, html: str) -> None:
    assert to_html(body) == html


def test_a_column_is_aligned_by_a_class() -> None:
    html = to_html("|a|b|\n|-:|:-:|\n|1|2|\n")
    assert '<td class="to-right">1</td>' in html
    assert '<td class="to-center">2</td>' in html
    assert "style" not in html


def test_the_indentation_that_a_list_marker_asked_for_is_no_code() -> None:
    assert "<pre>" not in to_html("a\n\n    b\n", marker="18. ")
    assert "<pre>" in to_html("a\n\n    b\n")
