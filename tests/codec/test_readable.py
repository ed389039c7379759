"""Entries are files that people read: a real body stays a `|` block, as it was written."""

from __future__ import annotations

import re

import yaml

from kbnotes.codec import encode_entry
from kbnotes.kb import KnowledgeBase
from tests.codec.helpers import decoded_by_all, entry
from tests.conftest import SEED

PARTS = {
    "hard breaks": "A line that breaks  \nhere, and trailing spaces   \nthere.\n",
    "tabs": "Makefile:\n\n\tall:\n\t\tcc -O3 x.c\n\nand a\ttab inside.\n",
    "emoji": "Works 😀 👩‍👩‍👧 ✅ — “quoted” … 🇩🇪\n",
    "CJK": "漢字とかな、한국어、العربية\n全角　スペース\n",
    "fence": "```yaml\nkey: |\n  - a: &x b\n---\n...\n```\n",
    "indented code": "Code:\n\n    if x:\n        y = {1: 2}  # no comment\n",
    "table": "| a | b |\n|---|:-:|\n| `x` | *y* |\n",
    "quote": "> said\n> > twice\n",
    "list": "- a\n  - b\n    1. c\n\n* * *\n",
    "html": "<details>\n<summary>a: b</summary>\n</details>\n",
    "front": "---\ntitle: x\n---\n\n# Heading #\n",
    "blank lines": "one\n\n\n\ntwo\n   \nthree\n",
    "math": "$\\frac{a}{b}$ and `\\n`, “C:\\dir”, 100 %\n",
    "combining": "Zürich e\u0301 \u200d \u00a0 \u200b x\n",
    "url": "See <https://a.b/c?d=e&f#g>: [x](http://y 'z').\n",
    "leading spaces": "    code first\n\ntext\n",
    "leading blank": "\ntext below\n",
    "leading tab": "\tcode first\n",
}


def test_all_entries_of_the_seed_file_are_readable_blocks(seeded: KnowledgeBase) -> None:
    files = sorted((seeded.base / "entries").iterdir())
    assert len(files) == 20
    notes = SEED.read_bytes().decode()
    for path in files:
        text = path.read_bytes().decode()
        found = decoded_by_all(text)
        head, block, lines = text.partition("\nbody: |\n")
        assert block, path.name
        assert "\\" not in re.sub("\n  tail: .*", "", head)  # blank lines are the one thing written so
        unindented = "".join(line.removeprefix("  ") for line in lines.splitlines(keepends=True))
        assert unindented.removesuffix("...\n").removesuffix("\n") == found.body.removesuffix("\n")
        assert found.body.strip() in notes
        assert yaml.safe_load(text)["body"] == found.body


def test_every_kind_of_markdown_stays_a_block() -> None:
    bodies = [part.rstrip("\n") + end for part in PARTS.values() for end in ("", "\n", "\n\n")]
    bodies += [one + "\n" + two for one in PARTS.values() for two in PARTS.values()]
    for body in bodies:
        text = encode_entry(entry(body=body))
        assert "\nbody: |" in text, body
        assert all(line in text for line in body.split("\n"))
        assert decoded_by_all(text).body == body


def test_a_body_that_no_block_can_hold_is_kept_all_the_same() -> None:
    for body in ("a\r\nb", "a\x00b", "\u2028", "a\ufeffb", "", " ", "\n", "  \n "):
        text = encode_entry(entry(body=body))
        assert '\nbody: "' in text
        assert decoded_by_all(text).body == body


def test_plain_titles_are_not_quoted() -> None:
    for title in ("KV cache", "It's 2.5D & more", "Zürich", "漢字", "GPT-4 (OpenAI), 100%", "Why?"):
        assert f"\ntitle: {title}\n" in encode_entry(entry(title=title))
