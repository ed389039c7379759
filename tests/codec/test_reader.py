"""What is no plain entry is one clear error that names the file and the line, and never a hang or a crash."""

from __future__ import annotations

import tracemalloc

import pytest

from kbnotes.codec import decode_entry, decode_topics
from kbnotes.codec.reader import MAX_EVENTS, MAX_SIZE, read_map
from kbnotes.errors import FormatError

ENTRY = "id: 7\ntitle: x\nbody: |\n  text\n"
MERGES = "a0: &a0 {k: v}\n" + "".join(
    f"a{n}: &a{n}\n  <<: [{', '.join(f'*a{n - 1}' for _ in range(9))}]\n" for n in range(1, 30)
)
# name -> (text, the line the message must name; 0 where there is none to name)
REFUSED = {
    "alias": (ENTRY + "a: *x\n", 5),
    "anchor": (ENTRY + "a: &x 1\n", 5),
    "anchor on a list": (ENTRY + "a: &x [1]\n", 5),
    "anchor on a key": (ENTRY + "&x a: 1\n", 5),
    "alias as a key": (ENTRY + "*x : 1\n", 5),
    "tag": ("id: !!int 7\nbody: x\n", 1),
    "python tag": (ENTRY + "a: !!python/object/apply:os.system [id]\n", 5),
    "tag on the whole": ("!!map\nid: 7\nbody: x\n", 1),
    "anchor on the whole": ("&x\nid: 7\nbody: x\n", 1),
    "key twice": (ENTRY + "title: y\n", 5),
    "nested key twice": (ENTRY + "a:\n  b: 1\n  b: 2\n", 7),
    "same key quoted": (ENTRY + '"title": y\n', 5),
    "second document": (ENTRY + "---\nid: 8\n", 5),
    "a list as a key": (ENTRY + "? [a]\n: b\n", 5),
    "no mapping but a list": ("- id: 7\n", 1),
    "no mapping but a text": ("hello\n", 1),
    "the whole in braces": ('{\n"id": 7,\n"body": "x"\n}\n', 2),
    "the whole indented": ("  id: 7\n  body: x\n", 1),
    "a key with a question mark": (ENTRY + "? a\n: b\n", 5),
    "deep list": (ENTRY + "a: " + "[" * 9 + "]" * 9 + "\n", 5),
    "100,000 dashes": (ENTRY + "a:\n" + "- " * 100_000 + "\n", 6),
    "only dashes": ("- " * 100_000, 1),
    "10,000 brackets": (ENTRY + "a: " + "[" * 10_000, 5),
    "10,000 braces": (ENTRY + "a: " + "{a: " * 10_000, 5),
    "10,000 question marks": (ENTRY + "? " * 10_000, 5),
    "deep indentation": (ENTRY + "a:\n" + "".join(" " * n + "a:\n" for n in range(1, 800)), 14),
    "merge keys": (ENTRY + MERGES, 5),
    "open quote": ('id: 7\ntitle: "x\nbody: x\n', 4),
    "open bracket": ("id: 7\nbody: x\ntags: [a,\n", 4),
    "a tab for indentation": ("id: 7\nbody:\n\t- x\n", 3),
    "bad escape": ('id: 7\nbody: "\\q"\n', 2),
    "escape beyond all characters": ('id: 7\nbody: "\\UFFFFFFFF"\n', 2),
    "escaped half of a character": ('id: 7\nbody: "\\ud83d\\ude00"\n', 2),
    "NUL": ("id: 7\nbody: a\0b\n", 2),
    "only NULs": ("\0" * 5000, 1),
    "ESC": ("id: 7\n\nbody: é\x1b[2J\n", 3),
    "a half of a character": ("id: 7\nbody: a\ud800b\n", 2),
    "id is a list": ("id: [7]\nbody: x\n", 1),
    "id is a word": ("id: seven\nbody: x\n", 1),
    "id is negative": ("id: -7\nbody: x\n", 1),
    "id is in other digits": ("id: ٧\nbody: x\n", 1),
    "id is huge": ("id: " + "9" * 100_000 + "\nbody: x\n", 1),
    "title is a list": ("id: 7\ntitle: [a]\nbody: x\n", 2),
    "tags are a map": ("id: 7\ntags: {a: b}\nbody: x\n", 2),
    "a tag is a list": ("id: 7\ntags: [[a]]\nbody: x\n", 2),
    "created is no time": ("id: 7\ncreated: soon\nbody: x\n", 2),
    "created is out of range": ("id: 7\ncreated: 0001-01-01T00:00:00+14:00\nbody: x\n", 2),
    "body is a map": ("id: 7\nbody: {a: b}\n", 2),
    "source is a word": ("id: 7\nsource: x\nbody: x\n", 2),
    "source has no lines": ("id: 7\nsource: {file: a}\nbody: x\n", 2),
    "source has a wrong file": ("id: 7\nsource: {file: [a], lines: 1-2}\nbody: x\n", 2),
    "source has a wrong section": ("id: 7\nsource: {file: a, lines: 1-2, section: [[a]]}\nbody: x\n", 2),
    "source has a wrong newline": ("id: 7\nsource: {file: a, lines: 1-2, newline: vt}\nbody: x\n", 2),
    "source has a key of its own": ("id: 7\nsource: {file: a, lines: 1-2, url: b}\nbody: x\n", 2),
    "no id": ("title: x\nbody: x\n", 0),
    "no body": ("id: 7\ntitle: x\n", 0),
    "empty": ("", 0),
    "only a comment": ("# nothing\n", 0),
    "only null": ("~\n", 1),
}  # fmt: skip


