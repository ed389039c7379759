"""Write scalars and blocks of YAML that people like to read.

PyYAML's dumper gives up the readable `|` block for a body with a tab, a trailing space or an emoji, which is
nearly every real note; these few rules keep it. Rules and names follow YAML 1.1 (PyYAML) and 1.2.
"""

from __future__ import annotations

import re

# Plain where no YAML reader could take it for anything but text: a letter first, then nothing special.
_PLAIN = re.compile(r"[^\W\d_](?:[\w .,()/+'’&!?;–—…·=%-]*[\w.)!?…%+'’])?")
_WORDS_WITH_A_MEANING = frozenset("y n yes no on off true false null none nan inf".split())
_CONTROL = "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff"
# A block keeps every character but these: control characters, the line breaks that YAML would turn into
# "\n", and code points that PyYAML's reader refuses.
_NOT_IN_BLOCK = re.compile(f"[\r{_CONTROL}]")
_ESCAPED = re.compile(f'[\\\\"\t\n\r{_CONTROL}]')
_SHORT = {"\\": "\\\\", '"': '\\"', "\t": "\\t", "\n": "\\n", "\r": "\\r", "\0": "\\0"}


def scalar(text: str) -> str:
    """Return `text` as a one-line YAML scalar that every reader takes for text."""
    if _PLAIN.fullmatch(text) and text.lower() not in _WORDS_WITH_A_MEANING:
        return text
    return quoted(text)


def quoted(text: str) -> str:
    """Return `text` in double quotes, with escapes where YAML needs them."""
    return '"' + _ESCAPED.sub(_escape, text) + '"'


def _escape(match: re.Match[str]) -> str:
    char = match.group()
    if char in _SHORT:
        return _SHORT[char]
    code = ord(char)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"


def block(text: str) -> str | None:
    """Return `text` as what follows `key: ` in a `|` block, or None where it can't be one."""
    if not text.strip("\n ") or _NOT_IN_BLOCK.search(text):
        return None
    # The reader finds the indentation from the first line with text, so a leading space or blank line
    # makes it wrong unless it is given.
    indent = "2" if text[0] in " \n\t" else ""
    kept = text.rstrip("\n")
    trailing = len(text) - len(kept)
    chomp = "-" if trailing == 0 else "" if trailing == 1 else "+"
    lines = [f"  {line}" if line else "" for line in kept.split("\n")]
    return f"|{indent}{chomp}\n" + "\n".join(lines) + "\n" * max(trailing, 1)
