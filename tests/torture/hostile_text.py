"""What commands a terminal, or deceives who reads it; and how to tell that it got there."""

from __future__ import annotations

import os
import random
import re
import unicodedata

# This list is the suite's own, made from Unicode's properties and ECMA-48 and not from kb's sanitiser.
_BIDIRECTIONAL = frozenset("LRE RLE LRO RLO PDF LRI RLI FSI PDI".split())
_DECEIVING = frozenset("\u061c\u200e\u200f\ufeff\ufff9\ufffa\ufffb")
# kb's own colours: of Rich's styles those that kb uses. Hostile text never uses these parameters.
_STYLE = re.compile(r"\x1b\[(?:0|[1-4]|9|3[0-7]|9[0-7])?(?:;(?:[1-4]|9|3[0-7]|9[0-7]))*m")
# kb's own links: Rich gives each a number, and what stands in it is text.
_LINK = re.compile(r"\x1b\]8;(?:id=[0-9]+;[^\x00-\x1f\x7f-\x9f]*|;)\x1b\\")
# How a bar of progress is drawn, where one is.
BAR = re.compile(r"\x1b\[\?25[lh]|\x1b\[[0-9]*A|\x1b\[2K|\r|\x1b\[38;5;[0-9]+m|\x1b\[38;2;[0-9;]+m")

PAYLOADS = (
    # Commands of two bytes and more: styles, screens, titles, the clipboard, links, answers that get typed
    *(
        "\x1b[5;41m",
        "\x1b[8m",
        "\x1b[2J",
        "\x1b[H",
        "\x1b[?1049h",
        "\x1b[6n",
        "\x1b[c",
        "\x1b[3;1H",
        "\x1bc",
        "\x1b(0",
    ),
    *(
        "\x1b]0;x\x07",
        "\x1b]2;x\x1b\\",
        "\x1b]52;c;aGk=\x07",
        "\x1b]52;c;?\x1b\\",
        "\x1b]8;;http://x.example\x1b\\",
    ),
    *(
        "\x1b]1337;File=:AA==\x07",
        "\x1bP+q544e\x1b\\",
        "\x1b_Gi=1;AA\x1b\\",
        "\x1b^x\x1b\\",
        "\x1bXx\x1b\\",
        "\x1b",
        "\x1b[",
    ),
    # The same in one byte, and other single controls
    *(
        "\x9b5m",
        "\x9b2J",
        "\x9d52;c;aGk=\x9c",
        "\x90x\x9c",
        "\x9e",
        "\x9f",
        "\x85",
        "\x84",
        "\x80",
        "\x8d",
        "\x9d0;x\x07",
    ),
    *(
        "\0",
        "\x01",
        "\x05",
        "\x07",
        "\x08\x08\x08\x08",
        "\x0b",
        "\x0c",
        "\r",
        "\rover",
        "\x0e",
        "\x0f",
        "\x11",
        "\x13",
        "\x1a",
    ),
    *("\x1c", "\x1d", "\x1e", "\x1f", "\x7f", "\x7f\x7f"),
    # What turns the order round, hides or parts lines
    *"\u202a \u202b \u202c \u202d \u202e \u2066 \u2067 \u2068 \u2069 \u061c \u200e \u200f".split(" "),
    *("\u2028", "\u2029", "\ufeff", "\ufff9", "\ufffa", "\ufffb"),
    *("\U000e0001", "\U000e0041\U000e0042", "\U000e007f", "\U000e0020"),
    # Spelt so that a reader of Markdown, HTML, addresses or markup makes it of other characters
    *(
        "&#27;[5m",
        "&#x9b;5m",
        "&#x202e;",
        "&#155;5m",
        "&#0;",
        "&#xe0041;",
        "%1b%5b5m",
        "%9b5m",
        "\\x1b[5m",
        "\\u202e",
    ),
    *(
        "[/]",
        "[red]",
        "[link=http://x.example]x[/link]",
        "[blink]",
        ":smile:",
        "{0}",
        "%s",
        "%(x)s",
        "$(id)",
        "`id`",
    ),
    # Bytes of a command line or a file name that are no UTF-8
    *(os.fsdecode(b"\xff"), os.fsdecode(b"\x9b5m"), os.fsdecode(b"\xc3"), os.fsdecode(b"\xed\xa0\x80")),
)


def hostile(rng: random.Random) -> str:
    """Return a text with one to three things in it that should not reach a terminal."""
    pieces = ["oven"]
    for _ in range(rng.choice((1, 1, 2, 3))):
        payload = rng.choice(PAYLOADS)
        if rng.random() < 0.2:
            payload = chr(rng.choice((*range(0x20), *range(0x7F, 0xA0), *range(0xE0000, 0xE0080))))
        pieces += [payload, rng.choice(("", " ", "end", "\n", "x"))]
    return "".join(pieces)


def sent(output: bytes, *, terminal: bool, bar: bool = False) -> str:
    """Return the first thing in `output` that must not reach a terminal, with what is around it; or "".

    On a terminal, kb's own colours and links are let by, and with `bar` how it draws a bar of progress.
    """
    try:
        text = output.decode("utf-8")
    except UnicodeDecodeError as error:
        return f"no UTF-8: {output[max(0, error.start - 20) : error.start + 20]!r}"
    if terminal:
        text = _STYLE.sub("", _LINK.sub("", text))
    if bar:
        text = BAR.sub("", text)
    found = next((at for at, char in enumerate(text) if is_unsafe(char)), None)
    return "" if found is None else f"{text[max(0, found - 20) : found + 20]!r}"


def is_unsafe(char: str) -> bool:
    """Tell whether a terminal may act on a character, or show what is around it as something else."""
    if " " <= char <= "~" or char in "\n\t":
        return False
    if unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp") or char in _DECEIVING:
        return True
    return unicodedata.bidirectional(char) in _BIDIRECTIONAL or 0xE0000 <= ord(char) <= 0xE007F
