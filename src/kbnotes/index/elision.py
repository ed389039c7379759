"""French writes small words as one with the next: `l'école`, `qu'il`. What is found is the word behind."""

from __future__ import annotations

import re
from typing import TypeVar

from kbnotes.index.language import Language
from kbnotes.model import AllOf, AnyOf, Fuzzy, InField, Node, Not, Phrase, Prefix, Word
from kbnotes.record import replace

AnyNode = TypeVar("AnyNode", bound=Node)
_ELIDED = re.compile(
    r"(?<![^\W_])(?<!['’])(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu|quoiqu)['’](?=[^\W_])", re.IGNORECASE
)


def parted(text: str, language: Language) -> str:
    """Return a text with blanks for what is elided, of the same length; in other languages as it is."""
    if not language.elides:
        return text
    return _ELIDED.sub(lambda found: " " * len(found.group()), text)


def parted_query(node: AnyNode, language: Language) -> AnyNode:
    """Return a query that looks for the words behind what is elided."""
    return _parted(node, language) if language.elides else node  # type: ignore[return-value]


def _parted(node: Node, language: Language) -> Node:
    match node:
        case Word(text) | Phrase(text) | Prefix(text) | Fuzzy(text):
            return replace(node, text=" ".join(parted(text, language).split()))
        case InField(what=what) | Not(what=what):
            return replace(node, what=_parted(what, language))
        case AllOf(parts) | AnyOf(parts):
            return replace(node, parts=tuple(_parted(part, language) for part in parts))
    return node
