"""The rules for what CommonMark does not see, each with its cases: tests/fixtures/split-rules.yaml."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from kbnotes.markdown import split
from kbnotes.markdown.splitting.rules import RULES

CASES: dict[str, list[dict[str, Any]]] = yaml.safe_load(
    (Path(__file__).parent.parent / "fixtures" / "split-rules.yaml").read_text(encoding="utf-8")
)
EVERY = [pytest.param(case, id=f"{rule}: {case['why']}") for rule, cases in CASES.items() for case in cases]


def test_each_rule_of_the_table_has_cases() -> None:
    assert list(CASES) == [rule.name for rule in RULES]


@pytest.mark.parametrize("case", EVERY)
def test_a_rule_finds_the_notes_and_says_what_it_took_for_one(case: dict[str, Any]) -> None:
    found = split(case["source"])
    notes = [section for section in found.sections if section.kind == "note"]
    assert [each.number for each in notes] == [number for number, _ in case["notes"]]
    for note, (_, starts) in zip(notes, case["notes"], strict=True):
        assert note.body.startswith(starts)
    assert [int(re.findall(r"^line (\d+): ", said)[0]) for said in found.warnings] == case["warned"]


@pytest.mark.parametrize("case", EVERY)
def test_whatever_a_rule_finds_no_byte_is_lost(case: dict[str, Any]) -> None:
    for by in (None, "list", "heading", "file"):
        sections = split(case["source"], by=by).sections
        assert "".join(each.marker + each.body + each.tail for each in sections) == case["source"]


def test_the_person_may_say_what_begins_an_entry() -> None:
    text = "# A\n\n1. a\n2. b\n\n## Deep\n\n# 1. B\n\nx\n\n# 2. C\n"
    assert [each.number for each in split(text, by="list").sections] == [None, 1, 2, None, None, None]
    assert [each.number for each in split(text, by="heading").sections] == [None, 1, 2]
    assert [each.body for each in split(text, by="file").sections] == [text]
    plain = "Before.\n\n# A\n\n1. a\n\n## Deep\n\n# B\n"
    bodies = [each.body for each in split(plain, by="heading").sections]
    assert bodies == ["Before.\n", "# A\n\n1. a\n\n## Deep\n", "# B\n"]
