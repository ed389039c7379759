"""How a query was read, in words that read well aloud."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from kbnotes.model import AllOf, Query, TimeRange
from kbnotes.query import describe, parse

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)

SAID: dict[str, tuple[str, ...]] = {
    "": (),
    "kv": ("the word: kv",),
    'kv "branch prediction" cache': ("every word: kv, cache", "side by side: “branch prediction”"),
    "=kv": ("only as spelled: kv",),
    '="a b"': ("side by side, only as spelled: “a b”",),
    "chip* ~tyop": ("begins with: chip", "spelled nearly: tyop"),
    "a OR b c": ("either: a or (b and c)",),
    "a AND b": ("all of: a and b",),
    "(a)": ("the word: a",),
    "a -b NOT (c OR d)": ("the word: a", "without: b", "without: (c or d)"),
    "tag:hardware -tag:ml": (
        "tagged hardware, or with a tag that implies it",
        "without: what is tagged ml",
    ),
    "title:kv body:=kv url:x.y": ("in the title: kv", "in the text: kv as spelled", "in a link: x.y"),
    'title:"a b" title:="a b" title:ch* title:~a': (
        "in the title: “a b”",
        "in the title: “a b” as spelled",
        "in the title: what begins with ch",
        "in the title: what is spelled nearly a",
    ),
    "id:18 id:11..15 id:11.. id:..15": ("id 18", "id 11 to 15", "id 11 or higher", "id 15 or lower"),
    "id:11,14": ("either: id 11 or id 14",),
    "created:2026-10": ("created from 2026-10-01 to 2026-10-31",),
    "updated:today": ("updated on 2026-11-27",),
    "created:2026-10.. created:..0099": ("created from 2026-10-01 on", "created up to 0099-12-31"),
    "created:..9999": ("created at any time",),
    "has:link has:code has:tag": ("has a link", "has code", "has a tag"),
    "is:untagged is:broken": ("has no tag", "is a file that cannot be read as an entry"),
    "a AND (b OR -title:c has:code)": ("all of: a and (b or (not c in the title and has code))",),
}


@pytest.mark.parametrize("text", SAID)
def test_a_query_is_said_in_plain_words(text: str) -> None:
    assert describe(parse(text, now=NOW)) == SAID[text]


def test_days_are_those_of_the_zone_that_is_asked_for() -> None:
    zone = timezone(timedelta(hours=2))
    query = parse("created:2026-10", now=NOW.astimezone(zone))
    assert describe(query, zone=zone) == ("created from 2026-10-01 to 2026-10-31",)
    assert describe(query) == ("created from 2026-09-30 22:00 to 2026-10-31 22:00",)


def test_the_ends_of_the_calendar_are_said_in_any_zone() -> None:
    beginning = TimeRange("created", datetime.min.replace(tzinfo=UTC), None)
    query = Query(text="", root=AllOf((beginning,)))
    assert describe(query, zone=timezone(timedelta(hours=-5))) == ("created from 0001-01-01 on",)
