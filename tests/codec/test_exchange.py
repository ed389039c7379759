"""Entries as JSON and CSV: all of them read back as they were, and bad records are told by their line."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, fields
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from kbnotes.codec import csv_table, json_document, json_lines, read_records
from kbnotes.codec import records as room
from kbnotes.errors import InputError
from kbnotes.model import BadRecord, Entry, Record, RecordForm, Source
from tests.codec.helpers import NOW, entry
from tests.codec.test_round_trip import any_text

WRITERS: dict[RecordForm, Callable[[Iterable[Entry]], Iterator[str]]] = {
    "json": json_document,
    "jsonl": json_lines,
    "csv": csv_table,
}
tags = st.lists(any_text, max_size=3).map(tuple)
sources = st.builds(
    Source,
    file=any_text,
    number=st.none() | st.integers(0, 10**9),
    first_line=st.integers(1, 99),
    last_line=st.integers(1, 99),
    digest=any_text,
    marker=st.none() | any_text,
    section=tags,
    newline=st.sampled_from(["\n", "\r\n", "\r"]),
    lead=any_text,
    tail=any_text,
    extra=any_text,
)
entries = st.builds(
    Entry,
    id=st.integers(0, room.MAX_ID),
    title=any_text,
    tags=tags,
    created=st.just(NOW),
    updated=st.datetimes().map(lambda time: time.replace(microsecond=0, tzinfo=NOW.tzinfo)),
    body=any_text,
    source=st.none() | sources,
    extra=any_text,
)


def _records(text: str, form: RecordForm = "json") -> list[Record | BadRecord]:
    return list(read_records(text, form=form, name="x"))


def _reasons(text: str, form: RecordForm = "json") -> list[tuple[int, str]]:
    return [(each.line, each.reason) for each in _records(text, form) if isinstance(each, BadRecord)]


def _whole(text: str, form: RecordForm) -> list[Entry | None]:
    return [each.entry if isinstance(each, Record) else None for each in _records(text, form)]


@given(st.lists(entries, max_size=3))
@settings(max_examples=200, deadline=None)
def test_json_and_lines_of_json_give_back_the_very_same_entries(made: list[Entry]) -> None:
    assert _whole("".join(json_document(made)), "json") == made
    assert _whole("".join(json_lines(made)), "jsonl") == made
    json.loads("".join(json_document(made)))


@given(st.lists(entries, max_size=3))
@example([entry(tags=("a, b", "c"))])
@example([entry(tags=("[x]",))])
@example([entry(tags=("[",), title="", body="a\rb\r\n\n")])
@settings(max_examples=200, deadline=None)
def test_a_table_gives_back_id_title_tags_times_and_body(made: list[Entry]) -> None:
    text = "".join(csv_table(made))
    plain = [
        Entry(id=e.id, title=e.title, tags=e.tags, created=e.created, updated=e.updated, body=e.body)
        for e in made
    ]
    assert _whole(text, "csv") == plain
    rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    assert [row[5] for row in rows[1:]] == [each.body for each in made]


def test_every_field_of_an_entry_and_of_its_source_is_exported() -> None:
    source = Source(file="f", number=1, first_line=1, last_line=2, digest="d")
    (line,) = json_lines([entry(source=source)])
    found = json.loads(line)
    assert set(found) == {each.name for each in fields(Entry)}
    assert set(found["source"]) == set(asdict(source))


def test_a_source_of_an_older_kb_lacks_what_that_did_not_know() -> None:
    old: dict[str, Any] = {"file": "f", "number": None, "first_line": 1, "last_line": 2, "digest": "d"}
    (line,) = json_lines([entry()])
    (found,) = _whole(json.dumps({**json.loads(line), "source": old}), "jsonl")
    assert found == entry(source=Source(**old))


def test_a_record_needs_a_body_and_nothing_else() -> None:
    text = '[{"body": "Rye."},\n {"text": "Oats.", "title": null, "tags": "a, b", "created": "2026-01-02"}]'
    one, two = _records(text)
    assert one == Record(line=1, body="Rye.")
    assert isinstance(two, Record)
    assert (two.line, two.body, two.title, two.tags) == (2, "Oats.", None, ("a", "b"))
    assert str(two.created) == "2026-01-02 00:00:00+00:00"
    assert _records('{"body": "Rye.", "tags": ["x"]}') == [Record(line=1, body="Rye.", tags=("x",))]
    assert _records("body\nRye.\n", "csv") == [Record(line=2, body="Rye.")]


def test_what_kb_has_no_place_for_is_named() -> None:
    (found,) = _records('[{"id": "5f1c", "body": "a", "url": "u", "source": {}, "extra": ""}]')
    assert isinstance(found, Record)
    assert found.left_out == ("extra", "id", "source", "url")
    for number in ('"007"', "7"):
        (found,) = _records(f'[{{"id": {number}, "body": "a"}}]')
        assert isinstance(found, Record)
        assert (found.id, found.left_out) == (7, ())
    for number in ("-1", "1000000000", "true", "1.0", '"-1"', "9" * 30, "9" * 18):
        (found,) = _records(f'[{{"id": {number}, "body": "a"}}]')
        assert isinstance(found, Record)
        assert (found.id, found.left_out) == (None, ("id",))


WHOLE = '{"id": 1, "title": "", "tags": [], "created": "2026-01-01", "updated": "2026-01-01", "body": ""'


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        ('"x"', "is no object"),
        ("[]", "is no object"),
        ("{}", "has no text in `body`"),
        ('{"body": 1}', "has no text in `body`"),
        ('{"body": NaN}', "has no text in `body`"),
        ('{"body": " \\n"}', "has no text in `body`"),
        ('{"body": "a", "body": "b"}', "has the key 'body' twice"),
        ('{"body": "' + "x" * 8_400_000 + '"}', "has a text of more than 8 MB"),
        ('{"body": "a", "tags": [' + '"t",' * 100_000 + '"t"]}', "has more than 100,000 tags"),
        ('{"body": "a", "title": 1}', "has a title that is no text"),
        ('{"body": "a", "tags": [1]}', "has tags that are no list of words"),
        ('{"body": "a", "tags": 1}', "has tags that are no list of words"),
        ('{"body": "a", "created": "soon"}', "has no time in `created`, such as 2026-11-23T18:00:00Z"),
        ('{"body": "a", "updated": 1700000000}', "has no time in `updated`, such as 2026-11-23T18:00:00Z"),
        (WHOLE + ', "extra": 1}', "has an `extra` that is no text"),
        (WHOLE + ', "source": 1}', "has a source that is none of kb's"),
        (WHOLE + ', "source": {"file": "f"}}', "has a source that is none of kb's"),
        (
            WHOLE + ', "source": {"file": "f", "number": 1, "first_line": -1, "last_line": 1, "digest": ""}}',
            "has a source whose `first_line` is of the wrong kind",
        ),
    ],
)
def test_a_bad_record_is_told_by_its_line_and_the_next_is_read(record: str, reason: str) -> None:
    found = _records(f'[\n{{"body": "before"}},\n{record},\n{{"body": "behind"}}\n]')
    assert found[1] == BadRecord(line=3, reason=reason)
    assert [each.line for each in found] == [2, 3, 4]
    (bad, good) = _records(f'{record}\n\n{{"body": "behind"}}\n', "jsonl")
    assert bad == BadRecord(line=1, reason=reason)
    assert good.line == 3


def test_a_line_that_is_no_json_is_one_bad_record() -> None:
    text = '{"body": "a"\n{"body": "b"}\n' + "[" * 100_000 + '\n{"body": "c"} x\n'
    assert [line for line, _ in _reasons(text, "jsonl")] == [1, 3, 4]
    assert _reasons(text, "jsonl")[1][1] == "is nested too deeply"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "x, line 1: expected a list of objects."),
        ("3", "x, line 1: expected a list of objects."),
        ("[\n{]", "x, line 2: not JSON (Expecting property name enclosed in double quotes)."),
        ('[{"body": "a"}\n{"body": "b"}]', "x, line 2: expected a comma."),
        ("[]\n\nx", "x, line 3: expected the end of the file."),
        ('{"a" 1}', "x, line 1: expected a key and a colon."),
        ("{1: 2}", "x, line 1: expected a key and a colon."),
        ('{"a": }', "x, line 1: not JSON (Expecting value)."),
        ('[{"body": "a"},', "x, line 1: not JSON (Expecting value)."),
        ('[{"a": ' + "[" * 100_000, "x, line 1: nested too deeply."),
        ('{"format": "kb", "version": 2}', "x was made by another kb, in version 2 of its format."),
    ],
)
def test_json_of_which_the_records_cannot_be_told_is_refused(text: str, said: str) -> None:
    with pytest.raises(InputError) as error:
        _records(text)
    assert error.value.message == said


def test_an_empty_list_is_a_file_without_records() -> None:
    assert _records("[]") == []
    assert _records('{"entries": [], "more": {"x": [1]}}') == []
    assert _records("{}") == [BadRecord(line=1, reason="has no text in `body`")]
    assert _records('{"entries": [], "entries": [{"body": "a"}]}') == []
    assert _records("", "jsonl") == []


def test_tables_of_spreadsheets_are_read_whatever_divides_their_cells() -> None:
    for mark in ",;\t":
        text = f"Title{mark}BODY{mark} tags\r\nRye{mark}Hot oven.{mark}\r\n\r\nOats{mark}Soak\r\n"
        one, two = _records(text, "csv")
        assert one == Record(line=2, body="Hot oven.", title="Rye")
        assert two == Record(line=4, body="Soak", title="Oats")


def test_a_row_with_too_many_cells_is_one_bad_record() -> None:
    assert _reasons('id,body\n1,"a\nb"\n2,b,c\n3,c\n', "csv") == [(4, "has 3 cells below 2 columns")]


@pytest.mark.parametrize("text", ["", "a,b\n1,2\n", "body,body\n1,2\n"])
def test_a_table_without_names_of_columns_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="does not name the columns"):
        _records(text, "csv")


def test_a_table_with_a_quote_that_is_never_closed_is_refused() -> None:
    with pytest.raises(InputError, match=r"x, line 3: not CSV"):
        _records('body\n"a"\n"b', "csv")


def test_a_file_of_nothing_but_bad_records_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "MAX_BAD", 3)
    assert len(_reasons("x\n" * 3, "jsonl")) == 3
    with pytest.raises(InputError, match="more than 3 records"):
        _records("x\n" * 4, "jsonl")


def test_a_file_that_is_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "MAX_TEXT", 3)
    with pytest.raises(InputError, match="larger than"):
        _records("[{}]")
