"""An entry as a Markdown file: YAML that others read, and the body as it is."""

from __future__ import annotations

from datetime import UTC

import pytest
import yaml
from hypothesis import given, settings

from kbnotes.codec import markdown_file, obsidian_file
from kbnotes.codec.as_markdown import obsidian_tag
from kbnotes.model import Entry, Source
from tests.codec.helpers import NOW, entry
from tests.codec.test_round_trip import any_text


def _read(text: str) -> tuple[dict[str, object], str]:
    head, front, body = text.split("---\n", 2)
    assert not head
    return yaml.safe_load(front), body


@given(title=any_text, tag=any_text, body=any_text)
@settings(max_examples=200, deadline=None)
def test_title_tags_and_every_byte_of_the_body_can_be_read_from_the_file(
    title: str, tag: str, body: str
) -> None:
    made = entry(title=title, tags=(tag,), body=body)
    lines = markdown_file(made).split("\n")
    end = lines.index("---", 1)
    fields = yaml.safe_load("\n".join(lines[1:end]))
    assert (fields["id"], fields["title"], fields["tags"]) == (made.id, title, [tag])
    assert fields["created"].astimezone(UTC) == NOW
    assert "\n".join(lines[end + 1 :]) == body


def test_source_and_unknown_keys_stand_in_the_front_matter() -> None:
    source = Source(
        file="a.md", number=3, first_line=4, last_line=5, digest="ab", section=("# H",), extra="  x: 1\n"
    )
    fields, body = _read(markdown_file(entry(source=source, extra="mood: good\n")))
    assert fields["source"] == {
        "file": "a.md",
        "number": 3,
        "lines": "4-5",
        "digest": "ab",
        "section": ["# H"],
        "x": 1,
    }
    assert (fields["mood"], body) == ("good", "Text.\n")


def _fields(**values: object) -> dict[str, object]:
    return _read(obsidian_file(entry(**values)))[0]


def test_obsidian_finds_an_entry_by_its_title_and_takes_its_tags() -> None:
    fields = _fields(title="A/B: x", tags=("hw/gpu", "c++", "c#", "2.5d", "2024", "漢字"))
    assert fields["aliases"] == ["A/B: x"]
    assert fields["tags"] == ["hw/gpu", "c-plus-plus", "c-sharp", "2-5d", "_2024", "漢字"]
    assert fields["kb-tags"] == ["hw/gpu", "c++", "c#", "2.5d", "2024", "漢字"]
    assert "kb-tags" not in _fields(tags=("ml", "hw/gpu"))


def test_a_key_of_the_person_own_is_not_written_twice() -> None:
    fields = _fields(extra="aliases: [mine]\nkb-tags: x\n", tags=("a b",))
    assert (fields["aliases"], fields["kb-tags"], fields["tags"]) == (["mine"], "x", ["a-b"])


@pytest.mark.parametrize(
    ("tag", "expected"), [("#", "tag"), ("a//b/", "a/b"), ("#x y", "x-y"), ("1/2", "_1/2")]
)
def test_a_tag_is_one_for_obsidian(tag: str, expected: str) -> None:
    assert obsidian_tag(tag) == expected


def test_an_entry_without_tags_has_an_empty_list() -> None:
    made: Entry = entry(tags=())
    assert _read(obsidian_file(made))[0]["tags"] == []
