"""Whatever is typed can be read, soon, and is of bounded size."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kbnotes.model import AllOf, AnyOf, InField, Node, Not, Query, TimeRange
from kbnotes.query import MAX_DEPTH, MAX_TERMS, describe, literal, parse
from kbnotes.query.tokens import FIELDS

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
CPU_BOUND = 1.0  # seconds for three queries of 2,000 characters: ten times what the slowest takes

PIECES = """a b* "c_d" " ( ) -( OR AND NOT - -x ~ = ~x =x =" @ @s @t -@s : .. , * f(x) C++ [/] é 缓""".split()
PIECES += ["\x00", "\ud800", "last", "week", "2026", "2026-13", "0001", "9999", "7d", "11", "link", '"y z"']
PIECES += [f"{field}:" for field in FIELDS]
NASTY = st.lists(st.tuples(st.sampled_from(PIECES), st.sampled_from(["", " "])), max_size=80).map(
    lambda pairs: "".join(piece + space for piece, space in pairs)
)
TEXTS = st.text(st.characters(), max_size=300) | NASTY
ZONES = st.integers(-1439, 1439).map(lambda minutes: timezone(timedelta(minutes=minutes)))
NOWS = st.datetimes(timezones=ZONES, allow_imaginary=True)


def nodes(node: Node) -> Iterator[Node]:
    yield node
    if isinstance(node, AllOf | AnyOf):
        for part in node.parts:
            yield from nodes(part)
    elif isinstance(node, Not):
        yield from nodes(node.what)


def depth(node: Node) -> int:
    if isinstance(node, AllOf | AnyOf):
        return 1 + max(map(depth, node.parts), default=0)
    return 1 + depth(node.what) if isinstance(node, Not | InField) else 1


def is_sound(query: Query) -> bool:
    below = [node for part in query.root.parts for node in nodes(part)]
    leaves = [node for node in below if not isinstance(node, AllOf | AnyOf | Not)]
    assert all(node.parts for node in below if isinstance(node, AllOf | AnyOf)), "a group of nothing"
    for node in leaves:
        if isinstance(node, TimeRange) and node.since and node.until:
            assert node.since < node.until
    assert all(describe(query))
    return len(leaves) <= MAX_TERMS and depth(query.root) <= 3 * MAX_DEPTH + 3


@settings(max_examples=400, deadline=None)
@given(text=TEXTS, saved=st.dictionaries(st.sampled_from("stuvw"), TEXTS), now=NOWS)
def test_every_string_is_a_query_of_bounded_size(text: str, saved: dict[str, str], now: datetime) -> None:
    query = parse(text, now=now, saved=saved)
    assert is_sound(query)
    assert is_sound(literal(query) or query)
    assert parse(text, now=now, saved=saved) == query


@settings(max_examples=200, deadline=None)
@given(
    name=st.sampled_from(FIELDS),
    value=st.text(st.sampled_from('0123456789-.. dwmyk"'), max_size=24),
    now=NOWS,
)
def test_whatever_follows_a_field_can_be_read(name: str, value: str, now: datetime) -> None:
    assert is_sound(parse(f"{name}:{value}", now=now))
    assert is_sound(parse(f'{name}:"{value}"', now=now))


def deep_in_the_stack(call: Callable[[], bool], frames: int) -> bool:
    return deep_in_the_stack(call, frames - 1) if frames else call()


REPEATED = """( " - @ ~ = : .. ) * NOT_ NOT_( -( ((a) a_OR_ a_AND_ a_OR_( a_AND_( a_ f( f(x -" tag:" ="
@s_ -@s_ @t_ tag: updated:last_ updated:last_7_ id: id:1, id:.. 1, created: created:..""".split()


@pytest.mark.parametrize("piece", [piece.replace("_", " ") for piece in REPEATED])
def test_no_repetition_overflows_the_reader_or_makes_it_slow(piece: str) -> None:
    saved = {"s": piece * 2000, "t": "@s " * 600}

    def reads_all() -> bool:
        texts = (piece * 2000, f"id:{piece * 2000}", piece * 400 + "a")
        return all(is_sound(parse(text, now=NOW, saved=saved)) for text in texts)

    began = time.process_time()
    assert deep_in_the_stack(reads_all, sys.getrecursionlimit() // 4)
    assert time.process_time() - began < CPU_BOUND
