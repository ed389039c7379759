"""One word or one quoted text -> what it asks for."""

from __future__ import annotations

from typing import cast

from kbnotes.model import FieldName, Fuzzy, InField, Leaf, Node, Not, Phrase, Prefix, Tagged, Word
from kbnotes.query.filters import read_ids, read_time, read_trait
from kbnotes.query.reading import Reading
from kbnotes.query.tokens import FIELDS, Token, has_text


def read_term(token: Token, *, reading: Reading) -> Node | None:
    """Return what a word or a quoted text asks for; None where there is nothing in it to find."""
    if not has_text(token.text):
        return None
    if token.kind == "quoted":
        node = _quoted(token, reading=reading)
        return Not(node) if token.dash else node
    word = token.text
    if word[0] != "-" or word[1] == "-":
        return _bare(word, reading=reading)
    node = _bare(word[1:], reading=reading)
    # `-O3` may have meant the text; `-tag:x` and `-=x` are what they are.
    may_be_text = isinstance(node, Prefix) or (isinstance(node, Word) and not node.exact)
    return Not(node, literal=word if may_be_text else "")


def _quoted(token: Token, *, reading: Reading) -> Node:
    what = Phrase(token.text, exact=token.exact)
    if not token.field:
        return what
    typed = f"{token.field}:{token.text}"
    return _in_field(token.field.lower(), value=token.text, what=what, reading=reading) or Word(typed)


def _bare(word: str, *, reading: Reading) -> Node:
    """Read a word without its dash; a field without a value is a word like any other."""
    name, _, value = word.partition(":")
    if name.lower() in FIELDS and has_text(value):
        node = _in_field(name.lower(), value=value, what=_leaf(value), reading=reading)
        return node or Word(word)
    return _leaf(word)


def _in_field(name: str, *, value: str, what: Leaf, reading: Reading) -> Node | None:
    """Read `name:value`; None where the value is none of this field."""
    match name:
        case "tag":
            return Tagged(value)
        case "id":
            return read_ids(value)
        case "created" | "updated":
            return read_time(name, value=value, reading=reading)
        case "has" | "is":
            return read_trait(name, value=value, reading=reading)
        case _:
            return InField(cast(FieldName, name), what)


def _leaf(word: str) -> Leaf:
    is_sign = word[0] in "=~" and word[1:2].isalnum()
    bare = word[1:] if is_sign else word
    stem = bare.rstrip("*")
    if is_sign and word[0] == "~":
        return Fuzzy(stem)
    if stem != bare and has_text(stem):
        return Prefix(stem)  # which is as spelled in any case
    return Word(bare, exact=is_sign)
