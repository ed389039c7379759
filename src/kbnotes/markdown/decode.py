"""Bytes of a Markdown file -> text, without guessing."""

from __future__ import annotations

import codecs

from kbnotes.errors import InputError

MAX_CONTROL = 0.1  # share of control characters from which a file is no text
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SIGNED = ("utf-8-sig", "utf-16", "utf-32")  # codecs that take the mark off themselves
_HINT = "name the file's encoding, for instance --encoding latin-1, gb18030 or utf-16"


def encode(text: str, *, like: bytes, name: str, encoding: str | None = None) -> bytes:
    """Return `text` as bytes with the encoding, and the byte order mark, of the content `like`.

    Raises InputError for a character that the encoding has not.
    """
    marks = [(mark, codec) for mark, codec in _MARKS if not encoding and like.startswith(mark)]
    mark, codec = marks[0] if marks else (b"", encoding or "utf-8")
    try:
        return mark + text.encode(codec)
    except UnicodeError as error:
        found = text[error.start] if isinstance(error, UnicodeEncodeError) else "a character"
        raise InputError(
            f"{name} is {codec.upper()}, which has no {found!r}.", hint="save the file as UTF-8"
        ) from None


def decode(raw: bytes, *, name: str, encoding: str | None = None) -> tuple[str, tuple[str, ...]]:
    """Return the text of `raw`, and warnings about what could not be kept as it was.

    UTF-8, with or without a byte order mark; UTF-16 by its own; else what `encoding` names.
    NUL becomes U+FFFD, as CommonMark 2.3 asks. Raises InputError for anything else.
    """
    if not encoding and raw.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        # Its mark begins like that of UTF-16, as which it would be read wrongly.
        raise InputError(f"{name} is UTF-32.", hint="--encoding utf-32 reads it")
    found = encoding or next((codec for mark, codec in _BOMS if raw.startswith(mark)), "utf-8")
    try:
        text = raw.decode(found)
    except LookupError:
        raise InputError(f"There is no encoding called {found!r}.", hint=_HINT) from None
    except (UnicodeDecodeError, UnicodeError) as error:
        at = f" at byte {error.start:,}" if isinstance(error, UnicodeDecodeError) else ""
        raise InputError(
            f"{name} is not {found.removesuffix('-sig').upper()} text{at}.", hint=_HINT
        ) from None
    if codecs.lookup(found).name not in _SIGNED:  # a second mark is a character of the text
        text = text.removeprefix("\ufeff")
    sample = text[:100_000]
    strange = sum(char < " " and char not in "\t\n\r\f\v\x1e" for char in sample)
    if strange > MAX_CONTROL * len(sample):
        raise InputError(f"{name} is not text: it is full of control characters.", hint=_HINT)
    if not (nul := text.count("\0")):
        return text, ()
    what = "a NUL character" if nul == 1 else f"{nul} NUL characters"
    return text.replace("\0", "\ufffd"), (f"{what} became U+FFFD, as CommonMark asks",)
