"""What programs read: the exact fields, errors on stderr, and strings that parse back to what they were."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.cli.console import kb

pytestmark = pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning")

TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
SUMMARY = {"id": int, "title": str, "tags": list, "path": str, "created": str, "updated": str}
HOSTILE = "T\x1b[31m \x07\x9b \u202eback\u2069 \u2028 \U000e0041 日本語 😀 [/]"


def _fields(value: dict[str, object], **types: object) -> None:
    """Check that an object has these fields, of these types, in this order and no others."""
    assert list(value) == list(types)
    for name, kind in types.items():
        assert isinstance(value[name], kind), (name, value[name])  # type: ignore[arg-type]


@pytest.fixture
def noted(here: Path) -> Path:
    """A base with a note that was imported and an entry that was typed."""
    (here / "bread.md").write_text(
        "# Bread\n\n4. _Rye bread_ wants a hot oven, see [the mill](https://example.org).\n"
    )
    kb("import", "bread.md")
    kb("add", "_Oats_ soak overnight.", "-t", "breakfast")
    return here


def test_search_answers_with_its_fields(noted: Path) -> None:
    said = kb("search", "--json", "oven")
    _fields(
        said.json,
        schema=int,
        query=str,
        total=int,
        hits=list,
        corrected=type(None),
        relaxed=bool,
        notes=list,
        offset=int,
        complete=int,
        tried=list,
        nearest=type(None),
    )
    assert (said.code, said.err) == (0, "")
    (hit,) = said.json["hits"]
    _fields(hit, **SUMMARY, score=float, snippet=str, missing=list)
    assert (hit["id"], hit["title"]) == (4, "Rye bread")
    assert Path(hit["path"]).is_file()
    assert TIME.fullmatch(hit["created"])
    assert TIME.fullmatch(hit["updated"])


def test_search_answers_with_what_is_asked_for_beside_the_hits(noted: Path) -> None:
    said = kb("search", "--json", "--facets", "--explain", "--full", "overnight").json
    assert said["facets"] == [{"tag": "breakfast", "entries": 1}]
    assert all(isinstance(line, str) for line in said["reading"])
    assert said["reading"]
    (hit,) = said["hits"]
    assert hit["body"] == "_Oats_ soak overnight.\n"
    for part in hit["parts"]:
        _fields(part, reason=str, score=float)
    assert sum(part["score"] for part in hit["parts"]) == pytest.approx(hit["score"], abs=0.01)


def test_saved_searches_answer_with_their_fields(noted: Path) -> None:
    assert kb("search", "--json", "--saved").json == {"schema": 1, "searches": []}
    assert kb("search", "--json", "--save", "Oats", "overnight", "-t", "breakfast").json["total"] == 1
    searches = [{"name": "oats", "query": "overnight tag:breakfast"}]
    assert kb("search", "--json", "--saved").json == {"schema": 1, "searches": searches}


def test_related_answers_with_its_fields(noted: Path) -> None:
    kb("add", "Porridge is oats overnight.", "-t", "breakfast")
    said = kb("related", "--json", "5")
    _fields(said.json, schema=int, related=list)
    (like,) = said.json["related"]
    _fields(like, id=int, title=str, score=float, reasons=list)
    assert like["id"] == 6
    (shown,) = kb("show", "--json", "5").json["entries"]
    assert [each["id"] for each in shown["related"]] == [6]


def test_a_search_without_a_hit_is_an_empty_list_and_exit_code_1(noted: Path) -> None:
    said = kb("search", "--json", "zeppelin")
    assert (said.code, said.err) == (1, "")
    assert (said.json["hits"], said.json["total"]) == ([], 0)


def test_what_was_done_to_find_hits_is_in_the_json_and_not_on_stderr(noted: Path) -> None:
    said = kb("search", "--json", "overnihgt")
    assert (said.json["corrected"], said.err) == ("overnight", "")
    said = kb("search", "--json", "oven zeppelin")
    assert said.json["relaxed"] is True
    assert said.json["hits"]


def test_list_answers_with_its_fields(noted: Path) -> None:
    said = kb("list", "--json", "-n", "1")
    _fields(said.json, schema=int, total=int, entries=list)
    assert said.json["total"] == 2
    (entry,) = said.json["entries"]
    _fields(entry, **SUMMARY)


def test_show_answers_with_its_fields(noted: Path) -> None:
    imported, typed = kb("show", "--json", "4", "5").json["entries"]
    _fields(imported, **SUMMARY, body=str, terms=list, links=list, source=dict, related=list)
    _fields(imported["source"], file=str, number=int, first_line=int, last_line=int, section=list)
    assert imported["links"] == [{"text": "the mill", "url": "https://example.org"}]
    assert imported["terms"] == ["Rye bread"]
    assert typed["source"] is None
    assert typed["body"] == "_Oats_ soak overnight.\n"


def test_tags_answer_with_their_fields(noted: Path) -> None:
    assert kb("tags", "--json").json == {
        "schema": 1,
        "tags": [{"tag": "breakfast", "entries": 1, "implies": []}],
    }


def test_import_answers_with_its_fields(noted: Path) -> None:
    said = kb("import", "--json", "bread.md")
    (file,) = said.json["files"]
    assert file == {
        "file": "bread.md",
        "added": [],
        "updated": [],
        "unchanged": [4],
        "conflicts": [],
        "missing": [],
        "written": [],
        "merged": [],
        "pruned": [],
        "kept": "",
        "refused": [],
        "warnings": [],
    }


@pytest.mark.parametrize(
    ("arguments", "code", "kind"),
    [
        (["show", "99"], 2, "selector"),
        (["import", "nowhere.md"], 2, "input"),
        (["list", "--nope"], 2, "usage"),
        (["search"], 2, "usage"),
        (["frobnicate"], 2, "usage"),
    ],
)
def test_an_error_is_one_line_of_json_on_stderr(
    noted: Path, arguments: list[str], code: int, kind: str
) -> None:
    said = kb(*arguments, "--json")
    assert said.code == code
    assert said.err.count("\n") == 1
    assert list(said.problem) == ["kind", "message", "hint"]
    assert said.problem["kind"] == kind


def test_a_missing_base_is_json_too(tmp_path: Path) -> None:
    said = kb("--base", str(tmp_path / "none"), "list", "--json")
    assert (said.code, said.problem["kind"]) == (3, "base")


def test_behind_two_dashes_json_is_a_word_to_look_for(noted: Path) -> None:
    assert kb("search", "--", "--json").err.startswith("Nothing was found")


def test_hostile_strings_parse_back_to_themselves_and_stand_escaped_in_the_json(here: Path) -> None:
    kb("add", f"{HOSTILE}\n", "--title", HOSTILE)
    for command in (["list"], ["search", "back"], ["show", "1"]):
        said = kb(*command, "--json")
        assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u2028]", said.out)
        (entry,) = said.json.get("entries") or said.json["hits"]
        assert entry["title"].split() == HOSTILE.split()
    assert kb("show", "--json", "1").json["entries"][0]["body"] == f"{HOSTILE}\n"
    assert kb("search", "--json", HOSTILE).json["query"] == HOSTILE
    said = kb("show", "--json", f"{HOSTILE} zeppelin")
    assert said.problem["kind"] == "selector"
    assert "\\u001b" in said.err or "\\x1b" in said.err
