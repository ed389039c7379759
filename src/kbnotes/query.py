"""What was typed -> Query. Pure and total: every string is a valid query.

The grammar, one line a form (the page for people is docs/reference/query.md):

    words            all of them, in any inflection
    "a phrase"       side by side, in this order
    a OR b, a AND b  capitals; AND is what a space means anyway
    NOT a, -a        leave out what holds a
    ( … )            group
    chip*            any word that begins so
    tag:x, title:x   the tag x or what implies it; x in the title
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from kbnotes.model import AllOf, AnyOf, InTitle, Node, Not, Phrase, Prefix, Query, Tagged, Word

MAX_LENGTH = 2_000  # characters read of a query
MAX_TERMS = 20  # words, phrases and filters read of a query: 0.5 s is the bound on any query
MAX_DEPTH = 12  # brackets within brackets

_TOKEN = re.compile(
    r"""
    (?P<space>\s+)
  | (?P<open>[-]?\()                                     # a bracket, perhaps negated
  | (?P<close>\))
  | (?P<dash>-)?(?P<field>(?i:tag|title):)?"(?P<quoted>[^"]*)"   # a phrase, perhaps of a field
  | (?P<word>(?:[^\s()"]|(?<=[^\s(])\([^\s()]*\))+"*|["])         # f(x) is one word, (f x) a group
    """,
    re.VERBOSE,
)
_HAS_TEXT = re.compile(r"[^\W_]|[^\x00-\x7f\s]")


def parse(text: str, *, tags: tuple[str, ...] = ()) -> Query:
    """Return `text` as a Query; `tags` are filters that hold whatever the text says."""
    reader = _Reader()
    cut = text[:MAX_LENGTH]
    if len(text) > MAX_LENGTH:
        reader.notes.append(f"Only the first {MAX_LENGTH} characters of the query were read.")
    reader.tokens = [m for m in _TOKEN.finditer(cut) if m.lastgroup != "space"]
    parts = reader.read_all()
    if parts and all(isinstance(p, Not) and p.literal for p in parts):
        parts = [Word(p.literal) for p in parts if isinstance(p, Not)]
    filters = [Tagged(clean) for tag in tags if (clean := tag.strip())]
    return Query(text=text, root=AllOf((*parts, *filters)), notes=tuple(dict.fromkeys(reader.notes)))


def literal(query: Query) -> Query | None:
    """Return `query` with every `-word` read as text, or None where it has none.

    `build -O3` may mean a compiler's flag; asked when the first reading finds nothing.
    """
    parts = tuple(Word(p.literal) if isinstance(p, Not) and p.literal else p for p in query.root.parts)
    if parts == query.root.parts:
        return None
    return Query(text=query.text, root=AllOf(parts), notes=query.notes)


@dataclass
class _Reader:
    """A recursive descent over the tokens; never raises, and reads on whatever comes."""

    tokens: list[re.Match[str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    at: int = 0
    terms: int = 0
    depth: int = 0

    def read_all(self) -> list[Node]:
        parts: list[Node] = []
        while self.at < len(self.tokens):
            parts.extend(self._group())
            self.at += 1  # a closing bracket that nobody opened
        return parts

    def _group(self) -> list[Node]:
        """Read up to the closing bracket or the end; `OR` binds looser than a space."""
        branches: list[list[Node]] = [[]]
        while self.at < len(self.tokens) and self.tokens[self.at].lastgroup != "close":
            token = self.tokens[self.at]
            joins = token.group() in ("OR", "AND") and branches[-1] and self._more(self.at + 1)
            if not joins:  # an operator with nothing to join is a word
                branches[-1].extend(self._term())
                continue
            self.at += 1
            if token.group() == "OR":
                branches.append([])
        filled = [_joined(branch) for branch in branches if branch]
        if len(filled) > 1:
            return [AnyOf(tuple(filled))]
        return branches[0] if branches[0] else list(filled)

    def _term(self) -> list[Node]:
        token = self.tokens[self.at]
        self.at += 1
        if token.group() == "NOT" and self._more(self.at):
            return self._negation()
        if token["open"]:
            return self._bracket(negated=token["open"] != "(")
        self.terms += 1
        if self.terms > MAX_TERMS:
            self.notes.append(f"Only the first {MAX_TERMS} words of the query were read.")
            return []
        return _leaf(token)

    def _negation(self) -> list[Node]:
        """Read what a NOT denies; each NOT behind it turns the meaning round once more."""
        denied = True
        while self.tokens[self.at].group() == "NOT" and self._more(self.at + 1):
            denied = not denied
            self.at += 1
        inner = self._term()
        return [Not(_joined(inner))] if inner and denied else inner

    def _more(self, at: int) -> bool:
        """Tell whether the token `at` is one that an operator before it can work on."""
        return at < len(self.tokens) and self.tokens[at].lastgroup != "close"

    def _bracket(self, *, negated: bool) -> list[Node]:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            self.notes.append(f"Brackets deeper than {MAX_DEPTH} were ignored.")
            self.depth -= 1
            return []
        inner = self._group()
        self.at += 1  # the closing bracket; past the end where it is missing
        self.depth -= 1
        return [Not(_joined(inner))] if negated and inner else inner


def _joined(parts: list[Node]) -> Node:
    return parts[0] if len(parts) == 1 else AllOf(tuple(parts))


def _leaf(token: re.Match[str]) -> list[Node]:
    if token["quoted"] is not None:
        return _quoted(token)
    word = token["word"].strip('"')
    if not _HAS_TEXT.search(word):
        return []
    if len(word) > 1 and word[0] == "-" and word[1] != "-":
        inner = _plain(word[1:])
        may_be_text = isinstance(inner, Word | Prefix)  # `-O3` may; `-tag:x` is a filter and nothing else
        return [Not(inner, literal=word if may_be_text else "")] if inner else []
    inner = _plain(word)
    return [inner] if inner else []


def _quoted(token: re.Match[str]) -> list[Node]:
    text = token["quoted"].strip()
    if not _HAS_TEXT.search(text):
        return []
    name = (token["field"] or "").lower()
    node: Node = Phrase(text)
    if name == "tag:":
        node = Tagged(text)
    elif name == "title:":
        node = InTitle(Phrase(text))
    return [Not(node)] if token["dash"] else [node]


def _plain(word: str) -> Node | None:
    """Read one word without its dash; a field without a value is a word like any other."""
    name, colon, value = word.partition(":")
    if colon and _HAS_TEXT.search(value):
        if name.lower() == "tag":
            return Tagged(value)
        if name.lower() == "title":
            return InTitle(_word_or_prefix(value))
    return _word_or_prefix(word) if _HAS_TEXT.search(word) else None


def _word_or_prefix(word: str) -> Word | Prefix:
    stem = word.rstrip("*")
    if stem != word and _HAS_TEXT.search(stem):
        return Prefix(stem)
    return Word(word)
