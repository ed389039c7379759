"""The one sanitiser: what could command a terminal, or hide in it, is shown as text instead."""

from __future__ import annotations

import re

# C0 but tab and newline, DEL, C1 (one-byte escape sequences), bidirectional overrides and isolates (they
# reorder what a reader sees: CVE-2021-42574), line and paragraph separators, tag characters (invisible
# ASCII), interlinear annotation, lone surrogates (bytes of argv that were not UTF-8).
_UNSAFE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\u2028\u2029"
    "\ufff9-\ufffb\ufeff\ud800-\udfff\U000e0000-\U000e007f]"
)


def safe(text: str) -> str:
    """Return `text` with every character that a terminal may act on written as its escape, `\\x1b`."""
    return _UNSAFE.sub(_escape, text)


def safe_line(text: str) -> str:
    """Return `text` as one safe line."""
    return " ".join(safe(text).split())


def safe_json(text: str) -> str:
    """Return JSON text with the same characters as JSON escapes: it parses to the same value."""
    return _UNSAFE.sub(_json_escape, text)


def _escape(match: re.Match[str]) -> str:
    code = ord(match.group())
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _json_escape(match: re.Match[str]) -> str:
    code = ord(match.group())
    if code < 0x10000:
        return f"\\u{code:04x}"
    high, low = divmod(code - 0x10000, 0x400)
    return f"\\u{0xD800 + high:04x}\\u{0xDC00 + low:04x}"
