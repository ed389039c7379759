"""What was typed, as a tree. Every string is a query."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from kbnotes.errors import UsageError
from kbnotes.model import (
    AllOf,
    AnyOf,
    Fuzzy,
    IdRange,
    InField,
    Is,
    Node,
    Not,
    Phrase,
    Prefix,
    Tagged,
    TimeRange,
    Word,
)
from kbnotes.query import MAX_LENGTH, MAX_TERMS, literal, parse, time_filter

A, B, C, D = Word("a"), Word("b"), Word("c"), Word("d")
NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)  # a Friday
LAST_WEEK = (datetime(2026, 11, 16, tzinfo=UTC), datetime(2026, 11, 23, tzinfo=UTC))
OCTOBER = (datetime(2026, 10, 1, tzinfo=UTC), datetime(2026, 11, 1, tzinfo=UTC))

GRAMMAR: dict[str, tuple[Node, ...]] = {
    "": (),
    "a b": (A, B),
    '"a  b" c': (Phrase("a  b"), C),
    "a OR b": (AnyOf((A, B)),),
    "a b OR c d": (AnyOf((AllOf((A, B)), AllOf((C, D)))),),
    "a and b or c not d": (A, Word("and"), B, Word("or"), C, Word("not"), D),
    "a NOT b": (A, Not(B)),
    "a -b": (A, Not(B, literal="-b")),
    'a -"b c"': (A, Not(Phrase("b c"))),
    "NOT NOT a b": (A, B),
    "NOT NOT NOT a b": (Not(A), B),
    "NOT a": (Not(A),),
    "chip*": (Prefix("chip"),),
    "chip**": (Prefix("chip"),),
    # AND is firm: one part, of which nothing is let go.
    "a AND b": (AllOf((A, B)),),
    "a AND b AND c": (AllOf((A, B, C)),),
    "a b AND c": (A, AllOf((B, C))),
    "a AND b c": (AllOf((A, B)), C),
    "a AND b OR c": (AnyOf((AllOf((A, B)), C)),),
    "a AND NOT b": (AllOf((A, Not(B))),),
    "NOT a AND b": (AllOf((Not(A), B)),),
    'a AND "b c"': (AllOf((A, Phrase("b c"))),),
    "a AND (b)": (AllOf((A, B)),),
    "a AND (b c)": (AllOf((A, AllOf((B, C)))),),
    "a AND () AND b": (AllOf((A, B)),),
    "a AND ()": (A,),
    # So is a group.
    "(a b)": (A, B),  # as sentences have them
    "(a b)(c)": (A, B, C),
    "(a)": (A,),
    "((a))": (A,),
    "((a) b)": (A, B),
    '(a "b c")': (A, Phrase("b c")),
    "(a =b)": (AllOf((A, Word("b", exact=True))),),
    "(a tag:t) b": (AllOf((A, Tagged("t"))), B),
    "(a) OR b": (AnyOf((A, B)),),
    '("a b")': (Phrase("a b"),),
    "(chip*) (~a)": (AllOf((Prefix("chip"),)), AllOf((Fuzzy("a"),))),
    "a (b OR c)": (A, AnyOf((B, C))),
    "a -(b c)": (A, Not(AllOf((B, C)))),
    "-(a)": (Not(A),),
    "NOT (a OR b)": (Not(AnyOf((A, B))),),
    # As spelled, and nearly so.
    "=a": (Word("a", exact=True),),
    "=f(x)": (Word("f(x)", exact=True),),
    "=chip*": (Prefix("chip"),),
    '="a b"': (Phrase("a b", exact=True),),
    "~a": (Fuzzy("a"),),
    "~chip*": (Fuzzy("chip"),),
    "~缓存": (Fuzzy("缓存"),),
    '~"a b"': (Phrase("a b"),),
    "-=a": (Not(Word("a", exact=True)),),
    "-~a": (Not(Fuzzy("a")),),
    '-="a b"': (Not(Phrase("a b", exact=True)),),
    # Of a field.
    "tag:x": (Tagged("x"),),
    'TAG:"x y"': (Tagged("x y"),),
    "-tag:x": (Not(Tagged("x")),),
    "title:a": (InField("title", A),),
    "Title:chip*": (InField("title", Prefix("chip")),),
    'title:"a b"': (InField("title", Phrase("a b")),),
    'title:="a b"': (InField("title", Phrase("a b", exact=True)),),
    "title:=a": (InField("title", Word("a", exact=True)),),
    "body:~a": (InField("body", Fuzzy("a")),),
    "url:https://a.b/c": (InField("url", Word("https://a.b/c")),),
    "-title:a": (Not(InField("title", A)),),
    "id:18": (IdRange(18, 18),),
    'ID:"18"': (IdRange(18, 18),),
    "id:11..15": (IdRange(11, 15),),
    "id:15..11": (IdRange(11, 15),),
    "id:11..": (IdRange(11, None),),
    "id:..15": (IdRange(None, 15),),
    "id:11,14..16,18": (AnyOf((IdRange(11, 11), IdRange(14, 16), IdRange(18, 18))),),
    "-id:1,2": (Not(AnyOf((IdRange(1, 1), IdRange(2, 2)))),),
    "has:link has:Code has:tags": (Is("link"), Is("code"), Is("tag")),
    "is:untagged is:broken -is:tagged": (Is("untagged"), Is("broken"), Not(Is("tag"))),
    "created:2026-10": (TimeRange("created", *OCTOBER),),
    "Updated:2026-10.. a": (TimeRange("updated", OCTOBER[0], None), A),
    'updated:"last week"': (TimeRange("updated", *LAST_WEEK),),
    "updated:last week": (TimeRange("updated", *LAST_WEEK),),
    "a -updated:Last week b": (A, Not(TimeRange("updated", *LAST_WEEK)), B),
    "(created:last 3 months)": (
        TimeRange("created", datetime(2026, 8, 27, tzinfo=UTC), NOW.replace(day=28, hour=0)),
    ),
    # What looks like the grammar and is text.
    "-O3": (Word("-O3"),),
    "(-O3)": (Word("-O3"),),
    "-a -b": (Word("-a"), Word("-b")),
    "-chip*": (Word("-chip*"),),
    "--O3": (Word("--O3"),),
    "a - b": (A, B),
    "a ~ = == => <= b": (A, B),
    "~/path ==a =-a a=b": tuple(map(Word, ("~/path", "==a", "=-a", "a=b"))),
    "@dataclass @ @@a =@a": (Word("@dataclass"), Word("@@a"), Word("=@a")),
    "-@a": (Word("-@a"),),
    "KV-cache": (Word("KV-cache"),),
    "C++ C# 2.5D [CLS] A:A": tuple(map(Word, ("C++", "C#", "2.5D", "[CLS]", "A:A"))),
    "f(x) ISNUMBER(SEARCH)": (Word("f(x)"), Word("ISNUMBER(SEARCH)")),
    "https://x.y/z std::vector 12:30": tuple(map(Word, ("https://x.y/z", "std::vector", "12:30"))),
    "foo:bar tags:x title：x": tuple(map(Word, ("foo:bar", "tags:x", "title：x"))),
    "it's": (Word("it's"),),
    "tag: title: created: id:..": tuple(map(Word, ("tag:", "title:", "created:", "id:.."))),
    "id:abc id:1, id:1...2 id:1.2 id:-1": tuple(
        map(Word, ("id:abc", "id:1,", "id:1...2", "id:1.2", "id:-1"))
    ),
    f"id:{'9' * 19}": (Word(f"id:{'9' * 19}"),),
    'id:"a b"': (Word("id:a b"),),
    "-id:abc a": (Not(Word("id:abc"), literal="-id:abc"), A),
    "缓存": (Word("缓存"),),
    # Broken grammar.
    '"': (),
    '"a b': (A, B),
    'a" b': (A, B),
    '""': (),
    "(a b": (A, B),
    "a :( b c": (A, B, C),
    "-(a b": (Not(AllOf((A, B))),),
    "a AND (b c": (AllOf((A, AllOf((B, C)))),),
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
    "a AND AND b": (AllOf((A, Word("AND"))), B),
    "() AND a": (Word("AND"), A),
    "a OR ()": (A,),
    "() OR a": (Word("OR"), A),
    "NOT ()": (),
}


@pytest.mark.parametrize("text", GRAMMAR)
def test_a_query_is_read_as_the_grammar_says(text: str) -> None:
    query = parse(text, now=NOW)
    assert query.root.parts == GRAMMAR[text]
    assert (query.text, query.notes) == (text, ())


@pytest.mark.parametrize(
    ("text", "parts", "note"),
    [
        (
            "created:2026-13 a",
            (Word("created:2026-13"), A),
            "“created:2026-13” was read as text: say a date as 2026-10, 2026-10-05, 2026-09..2026-10, today, "
            "last week.",
        ),
        ("updated:last a", (Word("updated:last"), A), "“updated:last” was read as text"),
        ("updated:last (week)", (Word("updated:last"), Word("week")), "“updated:last” was read"),
        ('updated:"next week"', (Word("updated:next week"),), "“updated:next week” was read as text"),
        ("has:pictures", (Word("has:pictures"),), "what may follow has: is link, code, tag."),
        ("is:link", (Word("is:link"),), "what may follow is: is untagged, tagged, broken."),
        ("created:" + "x" * 80, (Word("created:" + "x" * 80),), "x…” was read as text"),
    ],
)
def test_a_value_that_a_field_does_not_know_is_text_and_that_is_said(
    text: str, parts: tuple[Node, ...], note: str
) -> None:
    query = parse(text, now=NOW)
    assert query.root.parts == parts
    (said,) = query.notes
    assert note in said


def test_filters_hold_whatever_the_text_says() -> None:
    assert parse("a OR b", now=NOW, tags=("x", " ", "y z")).root.parts == (
        AnyOf((A, B)),
        Tagged("x"),
        Tagged("y z"),
    )
    assert parse("-O3", now=NOW, tags=("x",)).root.parts == (Word("-O3"), Tagged("x"))
    assert parse("a", now=NOW, since="2026-10", until="2026-10").root.parts == (
        A,
        TimeRange("updated", OCTOBER[0], None),
        TimeRange("updated", None, OCTOBER[1]),
    )


def test_since_begins_with_its_first_day_and_until_ends_with_its_last() -> None:
    now = NOW.astimezone(timezone(timedelta(hours=5, minutes=30)))
    assert time_filter("since", "last week", now=now).since == datetime(2026, 11, 15, 18, 30, tzinfo=UTC)
    assert time_filter("until", "last week", now=now).until == datetime(2026, 11, 22, 18, 30, tzinfo=UTC)
    assert time_filter("until", "7d", now=NOW).until == datetime(2026, 11, 21, tzinfo=UTC)


@pytest.mark.parametrize("text", ["soon", "2026-13", "2026-09..2026-10"])
def test_a_since_that_is_no_date_is_an_error_with_a_hint(text: str) -> None:
    with pytest.raises(UsageError, match=f"--since {text}: that is no date") as caught:
        parse("a", now=NOW, since=text)
    assert "2026-10-05" in caught.value.hint


def test_a_dash_may_have_meant_the_text_itself() -> None:
    second = literal(parse("build -O3 -tag:x", now=NOW, tags=("y",)))
    assert second is not None
    assert second.root.parts == (Word("build"), Word("-O3"), Not(Tagged("x")), Tagged("y"))
    assert literal(parse("build NOT O3", now=NOW)) is None
    assert literal(parse("build -=O3", now=NOW)) is None
    assert literal(parse("-O3", now=NOW)) is None


@pytest.mark.parametrize(
    ("text", "bound"),
    [
        ("a" * (MAX_LENGTH + 1), "2,000 characters"),
        ("a " * (MAX_TERMS + 1), "64 words"),
        ("(" * 20 + "a" + ")" * 20, "12"),
        (f"id:{','.join('7' * (MAX_TERMS + 1))}", "64 words"),
    ],
)
def test_what_is_cut_is_said_once(text: str, bound: str) -> None:
    (note,) = parse(text, now=NOW).notes
    assert bound in note


def test_of_a_list_of_ids_those_are_kept_for_which_there_is_room() -> None:
    ids = ",".join(map(str, range(1, MAX_TERMS + 20)))
    kept = AnyOf(tuple(IdRange(number, number) for number in range(1, MAX_TERMS)))
    assert parse(f"a id:{ids}", now=NOW).root.parts == (A, kept)
    assert parse(f"a -id:{ids}", now=NOW).root.parts == (A, Not(kept))
    full = "a " * MAX_TERMS
    assert parse(f"{full} id:{ids}", now=NOW).root.parts == (A,) * MAX_TERMS
