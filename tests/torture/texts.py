"""Texts to attack with: every class of code points, what means something in YAML, and real Markdown."""

from __future__ import annotations

import importlib.metadata
import random
import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import seed as hypothesis_seed
from hypothesis import strategies as st

from kbnotes.errors import InputError
from kbnotes.markdown import decode, newline_of, split

ROOT = Path(__file__).resolve().parent.parent.parent

# Those that readers of text stumble over, each often enough to stand beside each other.
ODD = (
    *"\0 \x01 \x07 \x08 \x1b \x1f \x7f \x80 \x85 \x9b \x9f \u2028 \u2029 \ufeff \ufffe \uffff \ufffd".split(
        " "
    ),
    *"\u202a \u202e \u2066 \u2069 \u200b \u200d \u200e \u061c \xa0 \u3000 \u2003 \xad".split(" "),
    *"\U0001fffe \U0010ffff \U000e0041 \ue000 \u0301 \u20dd \ufe0f \u1100\u1161 \ufdd0".split(" "),
    *("😀", "👩‍👩‍👧", "🇩🇪", "𝔘", "漢字", "é", "e\u0301", "ß", "İ", "ﬁ", "ﷺ", "한"),
)
BREAKS = (
    "\n",
    "\n\n",
    "\n\n\n",
    "\r",
    "\r\n",
    "\n\r",
    "\x85",
    "\u2028",
    "\u2029",
    "\x0b",
    "\x0c",
    "\t",
    " ",
    "  ",
)
YAML_MARKS = (
    *"--- ... | > % & * ! { } [ ] , ? @ ` ~ ' \" \\ \\n \\x41 \\U0010FFFF # : - = << |2- >+".split(" "),
    *(
        ": ",
        " #",
        "- ",
        "? ",
        "\n---\n",
        "\n...\n",
        "--- # kb\n",
        "\n--- # kb\n",
        "\n# kb\n",
        "\n%YAML 1.2\n",
    ),
    *("\nbody: |\n", "\nid: 9\n", "\n  - x\n", "\n\tx\n", "\n    code\n", " \n", "\n ", "\t\n", "...\n"),
    *(
        "no",
        "Yes",
        "ON",
        "y",
        "null",
        "true",
        "NaN",
        ".inf",
        "1.10",
        "1e3",
        "0x1F",
        "0o7",
        "1_000",
        "190:20:30",
    ),
    *(
        "2024-01-01",
        "2024-01-01T00:00:00Z",
        "<<",
        "=",
        "*a",
        "&a",
        "!!int",
        "!x",
        "|",
        ">",
        "{a}",
        "[a]",
        "-",
        "",
    ),
)

_HEADING = re.compile(r"(?m)^(?=#{1,6} )")


@cache
def categories() -> dict[str, tuple[int, ...]]:
    """Return the code points of each general category of Unicode; of unassigned ones the nonchars only."""
    found: dict[str, list[int]] = {}
    for code in range(0x110000):
        name = unicodedata.category(chr(code))
        if name != "Cn" or code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF:
            found.setdefault(name, []).append(code)
    return {name: tuple(codes) for name, codes in sorted(found.items())}


def any_text(rng: random.Random, *, category: str = "") -> str:
    """Return a text of odd pieces, with characters of `category` among them where one is named."""
    pieces: list[str] = []
    for _ in range(rng.choice((0, 1, 1, 2, 3, 5, 8, 13))):
        kind = rng.randrange(6)
        if kind == 0:
            pieces.append(rng.choice(ODD))
        elif kind == 1:
            pieces.append(rng.choice(BREAKS))
        elif kind == 2:
            pieces.append(rng.choice(YAML_MARKS))
        elif kind == 3:
            pieces.append(
                rng.choice(("word", "two words", "x" * rng.choice((1, 79, 80, 81, 1023, 1025, 3000))))
            )
        elif kind == 4:
            codes = categories()[rng.choice(list(categories()))]
            pieces += [chr(rng.choice(codes)) for _ in range(rng.randrange(1, 4))]
        else:
            pieces.append(rng.choice((" ", "\n", "  ", "\n\n", "\t")) * rng.randrange(1, 4))
    if category:
        here = rng.randrange(len(pieces) + 1)
        pieces[here:here] = [chr(rng.choice(categories()[category])) for _ in range(rng.randrange(1, 4))]
    return "".join(pieces)


@cache
def hypothesis_texts(seed: str, count: int) -> tuple[str, ...]:
    """Return `count` texts that Hypothesis makes of this seed, surrogates among them."""
    marks = st.sampled_from((*ODD, *BREAKS, *YAML_MARKS))
    strategy = st.one_of(
        st.text(st.characters(), max_size=60),
        st.text(st.characters(exclude_categories=["Cs"])),
        st.lists(st.one_of(marks, st.text(max_size=4)), max_size=14).map("".join),
        st.text("\n \ta-#:.|\r\x85", max_size=12),
    )
    found: list[str] = []

    @hypothesis_seed(seed)
    @settings(
        max_examples=count,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def collect(text: str) -> None:
        found.append(text)

    collect()
    return tuple(found)


def markdown_texts() -> Iterator[tuple[str, str]]:
    """Yield name and text of all real Markdown at hand: this project's own, and what packages ship."""
    for path in sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("notes/*.md")]):
        yield path.relative_to(ROOT).as_posix(), path.read_text("utf-8")
    shipped: dict[str, Path] = {}
    for package in sorted(importlib.metadata.distributions(), key=lambda each: str(each.metadata["Name"])):
        about: Any = package.metadata
        if "markdown" in str(about.get("Description-Content-Type", "")):
            # A header that goes on over lines is indented in older files; the payload is as it was written.
            yield f"{about['Name']}, about", str(about.get_payload() or about.get("Description", ""))
        for each in package.files or ():
            if each.suffix.lower() in (".md", ".markdown"):
                shipped[str(each)] = Path(str(each.locate()))
    for name, path in sorted(shipped.items()):
        if path.is_file():
            yield name, path.read_text("utf-8", "replace")


def markdown_bodies() -> list[tuple[str, str]]:
    """Return name and text of the bodies in all that Markdown: as an import cuts it, and at each heading."""
    found: dict[str, str] = {}
    for name, text in _decoded():
        pieces = [(section.first_line, section.body) for section in split(text).sections]
        at = 1
        for piece in _HEADING.split(text):
            pieces.append((at, piece.strip("\n") + "\n"))
            at += piece.count("\n")
        for line, body in pieces:
            if body.strip():
                found.setdefault(body, f"{name}, from line {line}")
    return [(name, body) for body, name in found.items()]


def passage(rng: random.Random) -> tuple[str, str]:
    """Return name and text of some paragraphs in a row out of one of the Markdown texts."""
    name, text = rng.choice(_decoded())
    blocks = re.split(r"\n(?=\n)", text)
    first = rng.randrange(len(blocks))
    chosen = "\n".join(blocks[first : first + rng.choice((1, 2, 5, 10, 20, 40))])
    body = chosen.strip("\n") + rng.choice(("", "\n"))
    return f"{name}, paragraph {first + 1}", body if body.strip() else text


@cache
def _decoded() -> tuple[tuple[str, str], ...]:
    """Return name and text of each Markdown text as an import reads it, with the line ends of a body."""
    found = []
    for name, whole in markdown_texts():
        try:
            text, _ = decode(whole.encode("utf-8", "replace"), name=name)
        except InputError:
            continue
        newline = newline_of(text) or "\n"
        found.append((name, text.replace(newline, "\n")))
    return tuple(found)
