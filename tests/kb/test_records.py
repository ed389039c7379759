"""JSON and CSV in: kb's own export makes the same base again, and nothing that is there is overwritten."""

from __future__ import annotations

import json
import random
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from kbnotes.errors import InputError
from kbnotes.kb import KnowledgeBase, create_base
from kbnotes.model import Entry, Form, Report
from kbnotes.store import Store
from tests.kb.disk import fingerprint, ids
from tests.torture.hostile_text import PAYLOADS
from tests.torture.texts import any_text

WHOLE = {
    "id": 7,
    "title": "Rye",
    "tags": ["bread"],
    "created": "2026-01-01T00:00:00Z",
    "updated": "2026-01-02T00:00:00Z",
    "body": "Rye bread wants a hot oven.\n",
}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "in.json"


def _import(base: KnowledgeBase, file: Path, *records: dict[str, Any]) -> Report:
    file.write_text(json.dumps(records))
    return base.import_file(file)


def _actions(report: Report) -> dict[str, tuple[int, ...]]:
    return {action: report.ids(action) for action in dict.fromkeys(step.action for step in report.steps)}


def _entry(base: KnowledgeBase, number: int) -> Entry:
    return base.show([str(number)], related=0)[0].entry


def _other(place: Path) -> KnowledgeBase:
    create_base(place / "other")
    return KnowledgeBase(place / "other", cache=place / "cache-other")


def _files(base: KnowledgeBase) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (base.base / "entries").iterdir()}


@pytest.mark.parametrize("form", ["json", "jsonl"])
def test_an_export_into_an_empty_base_makes_the_same_entry_files(
    seeded: KnowledgeBase, tmp_path: Path, form: Form
) -> None:
    seeded.add("Added by hand.", title="“Quoted”, 漢字", tags=["mine"])
    seeded.retag(seeded.select(["3"]), remove=["ml"])
    seeded.edit("18", tags=[])
    seeded.remove(["5"])
    file = tmp_path / f"out.{form}"
    seeded.export(form=form).write(file, overwrite=False)
    other = _other(tmp_path)
    assert len(other.import_file(file).ids("add")) == 20
    assert _files(other) == _files(seeded)
    assert _actions(other.import_file(file)) == {"keep": other.import_file(file).ids("keep")}
    assert _actions(seeded.import_file(file)) == {"keep": seeded.import_file(file).ids("keep")}


def test_a_table_makes_entries_with_the_same_id_title_tags_times_and_text(
    seeded: KnowledgeBase, tmp_path: Path
) -> None:
    seeded.export(form="csv").write(tmp_path / "out.csv", overwrite=False)
    other = _other(tmp_path)
    other.import_file(tmp_path / "out.csv")
    assert [_plain(each) for each in other.export(form="csv").entries] == [
        _plain(each) for each in seeded.export(form="csv").entries
    ]


def _plain(entry: Entry) -> tuple[object, ...]:
    return entry.id, entry.title, entry.tags, entry.created, entry.updated, entry.body


@pytest.mark.parametrize("form", ["json", "jsonl"])
def test_hostile_entries_come_back_byte_for_byte(base: KnowledgeBase, tmp_path: Path, form: Form) -> None:
    rng = random.Random(7)
    store, time = Store(base.base), datetime(2026, 1, 1, tzinfo=UTC)
    texts = [*PAYLOADS, "</script>", "=1+1", "\ufeff", *(any_text(rng) for _ in range(60))]
    made = [
        Entry(
            id=at,
            title=text,
            tags=(text, "a, b"),
            created=time,
            updated=time,
            body=text * 3,
            extra="x: [1]\n",
        )
        for at, text in enumerate(filter(_is_text, texts), 1)
    ]
    with store.writing():
        store.commit("add", [store.creation(each) for each in made])
    base.export(form=form).write(tmp_path / f"out.{form}", overwrite=False)
    other = _other(tmp_path)
    assert len(other.import_file(tmp_path / f"out.{form}").ids("add")) == len(made)
    assert _files(other) == _files(base)


