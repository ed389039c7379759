"""Tokens -> nodes, by recursive descent; never raises, and reads on whatever comes.

group:   branch (OR branch)*
branch:  chain chain*
chain:   term (AND term)*
term:    NOT term | ( group ) | @name | a word or a quoted text
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from kbnotes.model import AllOf, AnyOf, Fuzzy, Node, Not, Phrase, Prefix, Word
from kbnotes.query import bounds
from kbnotes.query.dates import parse_when
from kbnotes.query.reading import Reading, quoted
from kbnotes.query.terms import read_term
from kbnotes.query.tokens import Token, tokens
from kbnotes.record import mutable_record, replace

_SAVED = re.compile(r"(?P<dash>-?)@(?P<name>[\w-]+)")
_BEGUN = re.compile(r"-?(?:created|updated):(?P<value>last|this)", re.IGNORECASE)


def read(text: str, *, reading: Reading) -> list[Node]:
    """Return the parts of `text`, all of which must be found."""
    reader = _Reader(tokens(text), reading)
    parts: list[Node] = []
    while reader.at < len(reader.tokens):
        parts.extend(reader.group())
        reader.at += 1  # a closing bracket that nobody opened
    return parts


@mutable_record
class _Reader:
    tokens: Sequence[Token]
    reading: Reading
    at: int = 0

    def group(self) -> list[Node]:
        """Read up to the closing bracket or the end; `OR` binds looser than a space."""
        branches: list[list[Node]] = [[]]
        while self._more(self.at):
            if branches[-1] and self._joins("OR"):
                self.at += 1
                branches.append([])
            else:
                branches[-1].extend(self._chain())
        filled = [branch for branch in branches if branch]
        if len(filled) > 1:
            return [AnyOf(tuple(_joined(branch) for branch in filled))]
        return filled[0] if filled else []

    def _chain(self) -> list[Node]:
        """Read what AND joins, which is one firm group; an operator with nothing to join is a word."""
        first = self._term()
        if not (first and self._joins("AND")):
            return first
        links = [_joined(first)]
        while self._joins("AND"):
            self.at += 1
            if link := self._term():
                links.append(_joined(link))
        return [AllOf(tuple(links))] if len(links) > 1 else first

    def _term(self) -> list[Node]:
        token = self.tokens[self.at]
        self.at += 1
        if _is_word(token, "NOT") and self._more(self.at):
            return self._negation()
        if token.kind == "open":
            return self._bracket(negated=token.text != "(")
        if token.kind == "word" and (saved := _SAVED.fullmatch(token.text)):
            name = saved["name"].casefold()
            if name in self.reading.saved:
                return _denied(self._saved(name)) if saved["dash"] else self._saved(name)
            if self.reading.saved:
                self.reading.note(
                    f"There is no saved search {saved.group().lstrip('-')}; it was read as text."
                )
        return self._counted(read_term(self._whole(token), reading=self.reading))

    def _counted(self, node: Node | None) -> list[Node]:
        """Return `node`, or what there is room for of it."""
        if node is None:
            return []
        what = node.what if isinstance(node, Not) else node
        if not isinstance(what, AnyOf):  # several ids
            return [node] if self.reading.room(1) else []
        free = self.reading.room(len(what.parts))
        if free < len(what.parts):
            what = AnyOf(what.parts[:free])
            node = replace(node, what=what) if isinstance(node, Not) else what
        return [node] if free else []

    def _whole(self, token: Token) -> Token:
        """Return `updated:last` with the words behind it that belong to it."""
        begun = _BEGUN.fullmatch(token.text) if token.kind == "word" else None
        if not begun:
            return token
        for count in (2, 1):
            behind = self.tokens[self.at : self.at + count]
            words = " ".join(each.text for each in behind)
            are_words = all(each.kind == "word" for each in behind)
            if are_words and parse_when(f"{begun['value']} {words}", now=self.reading.now):
                self.at += len(behind)
                return replace(token, text=f"{token.text} {words}")
        return token

    def _negation(self) -> list[Node]:
        """Read what a NOT denies; each NOT behind it turns the meaning round once more."""
        denied = True
        while _is_word(self.tokens[self.at], "NOT") and self._more(self.at + 1):
            denied = not denied
            self.at += 1
        inner = self._term()
        return _denied(inner) if denied else inner

    def _bracket(self, *, negated: bool) -> list[Node]:
        if self.reading.depth >= bounds.MAX_DEPTH:
            self.reading.note(f"Brackets deeper than {bounds.MAX_DEPTH} were ignored.")
            return []
        self.reading.depth += 1
        inner = self.group()
        self.reading.depth -= 1
        is_closed = self.at < len(self.tokens)
        self.at += 1
        if negated:
            return _denied(inner)
        # `:( kv cache` opens no group; and words in brackets, as sentences have them, are words.
        return _firm(inner) if is_closed and not all(map(_is_plain, inner)) else inner

    def _saved(self, name: str) -> list[Node]:
        """Read a saved search in its place, as if it stood there in brackets."""
        reading = self.reading
        if name in reading.open_names:
            reading.note(f"{quoted('@' + name)} names itself.")
            return []
        if reading.depth >= bounds.MAX_DEPTH:
            reading.note(f"Saved searches deeper than {bounds.MAX_DEPTH} within one another were ignored.")
            return []
        reading.depth += 1
        reading.open_names += (name,)
        parts = read(reading.cut_saved(reading.saved[name]), reading=reading)
        reading.open_names = reading.open_names[:-1]
        reading.depth -= 1
        return _firm([replace(part, literal="") if isinstance(part, Not) else part for part in parts])

    def _joins(self, operator: str) -> bool:
        """Tell whether here stands `operator`, with something behind it to work on."""
        return self._more(self.at) and _is_word(self.tokens[self.at], operator) and self._more(self.at + 1)

    def _more(self, at: int) -> bool:
        return at < len(self.tokens) and self.tokens[at].kind != "close"


def _is_word(token: Token, word: str) -> bool:
    return token.kind == "word" and token.text == word


def _joined(parts: list[Node]) -> Node:
    """Return the parts as one node; here, beneath the root, a lone word in brackets is just a word."""
    bare = tuple(_unwrapped(part) for part in parts)
    return bare[0] if len(bare) == 1 else AllOf(bare)


def _unwrapped(part: Node) -> Node:
    return part.parts[0] if isinstance(part, AllOf) and len(part.parts) == 1 else part


def _is_plain(node: Node) -> bool:
    return isinstance(node, Word | Phrase) and not node.exact


def _firm(parts: list[Node]) -> list[Node]:
    """Return the parts as one group that is never let go."""
    if not parts:
        return []
    node = _joined(parts)
    return [AllOf((node,)) if isinstance(node, Word | Prefix | Fuzzy) else node]


def _denied(parts: list[Node]) -> list[Node]:
    return [Not(_joined(parts))] if parts else []
