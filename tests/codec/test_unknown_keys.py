"""Keys that kb does not know are the user's: they survive every rewrite as they were written."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from kbnotes.codec import decode_entry, encode_entry
from kbnotes.errors import FormatError
from tests.codec.helpers import LOADERS, decoded_by_all

KNOWN = {"id", "title", "tags", "created", "updated", "source", "body"}
UNKNOWN = {
    "a word": "mood: good\n",
    "nothing": "mood:\n",
    "what yaml types": "a: no\nb: 1.10\nc: 2024-01-01\nd: ~\n",
    "single quotes": "mood: 'it''s'\n",
    "double quotes": 'mood: "a\\tb \\u00e9"\n',
    "a quoted key": '"my: key": x\n',
    "a list": "list:\n  - a\n  - 'b'\n",
    "a list without indentation": "list:\n- a\n- b\n",
    "a list in brackets": "list: [a, 'b', {c: d},\n  e]\n",
    "a map": "map:\n  a: 1\n  b:\n    c: [1, 2]\n",
    "a comment inside": "map:\n  a: 1  # why\n  # more\n  b: 2\n",
    "a comment behind": "mood: good  # really\n",
    "a block": "text: |\n  one\n\n    two\n",
    "a block that keeps its blank lines": "text: |+\n  one\n\n\n",
    "a block that keeps trailing spaces": "text: |-\n  one   \n  two  \n",
    "a block with given indentation": "text: |3\n     one\n   two\n",
    "a folded block": "text: >\n  one\n  two\n\n  three\n",
    "text on two lines": "text: one\n  two\n",
    "a no-break space at the end": "text: one\u00a0\n",
    "emoji": "mood: 😀 漢字\nmore: '😀'\n",
    "windows line ends": "mood: good\r\nlist:\r\n  - a\r\n",
    "trailing spaces": 'mood: "a\tb"  \n',
}


@pytest.mark.parametrize("place", ["first", "before the body", "last", "between"])
@pytest.mark.parametrize("kind", list(UNKNOWN))
def test_unknown_keys_keep_value_and_quoting_through_rewrites(kind: str, place: str) -> None:
    extra = UNKNOWN[kind]
    text = {
        "first": f"{extra}id: 7\ntitle: 😀 x\nbody: |\n  text\n",
        "before the body": f"id: 7\ntitle: 😀 x\n{extra}body: |\n  text\n",
        "last": f"id: 7\ntitle: 😀 x\nbody: |\n  text\n{extra}",
        "between": f"id: 7\ntitle: 😀 x\n{extra}tags: [ml]\nbody: |\n  text\nother: 'x'\n",
    }[place]
    before = _unknown(text)
    for round_ in range(3):
        found = decoded_by_all(text)
        assert extra in found.extra
        text = encode_entry(replace(found, title=f"Version {round_}", body=f"Version {round_}\n"))
        assert _unknown(text) == before
        assert extra in text


@pytest.mark.parametrize("ending", ["", "...\n", "# the end\n", "\n\n", "...\n# the end\n"])
def test_what_ends_a_file_is_no_part_of_the_last_key(ending: str) -> None:
    text = f"---\nid: 7\nbody: x\nmood: 'good'\n{ending}"
    for title in "ab":
        found = decoded_by_all(text)
        text = encode_entry(replace(found, title=title))
        assert _unknown(text) == {"mood": "good"}
        assert found.extra.startswith("mood: 'good'\n")


plain = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc"], exclude_characters="\u2028\u2029"), max_size=9
)
values = st.recursive(
    st.one_of(plain, st.sampled_from(["no", "a\n\n", "  a\nb  \n", "1.5", "\ta", "😀\n", "x" * 200])),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(plain, inner, max_size=3),
    max_leaves=8,
)


@given(
    mine=st.dictionaries(plain.filter(lambda key: key not in KNOWN and len(key) > 1), values, max_size=4),
    style=st.sampled_from(["'", '"', "|", ">", None]),
    flow=st.booleans(),
    first=st.booleans(),
)
@settings(max_examples=150, deadline=None)
def test_whatever_another_tool_wrote_survives(
    mine: dict[str, object], style: str | None, *, flow: bool, first: bool
) -> None:
    known = "id: 7\ntitle: x\nbody: |\n  text\n"
    theirs = "".join(_dump(key, value, style, flow=flow) for key, value in mine.items() if _is_shallow(value))
    text = theirs + known if first else known + theirs
    before = _unknown(text)
    for title in "ab":
        text = encode_entry(replace(decoded_by_all(text), title=title))
        assert _unknown(text) == before


def _dump(key: str, value: object, style: str | None, *, flow: bool) -> str:
    """Return a pair as PyYAML writes it: lists and maps in brackets or not, the pair itself never."""
    text = yaml.safe_dump(value, default_style=style, default_flow_style=flow, allow_unicode=True, width=30)
    if flow and isinstance(value, (dict, list)):
        name = json.dumps(key, ensure_ascii=False)
        return f"{name}: {text.replace(chr(10), chr(10) + '  ').rstrip(' ')}"
    text = yaml.safe_dump({key: value}, default_style=style, default_flow_style=False, allow_unicode=True)
    return text.removesuffix("...\n")


def _is_shallow(value: object, depth: int = 0) -> bool:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return depth < 6 and all(_is_shallow(each, depth + 1) for each in inner)


def _unknown(text: str) -> dict[str, object]:
    """Return what another tool reads of the keys that kb does not know."""
    found = [yaml.load(text, Loader=loader) for loader in LOADERS.values()]
    assert all(each == found[0] for each in found)
    return {key: value for key, value in found[0].items() if key not in KNOWN}


def test_unknown_keys_within_the_source_survive_a_rewrite() -> None:
    own = "  url: https://example.org/a\n  page: 5 # of the paper\n  quote: |+\n    as it stands\n\n"
    text = f"id: 1\nsource:\n  file: a.md\n{own}  lines: 1-2\n  digest: ab\nbody: |\n  text\n"
    entry = decode_entry(text, name="0001.yaml")
    assert entry.source
    assert entry.source.extra == own
    again = encode_entry(replace(entry, title="another"))
    assert own in again
    assert decode_entry(again, name="0001.yaml").source == entry.source


def test_unknown_keys_in_a_source_that_cannot_be_kept_are_refused_with_their_line() -> None:
    text = "id: 1\nsource: {file: a.md, lines: 1-2, digest: ab, url: x}\nbody: text\n"
    with pytest.raises(FormatError, match=r"0001\.yaml, line 2: 'source' holds 'url'"):
        decode_entry(text, name="0001.yaml")


def test_an_unknown_last_line_without_a_line_end_is_kept(loader: str) -> None:
    entry = decode_entry("id: 1\nbody: text\nrating: 5", name="0001.yaml")
    assert entry.extra == "rating: 5\n"