def _is_text(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def test_a_text_is_enough_and_the_topics_tag_what_has_no_tags(base: KnowledgeBase, file: Path) -> None:
    report = _import(
        base,
        file,
        {"text": "\r\n_GPU_ kernels fuse.\r\nMore.\r\n"},
        {"body": "_GPU_ again.", "tags": "Mine Own, #two", "title": " My \n title ", "created": "2020-01-01"},
    )
    assert _actions(report) == {"add": (1, 2)}
    one, two = _entry(base, 1), _entry(base, 2)
    assert (one.title, one.body) == ("GPU", "_GPU_ kernels fuse.\nMore.\n")
    assert one.tags == base.add("_GPU_ kernels fuse.\nMore.").tags != ()
    assert (two.title, two.tags) == ("My title", ("mine-own", "two"))
    assert two.created == two.updated == datetime(2020, 1, 1, tzinfo=UTC)
    assert _actions(base.import_file(file)) == {"keep": (1, 2)}


def test_an_id_that_another_entry_has_or_had_is_not_given_again(base: KnowledgeBase, file: Path) -> None:
    for _ in range(7):
        base.add(f"Entry number {_}.")
    base.remove(["7"])
    report = _import(base, file, {**WHOLE, "id": 3}, WHOLE, {**WHOLE, "id": 20, "body": "Free.\n"})
    assert _actions(report) == {"add": (21, 22, 20)}
    assert [step.note for step in report.steps] == [
        "its id 3 is, or was, another entry's",
        "its id 7 is, or was, another entry's",
        "",
    ]
    assert ids(base, '"number 2"') == [3]
    assert _actions(base.import_file(file)) == {"keep": (21, 22, 20)}


def test_a_record_that_is_in_the_file_twice_is_two_entries_and_stays_so(
    base: KnowledgeBase, file: Path
) -> None:
    assert _actions(_import(base, file, WHOLE, WHOLE, {"body": "x"}, {"body": "x"})) == {"add": (7, 8, 9, 10)}
    assert _actions(base.import_file(file)) == {"keep": (7, 8, 9, 10)}


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"body": "Wheat.\n"}, "text"),
        ({"title": "Wheat"}, "title"),
        ({"tags": []}, "tags"),
        ({"title": "Wheat", "body": "Wheat.\n"}, "title and text"),
    ],
)
def test_another_version_of_an_entry_is_told_and_never_written_over_it(
    base: KnowledgeBase, file: Path, change: dict[str, object], what: str
) -> None:
    _import(base, file, WHOLE)
    before = fingerprint(base.base)
    report = _import(base, file, {**WHOLE, **change})
    assert _actions(report) == {"conflict": (7,)}
    assert report.steps[0].note == f"has another {what} in the file; the entry was left as you have it"
    assert fingerprint(base.base) == before


def test_a_title_or_tags_that_a_record_does_not_name_are_no_conflict(base: KnowledgeBase, file: Path) -> None:
    _import(base, file, {"body": "Oats soak."})
    base.edit("1", title="Breakfast", tags=["mine"])
    assert _actions(base.import_file(file)) == {"keep": (1,)}
    assert _actions(_import(base, file, {"body": "Oats soak.", "tags": ["other"]})) == {"conflict": (1,)}


def test_what_you_removed_stays_removed(base: KnowledgeBase, file: Path) -> None:
    _import(base, file, WHOLE, {"body": "x"})
    base.remove(["7", "8"])
    report = base.import_file(file)
    assert _actions(report) == {"removed": (7, 8)}
    assert "kb restore 7" in report.steps[0].note


def test_one_undo_takes_an_import_back_and_the_next_import_gives_the_same_ids(
    base: KnowledgeBase, file: Path
) -> None:
    base.add("Before.")
    before = _files(base)
    _import(base, file, WHOLE, {"body": "x"})
    after = _files(base)
    base.past.undo()
    assert _files(base) == before
    assert base.import_file(file).ids("add")[0] == 7
    assert after.keys() - _files(base).keys() <= {"0008-x.yaml"}


