"""One spelling for a tag: lower case, words joined by hyphens."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from kbnotes.errors import InputError

MAX_LENGTH = 60
_SPACES = re.compile(r"[\s-]+")
_BAD = re.compile(r"[^\w.+#/-]")


def clean_tag(text: str) -> str:
    """Return `text` as a tag: NFC, lower case, without a leading `#`, spaces as hyphens.

    Raises InputError for what has no letter or digit, holds other punctuation, or is over 60 characters.
    """
    tag = unicodedata.normalize("NFC", text).strip().lstrip("#").lower()
    tag = _SPACES.sub("-", tag).strip("-")
    if len(tag) > MAX_LENGTH:
        raise InputError(f"The tag {text[:20]!r}… is longer than {MAX_LENGTH} characters.")
    if not any(c.isalnum() for c in tag):
        raise InputError(f"{text!r} is no tag.", hint="a tag has letters or digits: hardware, 3d-stacking")
    if bad := _BAD.search(tag):
        raise InputError(
            f"The tag {text!r} holds {bad.group()!r}.",
            hint="a tag is letters, digits and . + # / _ - only; several tags are divided by commas",
        )
    return tag


def clean_tags(texts: Iterable[str]) -> tuple[str, ...]:
    """Return tags in the order given, each once; an item may hold several divided by commas."""
    pieces = (piece for text in texts for piece in text.split(","))
    return tuple(dict.fromkeys(clean_tag(piece) for piece in pieces if piece.strip()))
