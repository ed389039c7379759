"""What front matter says, in the many ways that people write it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from kbnotes.codec import FrontMatter, read_front_matter, tag_of
from kbnotes.errors import FormatError


def read(*lines: str) -> FrontMatter:
    return read_front_matter("\n".join(("---", *lines, "---", "")))


@pytest.mark.parametrize(
    "lines",
    [
        ["tags: [one, two words]"],
        ["tags: one, two words"],
        ["tags:", "  - one", "  - '#two words'"],
        ["Tags: ['#one', two-words]"],
        ["keywords: [one]", "categories:", "- Two Words"],
        ["tag: one", "category: two-words"],
        ["tags: [[one], [two words]]"],
    ],
)
def test_tags_are_read_in_every_spelling(lines: list[str]) -> None:
    assert set(read(*lines).tags) == {"one", "two-words"}


def test_tags_on_a_line_without_commas_are_divided_by_blanks() -> None:
    assert read("tags: one two three").tags == ("one", "two", "three")


def test_what_cannot_be_a_tag_is_told() -> None:
    front = read("tags: [good, 'b<d', '!']")
    assert front.tags == ("good",)
    assert len(front.doubts) == 2


@pytest.mark.parametrize(
    ("written", "time"),
    [
        ("2024-03-01", datetime(2024, 3, 1, tzinfo=UTC)),
        ("2024/3/1", datetime(2024, 3, 1, tzinfo=UTC)),
        ("2024-03-01 08:30", datetime(2024, 3, 1, 8, 30, tzinfo=UTC)),
        ("2024-03-01T08:30:15", datetime(2024, 3, 1, 8, 30, 15, tzinfo=UTC)),
        ("2024-03-01T08:30:15Z", datetime(2024, 3, 1, 8, 30, 15, tzinfo=UTC)),
        ("2024-03-01T08:30:15.123+02:00", datetime(2024, 3, 1, 6, 30, 15, tzinfo=UTC)),
        ("2024-03-01 08:30:15 +0200", datetime(2024, 3, 1, 6, 30, 15, tzinfo=UTC)),
        ('"2024-03-01"', datetime(2024, 3, 1, tzinfo=UTC)),
    ],
)
def test_times_are_read_with_and_without_a_zone(written: str, time: datetime) -> None:
    assert read(f"date: {written}").created == time
    assert read(f"modified: {written}").updated == time


@pytest.mark.parametrize("written", ["soon", "2024-13-01", "12.3.", "0001-01-01T00:00:00+23:00"])
def test_a_time_that_cannot_be_read_is_told(written: str) -> None:
    front = read(f"created: {written}", "title: T")
    assert (front.created, front.title) == (None, "T")
    assert len(front.doubts) == 1


def test_a_word_that_can_be_no_tag_is_none() -> None:
    assert (tag_of("#Two Words"), tag_of("a" * 61), tag_of("---")) == ("two-words", "", "")


def test_title_and_aliases_are_read_and_the_rest_is_no_trouble() -> None:
    front = read("title: '  A: b '", "aliases: [C d, E]", "alias: F", "weight: 10", "nested:", "  a: {b: c}")
    assert (front.title, front.aliases) == ("A: b", ("C d", "E", "F"))
    assert read("aliases: {a: b}", "title: [x]", "tags:", "date:") == FrontMatter()
    assert read("tags: {a: b}").tags == ()
    assert read("aliases: ['', {a: b}]").aliases == ()


def test_windows_line_ends_make_no_difference() -> None:
    assert read_front_matter("---\r\ntitle: A\r\ntags:\r\n- b\r\n---\r\n").tags == ("b",)


@pytest.mark.parametrize("lines", [["title: a: b"], ["a: &x b", "c: *x"], ["a: b", "a: c"], ["- a"]])
def test_what_is_no_plain_yaml_is_refused_with_its_line(lines: list[str]) -> None:
    with pytest.raises(FormatError, match="line"):
        read(*lines)


def test_what_a_template_left_open_says_nothing() -> None:
    front = read("title: null", "tags: null", "aliases: [~, Other]", "category: [null, one]")
    assert (front.title, front.tags, front.aliases) == ("", ("one",), ("Other",))
