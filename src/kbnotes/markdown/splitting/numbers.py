"""Numbers as people write them before a note: 12, １２, 十二."""

from __future__ import annotations

_HAN = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"〇": 0}
_TENS = {"十": 10, "百": 100}


def read_number(text: str) -> int | None:
    """Return the number that `text` is, in digits of any script or in Chinese; None for what is none."""
    return int(text) if text.isdecimal() else _read_han(text)


def _read_han(text: str) -> int | None:
    """Read `三`, `十二`, `二十`, `一百零五`, and digit by digit `一二`; None for what is none of them."""
    if all(char in _HAN for char in text):
        return int("".join(str(_HAN[char]) for char in text)) if text else None
    total = digit = 0
    for char in text:
        if char in _TENS:
            total += (digit or 1) * _TENS[char]
            digit = 0
        elif char in _HAN:
            digit = _HAN[char]
        else:
            return None
    return total + digit