def test_a_dry_run_writes_nothing(base: KnowledgeBase, file: Path) -> None:
    file.write_text(json.dumps([WHOLE]))
    before = fingerprint(base.base)
    assert _actions(base.import_file(file, dry_run=True)) == {"add": (7,)}
    assert fingerprint(base.base) == before


def test_bad_records_are_told_by_their_lines_and_the_rest_goes_in(
    base: KnowledgeBase, tmp_path: Path
) -> None:
    file = tmp_path / "in.jsonl"
    records: list[object] = [
        {"body": "good"},
        {"title": "no body"},
        {"body": "a", "tags": ["?"]},
        {"body": "a", "title": "t" * 501},
        {**WHOLE, "title": "\ud800"},
        {**WHOLE, "extra": "body: other\n"},
        {**WHOLE, "body": "x" * 9_000_000},
        {"body": "b", "tags": ["good"]},
    ]
    file.write_text("".join(json.dumps(each) + "\n" for each in records) + "{\n")
    report = base.import_file(file)
    assert _actions(report) == {"add": (1, 2)}
    assert [said.partition(":")[0] for said in report.refused] == [
        f"line {at}" for at in (2, 3, 4, 5, 6, 7, 9)
    ]
    assert all(said.endswith("; it was not imported") for said in report.refused)


def test_keys_that_kb_has_no_place_for_are_named_with_their_number(base: KnowledgeBase, file: Path) -> None:
    report = _import(base, file, {"body": "a", "url": "u"}, {"body": "b", "url": "u", "id": "x"})
    assert report.warnings == (
        "kb has no place for these keys, so they were not taken over: url (2), id (1)",
    )


def test_a_byte_order_mark_and_utf_16_are_read(base: KnowledgeBase, tmp_path: Path) -> None:
    for encoding, suffix in (("utf-8-sig", "json"), ("utf-16", "csv")):
        file = tmp_path / f"in.{suffix}"
        text = '[{"body": "Größe"}]' if suffix == "json" else "body\nHöhe\n"
        file.write_bytes(text.encode(encoding))
        assert len(base.import_file(file).ids("add")) == 1
    assert base.list("Größe OR Höhe").total == 2


def test_a_file_that_is_no_json_changes_nothing(base: KnowledgeBase, file: Path) -> None:
    file.write_text('[{"body": "a"},\n{"body" "b"}]')
    before = fingerprint(base.base)
    with pytest.raises(InputError, match=r"in\.json, line 2: not JSON"):
        base.import_file(file)
    assert fingerprint(base.base) == before


def test_unreadable_entries_and_versions_are_no_hindrance(base: KnowledgeBase, file: Path) -> None:
    _import(base, file, WHOLE)
    base.past.undo()
    (version,) = (base.base / "history").rglob("*.yaml")
    version.chmod(0o600)
    version.write_text("broken: [")
    (base.base / "entries" / "0009-x.yaml").write_text("broken: [")
    assert _actions(base.import_file(file)) == {"add": (10,)}


def test_no_id_of_a_file_can_use_up_all_ids(base: KnowledgeBase, file: Path) -> None:
    report = _import(base, file, {**WHOLE, "id": 999_999_999}, {**WHOLE, "id": 10**17, "body": "y\n"})
    assert _actions(report) == {"add": (999_999_999, 1_000_000_000)}
    assert base.add("And one more.").id == 1_000_000_001


def test_a_record_without_a_time_is_no_entry_that_was_just_made(tmp_path: Path, file: Path) -> None:
    create_base(tmp_path / "now")
    now = datetime(2026, 11, 27, tzinfo=UTC)
    base = KnowledgeBase(tmp_path / "now", cache=tmp_path / "cache", now=lambda: now)
    first = base.add("Rye bread wants a hot oven.").id
    report = _import(base, file, {"id": first, "body": "Oats soak overnight."})  # all within a second
    assert _actions(report) == {"add": (first + 1,)}
    base.remove([str(first)])
    report = _import(base, file, {"id": first, "body": "Spelt is an old grain."})
    assert _actions(report) == {"add": (first + 2,)}
