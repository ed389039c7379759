"""Acronyms as the notes explain them: "TAgged GEometric length predictor (TAGE)", "RDMA (Remote Direct …)".

The rule is that of A. Schwartz and M. Hearst, "A simple algorithm for identifying abbreviation definitions in
biomedical text" (Pacific Symposium on Biocomputing 2003): the letters of the short form are found in the long
one from the right to the left, and its first letter begins a word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from kbnotes.text import fold

MIN, MAX = 2, 10  # characters of a short form
MARK = ">"  # between the short form and the long one, in the index
_BRACKET = re.compile(r"\(([^()\n]{2,120})\)")
_BORDER = re.compile(r"[\n()]")
_REACH = 160  # characters in front of a bracket in which its words are looked for
_SHORT = re.compile(r"[A-Za-z0-9][\w&/+-]{1,9}")
_CAPITALS = re.compile(r"(?<![^\W_])[A-Z][A-Z0-9]{1,5}(?=s?\b)")
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_ALIKE = str.maketrans("", "", "-/&+. ")


def acronyms_in(text: str) -> Iterator[str]:
    """Yield `short>long form`, folded, for each explanation in `text`; `short>` for each word in capitals.

    A short form may come several times.
    """
    for capitals in _CAPITALS.finditer(text):
        yield f"{fold(capitals.group())}{MARK}"
    for found in _BRACKET.finditer(text):
        inside = found[1].strip()
        before = _BORDER.split(text[max(0, found.start() - _REACH) : found.start()])[-1]
        if is_short(inside):
            yield from _pair(inside, _long_form(inside, before))
        elif last := _last_word(before):
            yield from _pair(last, _long_form(last, inside, whole=True))


def is_short(text: str) -> bool:
    """Tell whether a text may be a short form: one word with a capital in it, none of them the whole word."""
    return bool(_SHORT.fullmatch(text)) and any(map(str.isupper, text)) and not text.isdigit()


def _last_word(text: str) -> str:
    last = re.search(r"(\S+)\s*$", text)
    word = last[1].strip("_*`\"'") if last else ""
    return word if is_short(word) and sum(map(str.isupper, word)) > 1 else ""


def _pair(short: str, long: str) -> Iterator[str]:
    if long:
        yield f"{fold(short.translate(_ALIKE))}{MARK}{long}"


def _long_form(short: str, text: str, *, whole: bool = False) -> str:
    """Return the words, folded, that `short` abbreviates: the last ones of `text`, with `whole` its first."""
    letters = [letter for letter in short.lower() if letter.isalnum()]
    found = list(_WORD.finditer(text))
    most = min(len(letters) + 5, 2 * len(letters))
    found = found[:most] if whole else found[-most:]
    if not found or len(found) < 2:
        return ""
    begin, end = found[0].start(), found[-1].end()
    at = end - 1
    for place in range(len(letters) - 1, -1, -1):
        while at >= begin and not (
            text[at].lower() == letters[place] and (place > 0 or at == begin or not (text[at - 1].isalnum()))
        ):
            at -= 1
        if at < begin:
            return ""
        if place:
            at -= 1
    long = [fold(word.group()) for word in found if word.end() > at]
    if len(long) < 2 or fold(short) in long:
        return ""
    return " ".join(long)
