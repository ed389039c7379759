"""Numbers as people write them before a note: 12, １２, 十二."""

from __future__ import annotations

_HAN = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"〇": 0}
_WIDE = {ord("0") + digit: ord("０") + digit for digit in range(10)}
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


def write_number(number: int, *, like: str) -> str:
    """Return a number in the digits, and with the leading zeros, that `like` has."""
    if not like.isdecimal():
        return _write_han(number)
    plain = f"{number:0{len(like)}d}" if like[0] in "0０" else str(number)
    return plain if like.isascii() else plain.translate(_WIDE)


def _write_han(number: int) -> str:
    """Write 1 to 999 as a Chinese list counts: 十, 十二, 一百零五; above, digit by digit."""
    digits = "零一二三四五六七八九"
    if number > 999:
        return "".join(digits[int(each)] for each in str(number))
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    text = f"{digits[hundreds]}百" if hundreds else ""
    if tens:
        text += ("" if tens == 1 and not hundreds else digits[tens]) + "十"
    elif hundreds and ones:
        text += "零"
    return text + (digits[ones] if ones or not number else "")
