"""One numbered file out: the file that came in, byte for byte; or one that gives back the same notes."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from kbnotes.codec import digest
from kbnotes.kb import KnowledgeBase, create_base
from kbnotes.kb.exporting.numbered import numbered
from kbnotes.markdown import dedent
from kbnotes.model import Entry, Source
from tests.codec.helpers import entry
from tests.conftest import SEED

LINES = [
    *(
        "alpha",
        "3. x",
        "1. y",
        "2) z",
        "# Head",
        "## Sub",
        "```",
        "~~~",
        "    code",
        "\tcode",
        "- item",
        "* a",
    ),
    *(
        "",
        "  ",
        "<div>",
        "<!--",
        "-->",
        "> q",
        "---",
        "===",
        "5.",
        "word 漢字",
        "   3. in",
        "[a]: b",
        "1990. y",
    ),
    *("|a|b|", "|-|-|", "</div>", " lead"),
]


def _text(base: KnowledgeBase, query: str = "") -> str:
    return "".join(base.export(query, form="numbered").pieces())


def _import(base: KnowledgeBase, path: Path, text: str) -> tuple[int, ...]:
    path.write_bytes(text.encode())
    return base.import_file(path).ids("add")


def _again(text: str, place: Path) -> list[Entry]:
    """Return the entries that a new base makes of a text, in its order."""
    create_base(place / "again")
    base = KnowledgeBase(place / "again", cache=place / "cache-again")
    (place / "again.md").write_bytes(text.encode())
    ids = base.import_file(place / "again.md").ids("add")
    entries = {each.id: each for each in base.export(form="json").entries}
    return [entries[each] for each in ids]


def test_the_notes_of_this_repository_come_back_byte_for_byte(seeded: KnowledgeBase) -> None:
    assert _text(seeded).encode() == SEED.read_bytes()


@pytest.mark.parametrize(
    "text",
    [
        "1. a\n\n\n2. b\n \t\n\n3. c",
        "---\ntitle: x\n---\n\n# ML\n\n1. a\n\n## Sub\n2. b\n\n\n\n# HW\n1) c\n\n\n",
        "\n\n  intro\n\n1. a\r\n\r\n2. b\r\n",
        "1. a\r\n\r\n# H\r\n\r\n2. b\r\n\r\n\r\n",
        "3. a\n3. b\n3. c\n",
        "#\n\n1.\n\n2. \n",
        "# A\ntext\n\n## B\n\n1. a\n\nC\n=\n\n2. b\n",
        "1. ```\n2. b\n```\n\n~~~\nopen\n",
    ],
)
def test_a_file_whose_entries_nobody_touched_comes_back_byte_for_byte(
    base: KnowledgeBase, tmp_path: Path, text: str
) -> None:
    _import(base, tmp_path / "a.md", text)
    assert _text(base) == text


def test_an_entry_without_a_source_comes_last_with_the_next_number_in_the_style_of_the_file(
    base: KnowledgeBase, tmp_path: Path
) -> None:
    _import(base, tmp_path / "a.md", "1) alpha\n2) beta\n3) gamma")
    base.add("delta")
    base.add("epsilon")
    assert _text(base) == "1) alpha\n2) beta\n3) gamma\n4) delta\n5) epsilon\n"


def test_blank_lines_stand_between_notes_where_the_file_has_them(base: KnowledgeBase, tmp_path: Path) -> None:
    _import(base, tmp_path / "a.md", "1. alpha\r\n\r\n2. beta\r\n\r\n3. gamma\r\n")
    base.add("delta")
    assert _text(base) == "1. alpha\r\n\r\n2. beta\r\n\r\n3. gamma\r\n\r\n4. delta\r\n"


def test_entries_without_any_source_are_a_numbered_file(base: KnowledgeBase, tmp_path: Path) -> None:
    base.add("alpha\n\nMore.")
    base.add("beta")
    assert _text(base) == "1. alpha\n\nMore.\n\n2. beta\n"


def test_the_headings_above_are_written_where_the_entry_that_carried_them_is_left_out(
    base: KnowledgeBase, tmp_path: Path
) -> None:
    text = "# One\n\n1. alpha\n2. beta\n\n## Sub\n\n3. gamma\n4. delta\n\n# Two\n\n5. epsilon\n"
    _import(base, tmp_path / "a.md", text)
    assert _text(base, "beta OR delta OR epsilon") == (
        "# One\n\n2. beta\n\n## Sub\n\n4. delta\n\n# Two\n\n5. epsilon\n"
    )
    assert _text(base, "gamma") == "# One\n\n## Sub\n\n3. gamma\n"


def test_several_files_follow_one_another_and_none_is_glued_to_the_next(
    base: KnowledgeBase, tmp_path: Path
) -> None:
    _import(base, tmp_path / "a.md", "1. alpha\n\n2. beta")
    _import(base, tmp_path / "b.md", "Intro.\n\n1. gamma\r\n")
    base.add("delta")
    text = _text(base)
    back = [each.body.strip() for each in _again(text, tmp_path)]
    assert back == ["alpha", "beta", "Intro.", "gamma", "delta"]


def test_texts_without_numbers_of_many_files_become_a_note_each(tmp_path: Path) -> None:
    bodies = ["Text {}.\n", "# Title {}\n\nText.\n\n## Part\n\n3. x\n", "# Only {}\n", "# One {}\n\nText.\n"]
    made = []
    for at in range(200):
        body = bodies[at % 4].format(at)
        source = Source(file=f"{at}.md", number=None, first_line=1, last_line=9, digest=digest(body))
        made.append(entry(id=at, body=body, source=source))
    text, warnings = numbered(made)
    assert not warnings
    assert [_shown(each) for each in _again(text, tmp_path)] == [_shown(each) for each in made]


@pytest.mark.parametrize(
    "body",
    [
        "See:\n3. x\n4. y\n",
        "# A heading\n\nText.\n\n## Another\n",
        "```\ncode\n",
        "```\ncode\n```\n",
        "<!--\nopen\n",
        "    code\n\tcode\n3. x\n",
        "   three spaces\n3. x\n",
    ],
)
def test_a_text_that_would_break_the_numbering_comes_back_as_one_note(
    base: KnowledgeBase, tmp_path: Path, body: str
) -> None:
    base.add("before")
    base.add(body)
    base.add("behind")
    export = base.export(form="numbered")
    text = "".join(export.pieces())
    back = _again(text, tmp_path)
    assert [each.body.strip() for each in (back[0], back[2])] == ["before", "behind"]
    assert dedent(back[1].body, back[1].list_marker).expandtabs(4).strip() == body.expandtabs(4).strip()
    assert not export.warnings


def test_an_edited_entry_is_indented_and_the_others_stay_as_they_were(
    seeded: KnowledgeBase, tmp_path: Path
) -> None:
    seeded.edit("3", body="ONNX:\n7. one\n\n9. two\n")
    text = _text(seeded)
    assert "3. ONNX:\n   7. one\n\n   9. two\n" in text
    lines = SEED.read_text().split("\n")
    assert [line for line in lines if line not in text.split("\n")] == [
        line for line in lines if line.startswith("3. ")
    ]
    assert len(_again(text, tmp_path)) == 20


def test_a_list_that_is_read_as_part_of_its_note_is_not_indented(
    seeded: KnowledgeBase, tmp_path: Path
) -> None:
    seeded.edit("3", body="ONNX:\n1. one\n\n2. two\n")
    text = _text(seeded)
    assert "3. ONNX:\n1. one\n\n2. two\n" in text
    assert len(_again(text, tmp_path)) == 20


def test_what_cannot_come_back_is_said(base: KnowledgeBase, tmp_path: Path) -> None:
    _import(base, tmp_path / "a.md", "1. a\n\n5.\n\n# H\n\n7. c\n")
    base.edit("5", body="\n```\nopen\n", yes=True)
    export = base.export(form="numbered")
    text = "".join(export.pieces())
    assert "open" in text
    assert "entry 5 would not come back from the file as it is" in export.warnings


def _body(rng: random.Random) -> str:
    return "\n".join(rng.choice(LINES) for _ in range(rng.randint(1, 6))) + "\n"


def _file(rng: random.Random) -> str:
    notes: Iterator[str] = (
        rng.choice(["", "# H\n\n", "## S\n", "\n"])
        + f"{number}{rng.choice(['. ', ') ', '.  '])}"
        + rng.choice([_body(rng), "simple text\n\n", "text\n"])
        for number in range(1, rng.randint(2, 6))
    )
    text = "".join(notes)
    text = text.rstrip() if rng.random() < 0.3 else text
    return text.replace("\n", "\r\n") if rng.random() < 0.2 else text


@pytest.mark.parametrize("seed", range(25))
def test_of_random_files_edits_and_additions_every_entry_comes_back_or_is_named(
    base: KnowledgeBase, tmp_path: Path, seed: int
) -> None:
    rng = random.Random(seed)
    for name in ("a.md", "b.md")[: rng.randint(0, 2)]:
        text = _file(rng)
        _import(base, tmp_path / name, text)
        entries = [each for each in base.export(form="json").entries if each.source]
        own = [each for each in entries if each.source and each.source.file.endswith(name)]
        assert numbered(own)[0] == text
        for each in own:
            if rng.random() < 0.3:
                base.edit(str(each.id), body=_body(rng), yes=True)
    for _ in range(rng.randint(1, 4)):
        base.add("word " + _body(rng))
    export = base.export(form="numbered")
    text = "".join(export.pieces())
    again = _again(text, tmp_path)
    back = [_shown(each) for each in again] + [_stripped(each.body) for each in again]
    lost = [each.id for each in export.entries if _stripped(each.body) not in back and each.body.strip()]
    assert len(lost) <= len(export.warnings)
    for each in export.entries:
        assert all(line.strip() in text for line in each.body.split("\n"))


def _shown(entry: Entry) -> str:
    return _stripped(dedent(entry.body, entry.list_marker))


def _stripped(body: str) -> str:
    lines = body.replace("\r\n", "\n").split("\n")
    return "\n".join(line.rstrip().expandtabs(4) for line in lines).strip()
