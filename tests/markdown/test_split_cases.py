"""The acceptance cases of the splitter, as data: tests/fixtures/split-cases.yaml."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml

from kbnotes.markdown import decode, split

CASES = Path(__file__).parent.parent / "fixtures" / "split-cases.yaml"
LONG = {"100kB-line": "1. " + "word " * 20000 + "\n2. b\n"}  # what `generate` says, written out


def cases() -> list[Any]:
    read = yaml.safe_load(CASES.read_text(encoding="utf-8"))
    return [pytest.param(case, id=case["name"]) for case in read]


def read(case: dict[str, Any]) -> tuple[str, Any]:
    raw = LONG[case["name"]] if "generate" in case else case["source"]
    text, _ = decode(raw.encode(), name=case["name"])
    return text, split(text)


def folded(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("case", cases())
def test_a_file_is_split_into_the_notes_it_numbers(case: dict[str, Any]) -> None:
    _, found = read(case)
    notes = [section for section in found.sections if section.kind == "note"]
    assert [note.number for note in notes] == [each["number"] for each in case["expect"]]
    for note, wanted in zip(notes, case["expect"], strict=True):
        assert folded(note.body).startswith(folded(wanted["starts"]))


@pytest.mark.parametrize("case", yaml.safe_load(CASES.read_text(encoding="utf-8")), ids=lambda c: c["name"])
def test_no_case_loses_a_byte_or_a_line(case: dict[str, Any]) -> None:
    text, found = read(case)
    assert "".join(each.marker + each.body + each.tail for each in found.sections) == text
    assert not any(each.tail.strip() for each in found.sections)
    kept = Counter(
        line.strip()
        for each in found.sections
        for line in (each.marker + each.body).replace("\r", "\n").split("\n")
    )
    for line in text.replace("\r", "\n").split("\n"):
        assert not line.strip() or kept[line.strip()], f"lost: {line!r}"
