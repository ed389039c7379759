"""Links as wikis write them, and tags in running text."""

from __future__ import annotations

import pytest

from kbnotes.markdown import display_tokens, read_body


@pytest.mark.parametrize(
    ("source", "text", "url"),
    [
        ("[[Note]]", "Note", "[[Note]]"),
        ("[[Note|shown]]", "shown", "[[Note]]"),
        ("[[folder/Note#Heading]]", "folder/Note > Heading", "[[folder/Note#Heading]]"),
        ("[[#Heading]]", "Heading", "[[#Heading]]"),
        ("[[Note#^block]]", "Note > block", "[[Note#^block]]"),
        ("![[picture.png]]", "picture.png", "[[picture.png]]"),
        ("[[202311231045]]", "202311231045", "[[202311231045]]"),
        ("[[Über|]]", "Über", "[[Über]]"),
        ("| a |\n|---|\n| [[Note\\|shown]] |", "a\nshown", "[[Note]]"),
    ],
)
def test_a_wiki_link_is_its_text_and_an_address(source: str, text: str, url: str) -> None:
    content = read_body(source)
    assert content.text == text
    assert [link.url for link in content.links] == [url]


@pytest.mark.parametrize(
    "source",
    [
        "`[[Note]]`",
        "[[1, 2]]",
        "[[ -f x ]]",
        "[[a] b]",
        "[[]]",
        "[[a\nb]]",
        "[[[a]]",
        "\\[[Note]]",
        "```\n[[x]]\n```",
    ],
)
def test_what_is_no_wiki_link_stays_as_it_is(source: str) -> None:
    assert not any(link.url.startswith("[[") and link.url != "[[a]]" for link in read_body(source).links)


def test_links_of_markdown_in_two_brackets_stay_links_of_markdown() -> None:
    assert [link.url for link in read_body("[[one]](http://x)").links] == ["http://x"]
    assert [link.url for link in read_body("[[one]]\n\n[one]: http://x").links] == ["http://x"]


def test_a_title_has_no_brackets_of_a_wiki_link() -> None:
    assert read_body("[[Note|A note]] says much.").title == "A note"
    assert read_body("# On [[Note]]s\n\nText.").title == "On Notes"


def test_a_terminal_is_given_no_address_that_it_could_not_follow() -> None:
    (link,) = [
        child
        for token in display_tokens("see [[Note]]")
        for child in token.children or ()
        if child.type == "link_open"
    ]
    assert link.attrs["href"] == ""


@pytest.mark.parametrize(
    ("source", "tags"),
    [
        ("#one and (#two/three), #four_5-6.", ("one", "two/three", "four_5-6")),
        ("#über #日本 #y2024", ("über", "日本", "y2024")),
        ("#123 C# F#m a#b http://x.y/#frag [x](#anchor) &#35;", ()),
        ("# Heading\n\n## Another #tagged", ("tagged",)),
        ("`#code` and\n\n```\n#include\n```\n\n    #indented", ()),
        ("#fff #1a2b3c #decade", ("decade",)),
        ("**#bold** and\n#line", ("bold", "line")),
        ("##two #one#two \\#three", ("three",)),
        ("[#in](http://x) #out", ("out",)),
        ("#same #same", ("same",)),
    ],
)
def test_hashtags_are_found_in_running_text_only(source: str, tags: tuple[str, ...]) -> None:
    assert read_body(source).hashtags == tags


@pytest.mark.parametrize(
    ("source", "heading"),
    [
        ("# One\n\n# Two", "One"),
        ("Before.\n\n# One", "One"),
        ("## Opens\n\ntext", "Opens"),
        ("Before.\n\n## No", ""),
        ("## Opens\n\n# Later", "Opens"),
        ("#\n\ntext", ""),
    ],
)
def test_the_heading_of_a_text_is_its_first_of_level_one_or_one_that_opens_it(
    source: str, heading: str
) -> None:
    assert read_body(source).heading == heading
