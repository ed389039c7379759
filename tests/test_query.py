"""What was typed, as a tree. Every string is a query."""

from __future__ import annotations

import sys
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kbnotes.model import AllOf, AnyOf, InTitle, Node, Not, Phrase, Prefix, Tagged, Word
from kbnotes.query import MAX_DEPTH, MAX_LENGTH, MAX_TERMS, literal, parse

A, B, C, D = Word("a"), Word("b"), Word("c"), Word("d")

GRAMMAR: dict[str, tuple[Node, ...]] = {
    "": (),
    "a b": (A, B),
    '"a  b" c': (Phrase("a  b"), C),
    "a OR b": (AnyOf((A, B)),),
    "a b OR c d": (AnyOf((AllOf((A, B)), AllOf((C, D)))),),
    "a AND b": (A, B),
    "a and b or c not d": (A, Word("and"), B, Word("or"), C, Word("not"), D),
    "a NOT b": (A, Not(B)),
    "a -b": (A, Not(B, literal="-b")),
    'a -"b c"': (A, Not(Phrase("b c"))),
    "a -(b c)": (A, Not(AllOf((B, C)))),
    "NOT (a OR b)": (Not(AnyOf((A, B))),),
    "NOT NOT a b": (A, B),
    "NOT NOT NOT a b": (Not(A), B),
    "a (b OR c)": (A, AnyOf((B, C))),
    "(a b)(c)": (A, B, C),
    "chip*": (Prefix("chip"),),
    "chip**": (Prefix("chip"),),
    "tag:x": (Tagged("x"),),
    'TAG:"x y"': (Tagged("x y"),),
    "-tag:x": (Not(Tagged("x")),),
    "title:a": (InTitle(A),),
    "title:chip*": (InTitle(Prefix("chip")),),
    'title:"a b"': (InTitle(Phrase("a b")),),
    "-title:a": (Not(InTitle(A)),),
    # What looks like the grammar and is text.
    "-O3": (Word("-O3"),),
    "-a -b": (Word("-a"), Word("-b")),
    "--O3": (Word("--O3"),),
    "a - b": (A, B),
    "KV-cache": (Word("KV-cache"),),
    "C++ C# 2.5D [CLS] A:A": tuple(map(Word, ("C++", "C#", "2.5D", "[CLS]", "A:A"))),
    "f(x) ISNUMBER(SEARCH)": (Word("f(x)"), Word("ISNUMBER(SEARCH)")),
    "https://x.y/z": (Word("https://x.y/z"),),
    "tag: title:": (Word("tag:"), Word("title:")),
    "缓存": (Word("缓存"),),
    # Broken grammar.
    '"': (),
    '"a b': (A, B),
    'a" b': (A, B),
    '""': (),
    "(a b": (A, B),
    "a) b": (A, B),
    ")(": (),
    "-(": (),
    "*": (),
    "-": (),
    "OR": (Word("OR"),),
    "AND": (Word("AND"),),
    "NOT": (Word("NOT"),),
    "OR a": (Word("OR"), A),
    "AND a": (Word("AND"), A),
    "a OR": (A, Word("OR")),
    "a AND": (A, Word("AND")),
    "a NOT": (A, Word("NOT")),
    "(a OR) b": (A, Word("OR"), B),
    "(a NOT) b": (A, Word("NOT"), B),
    "a OR OR b": (AnyOf((A, AllOf((Word("OR"), B)))),),
    "a OR ()": (A,),
    "NOT ()": (),
}


@pytest.mark.parametrize("text", GRAMMAR)
def test_a_query_is_read_as_the_grammar_says(text: str) -> None:
    query = parse(text)
    assert query.root.parts == GRAMMAR[text]
    assert (query.text, query.notes) == (text, ())


def test_filters_hold_whatever_the_text_says() -> None:
    assert parse("a OR b", tags=("x", " ", "y z")).root.parts == (
        AnyOf((A, B)),
        Tagged("x"),
        Tagged("y z"),
    )
    assert parse("-O3", tags=("x",)).root.parts == (Word("-O3"), Tagged("x"))


def test_a_dash_may_have_meant_the_text_itself() -> None:
    second = literal(parse("build -O3 -tag:x", tags=("y",)))
    assert second is not None
    assert second.root.parts == (Word("build"), Word("-O3"), Not(Tagged("x")), Tagged("y"))
    assert literal(parse("build NOT O3")) is None
    assert literal(parse("-O3")) is None


def leaves(node: Node) -> int:
    if isinstance(node, AllOf | AnyOf):
        return sum(map(leaves, node.parts))
    return leaves(node.what) if isinstance(node, Not) else 1


def depth(node: Node) -> int:
    if isinstance(node, AllOf | AnyOf):
        return 1 + max(map(depth, node.parts), default=0)
    return 1 + depth(node.what) if isinstance(node, Not | InTitle) else 1


def is_bounded(text: str) -> bool:
    root = parse(text).root
    return leaves(root) <= MAX_TERMS and depth(root) <= 3 * MAX_DEPTH + 3


PIECES = [
    "a",
    "b*",
    '"c d"',
    '"',
    "(",
    ")",
    "-(",
    "OR",
    "AND",
    "NOT",
    "-",
    "-x",
    "tag:",
    "tag:x",
    'title:"y z"',
]
PIECES += ["title:", "*", "f(x)", "C++", "[/]", "é", "缓", "\x00", "\ud800"]
NASTY = st.lists(st.tuples(st.sampled_from(PIECES), st.sampled_from(["", " "])), max_size=80).map(
    lambda pairs: "".join(piece + space for piece, space in pairs)
)


@settings(max_examples=300, deadline=None)
@given(st.text(st.characters(), max_size=300) | NASTY)
def test_every_string_is_a_query_of_bounded_size(text: str) -> None:
    assert is_bounded(text)
    assert parse(text) == parse(text)


def deep_in_the_stack(call: Callable[[], bool], frames: int) -> bool:
    return deep_in_the_stack(call, frames - 1) if frames else call()


@pytest.mark.parametrize(
    "piece", ["NOT ", "NOT (", "(", "-(", "((a)", ")", '"', "a OR ", "a OR (", "-", "a ", "f(", "tag:", "*"]
)
def test_no_repetition_overflows_the_reader(piece: str) -> None:
    frames = sys.getrecursionlimit() // 4
    assert deep_in_the_stack(lambda: is_bounded(piece * 3000), frames)
    assert is_bounded(piece * 400 + "a")


@pytest.mark.parametrize(
    ("text", "bound"),
    [("a" * (MAX_LENGTH + 1), "2,000"), ("a " * 60, "20"), ("(" * 20 + "a" + ")" * 20, "12")],
)
def test_what_is_cut_is_said_once(text: str, bound: str) -> None:
    (note,) = parse(text).notes
    assert bound.replace(",", "") in note.replace(",", "")
