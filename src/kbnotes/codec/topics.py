"""topics.yaml: the vocabulary that proposes tags."""

from __future__ import annotations

from kbnotes.codec.reader import Field, Value, read_map
from kbnotes.codec.tags import clean_tag
from kbnotes.errors import FormatError, InputError
from kbnotes.model import Topic


def decode_topics(text: str, *, name: str) -> tuple[Topic, ...]:
    """Return the topics of a file, in its order.

    Each is `name:` with `keywords:` and `implies:`, both lists of text and both optional.
    Raises FormatError naming the file and the line.
    """
    return tuple(_topic(key, field, name) for key, field in read_map(text, name=name).items())


def topic_lines(text: str, *, name: str) -> dict[str, int]:
    """Return the 1-based line on which each topic of a file begins. Raises FormatError."""
    return {clean_tag(key): field.line for key, field in read_map(text, name=name).items()}


def _topic(key: str, field: Field, name: str) -> Topic:
    where = f"{name}, line {field.line}"
    value = field.value or {}
    if not isinstance(value, dict) or set(value) - {"keywords", "implies"}:
        raise FormatError(f"{where}: a topic holds `keywords` and `implies` only.")
    try:
        implies = tuple(clean_tag(tag) for tag in _texts(value, "implies", where))
        return Topic(name=clean_tag(key), keywords=_texts(value, "keywords", where), implies=implies)
    except InputError as error:
        raise FormatError(f"{where}: {error.message}", hint=error.hint) from None


def _texts(pairs: dict[str, Value], key: str, where: str) -> tuple[str, ...]:
    value = pairs.get(key, [])
    items = [value] if isinstance(value, str) and value else value or []
    if not isinstance(items, list) or not all(isinstance(item, str) for item in items):
        raise FormatError(f"{where}: {key!r} must be a list of words.")
    return tuple(item for item in items if isinstance(item, str) and item.strip())
