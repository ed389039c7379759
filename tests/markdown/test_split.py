"""Where notes begin and end, in files as people write them."""

from __future__ import annotations

import pytest

from kbnotes.markdown import split
from kbnotes.model import Section


def notes(text: str) -> list[tuple[int | None, str]]:
    return [(each.number, each.body) for each in split(text).sections if each.kind == "note"]


def kinds(text: str) -> list[tuple[str, int | None, tuple[str, ...]]]:
    return [(each.kind, each.number, each.path) for each in split(text).sections]


def only(text: str) -> Section:
    (section,) = split(text).sections
    return section


def test_a_note_runs_on_past_the_end_of_its_list_item() -> None:
    text = "1. a\nlazy\n\nA paragraph at the margin.\n\n```\n2. code\n```\n\n2. b\n"
    assert notes(text) == [
        (1, "a\nlazy\n\nA paragraph at the margin.\n\n```\n2. code\n```\n"),
        (2, "b\n"),
    ]


@pytest.mark.parametrize(
    "inside",
    [
        "   1. nested\n   2. nested\n",
        "   - b\n     1. c\n",
        "\n> 7. quoted\n> 8. quoted\n",
        "\n```\n7. in a fence\n8. in a fence\n```\n",
        "\n        7. indented code\n",
        "\n<!--\n7. in a comment\n\n8. in a comment\n-->\n",
        "\n| n | t |\n|---|---|\n| 7. | x |\n",
        "\n   ## A heading inside\n   7. and its list\n",
        "\n- bullets\n- at the margin\n  1. inner\n",
        "\n---\n",
        "\nsee [x][1]\n\n[1]: http://x.y\n",
        "\n[^1]: a foot note\n",
    ],
    ids="nested bullets quote fence code comment table heading margin rule reference footnote".split(),
)
def test_nothing_inside_a_note_splits_it(inside: str) -> None:
    assert notes(f"1. a\n{inside}\n2. b\n") == [(1, f"a\n{inside}"), (2, "b\n")]


def test_headings_open_sections_and_stand_with_the_notes_below() -> None:
    text = "Before.\n\n# A\n\n1. a\n\n## B\n\nProse of B.\n\n1. b\n\n# C\n\n1. c\n"
    assert kinds(text) == [
        ("prose", None, ()),
        ("heading", None, ()),
        ("note", 1, ("# A",)),
        ("prose", None, ("# A",)),
        ("note", 1, ("# A", "## B")),
        ("heading", None, ()),
        ("note", 1, ("# C",)),
    ]


def test_a_heading_with_nothing_below_it_is_text_of_its_own() -> None:
    assert [kind for kind, *_ in kinds("# A\n\n# B\n\n1. b\n")] == ["prose", "heading", "note"]


@pytest.mark.parametrize("heading", ["1. Intro", "2) Two", "- foo", "> bar", "---", "C# and F#", "[a]: b"])
def test_a_heading_is_kept_as_it_is_written(heading: str) -> None:
    assert kinds(f"## {heading}\n\n1. a\n")[-1] == ("note", 1, (f"## {heading}",))


def test_an_underlined_heading_is_kept_with_its_line() -> None:
    assert kinds("Two\r\nlines\r\n===\r\n\r\n1. a\r\n")[-1] == ("note", 1, ("Two\nlines\n===",))


def test_the_marker_is_kept_as_it_was_typed() -> None:
    assert [each.marker for each in split(" 01)  a\n 02)\tb\n").sections] == [" 01)  ", " 02)\t"]


def test_items_that_all_say_one_are_counted() -> None:
    assert notes("1. a\n1. b\n1. c\n") == [(1, "a\n"), (2, "b\n"), (3, "c\n")]


def test_an_empty_item_is_a_note_all_the_same() -> None:
    assert [number for number, _ in notes("1.\n2.\n\n3. x\n")] == [1, 2, 3]


def test_lines_are_counted_as_editors_count_them() -> None:
    first, second = split("1. a\f\u2028b\r\n\r\n2. c\rd").sections
    assert (first.first_line, first.last_line, second.first_line, second.last_line) == (1, 1, 3, 4)


def test_front_matter_is_no_entry() -> None:
    text = "---\ntitle: x\n# remark\ntags:\n- a\n  - b\nlong key: |\n  1. no\n---\n1. a\n"
    assert kinds(text) == [("front matter", None, ()), ("note", 1, ())]


@pytest.mark.parametrize(
    "inside",
    [
        "Todo: x\n1. first\n2. second\n",
        "Todo: a sentence\nand one more\n",
        "just prose\n",
        "# Heading\n",
        "- a\n- b\n",
    ],
)
def test_notes_between_two_rules_are_not_taken_for_front_matter(inside: str) -> None:
    assert all(kind != "front matter" for kind, *_ in kinds(f"---\n{inside}---\n3. c\n"))


def test_front_matter_does_not_shift_the_lines_of_the_notes() -> None:
    assert split("---\nx: y\n---\n1. a\n").sections[1].first_line == 4


def test_a_file_without_numbers_is_one_piece() -> None:
    section = only("- a\n- b\n\nText.\n\n\n")
    assert (section.kind, section.body, section.tail) == ("prose", "- a\n- b\n\nText.\n", "\n\n")


def test_what_is_doubtful_is_said_with_its_line() -> None:
    assert split("1. a\n2. b\n\n1999. c\n").warnings == ("line 4: number 1999 follows 2; kept as a note",)
    assert split("1. a\n2. b\n2. c\n").warnings == ("line 3: number 2 stands twice; both are kept",)
    assert split("1. a\n# B\n1. b\n").warnings == ()
    (warning,) = split("1. a\n```\n2. b\n").warnings
    assert warning.startswith("line 2: this code fence is never closed")
    assert split("1. a\n```\n2. b\n```\n> ~~~\n> x\n> ~~~\n").warnings == ()