@pytest.mark.parametrize("case", list(REFUSED))
def test_what_is_no_entry_is_one_error_with_file_and_line(loader: str, case: str) -> None:
    text, line = REFUSED[case]
    with pytest.raises(FormatError) as caught:
        decode_entry(text, name="0007-x.yaml")
    where = f"0007-x.yaml, line {line}: " if line else "0007-x.yaml: "
    assert caught.value.message.startswith(where)
    assert len(caught.value.message) < 300
    assert "\n" not in caught.value.message


def test_a_hostile_file_does_not_fill_the_memory(loader: str) -> None:
    tracemalloc.start()
    try:
        for case in ("merge keys", "100,000 dashes", "10,000 brackets", "10,000 braces"):
            with pytest.raises(FormatError):
                decode_entry(REFUSED[case][0], name="x")
        assert tracemalloc.get_traced_memory()[1] < 20_000_000
    finally:
        tracemalloc.stop()


def test_a_file_cut_short_anywhere_is_an_entry_with_less_or_one_error(loader: str) -> None:
    text = 'id: 7\ntitle: "a: b"\ntags:\n  - ml\nsource:\n  file: n.md\n  lines: 1-2\nmood: [1,\n  2]\n'
    text += "body: |\n  é\n"
    read, said = 0, []
    for end in range(len(text)):
        try:
            found = decode_entry(text[:end], name="0007.yaml")
        except FormatError as error:
            said.append(error.message)
        else:
            assert (found.id, found.title) == (7, "a: b")
            read += 1
    assert all(message.startswith("0007.yaml") for message in said)
    assert 0 < read < 8


def test_only_an_id_and_a_body_are_needed(loader: str) -> None:
    found = decode_entry("body: x\nid: 7\n", name="x")
    assert (found.id, found.title, found.tags, found.body, found.source) == (7, "", (), "x", None)


def test_one_tag_written_as_a_word_is_a_tag(loader: str) -> None:
    assert decode_entry("id: 7\ntags: ml\nbody: x\n", name="x").tags == ("ml",)


def test_a_vocabulary_that_is_wrong_names_the_line(loader: str) -> None:
    for wrong in (
        "llm: {keyword: a}",
        "llm: a",
        "llm: {keywords: {a: b}}",
        "llm: {implies: ['?']}",
        "'?': {}",
    ):
        with pytest.raises(FormatError, match=r"^topics\.yaml, line 2: "):
            decode_topics(f"ml:\n{wrong}\n", name="topics.yaml")


def test_a_file_is_too_large_by_its_bytes_and_not_by_its_characters() -> None:
    largest = MAX_SIZE - len("id: 1\nbody: ")
    assert read_map("id: 1\nbody: " + "x" * largest, name="it")["id"].value == "1"
    for text in ("x" * (largest + 1), "漢" * (largest // 3 + 1)):
        with pytest.raises(FormatError, match=r"^it is larger than 8 MB"):
            read_map("id: 1\nbody: " + text, name="it")


def test_a_file_of_very_many_pieces_is_refused_at_once() -> None:
    text = "tags: [" + "a," * (MAX_EVENTS + 1) + "]\n"
    with pytest.raises(FormatError, match=r"^it, line 1: more than 100,000 pieces"):
        read_map(text, name="it")


def test_a_document_of_nothing_holds_no_fields() -> None:
    for text in ("", "---\n", "# only a comment\n", "--- # kb\n...\n"):
        assert read_map(text, name="it") == {}
