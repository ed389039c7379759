"""linked.yaml: which files are kept in step."""

from __future__ import annotations

import pytest

from kbnotes.codec import decode_linked, encode_linked
from kbnotes.errors import FormatError
from kbnotes.model import LinkedFile

LINKED = (
    LinkedFile(file="notes.md"),
    LinkedFile(file="/home/me/my: #notes\n漢字.md", encoding="gb18030"),
    LinkedFile(file="yes", encoding="no", by="heading"),
)


def test_what_is_written_reads_back() -> None:
    text = encode_linked(LINKED)
    assert text.startswith("# Files that `kb sync-file` keeps in step")
    assert decode_linked(text, name="linked.yaml") == LINKED
    assert decode_linked("notes.md:\n", name="linked.yaml") == LINKED[:1]
    assert decode_linked(encode_linked(()), name="linked.yaml") == ()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a.md: {}\nb.md: x\n", "line 2: a linked file has"),
        ("a.md:\n  encoding: [utf-8]\n", "line 1: a linked file has"),
        ("a.md:\n  mode: x\n", "line 1: a linked file has"),
        ("a.md:\n  by: page\n", "line 1: `by` is list, heading or file"),
        ("- a.md\n", "linked.yaml, line 1"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(text: str, said: str) -> None:
    with pytest.raises(FormatError, match=said):
        decode_linked(text, name="linked.yaml")
