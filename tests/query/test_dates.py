"""A date as people say it is the days it names, in the person's own zone."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from kbnotes.query import parse_when

NOW = datetime(2026, 11, 27, 23, 30, tzinfo=UTC)  # a Friday

# text -> first day and last day, both inclusive; "" is no bound
DAYS: dict[str, tuple[str, str]] = {
    "2026": ("2026-01-01", "2026-12-31"),
    "2026-10": ("2026-10-01", "2026-10-31"),
    "2026-12": ("2026-12-01", "2026-12-31"),
    "2026-10-05": ("2026-10-05", "2026-10-05"),
    "2026-1-5": ("2026-01-05", "2026-01-05"),
    "2024-02": ("2024-02-01", "2024-02-29"),
    "2026-10..": ("2026-10-01", ""),
    "..2026-10": ("", "2026-10-31"),
    "2026-09..2026-10-15": ("2026-09-01", "2026-10-15"),
    "2026-09 .. 2026-10-15": ("2026-09-01", "2026-10-15"),
    "2026-10-15..2026-09": ("2026-09-01", "2026-10-15"),
    "2026..2026": ("2026-01-01", "2026-12-31"),
    "2026-11..today": ("2026-11-01", "2026-11-27"),
    "last week..yesterday": ("2026-11-16", "2026-11-26"),
    "today": ("2026-11-27", "2026-11-27"),
    "Yesterday": ("2026-11-26", "2026-11-26"),
    "this week": ("2026-11-23", "2026-11-29"),
    "last  week": ("2026-11-16", "2026-11-22"),
    "this month": ("2026-11-01", "2026-11-30"),
    "last month": ("2026-10-01", "2026-10-31"),
    "this year": ("2026-01-01", "2026-12-31"),
    "last year": ("2025-01-01", "2025-12-31"),
    "7d": ("2026-11-20", "2026-11-27"),
    "2w": ("2026-11-13", "2026-11-27"),
    "3m": ("2026-08-27", "2026-11-27"),
    "1y": ("2025-11-27", "2026-11-27"),
    "last 7 days": ("2026-11-20", "2026-11-27"),
    "last 1 month": ("2026-10-27", "2026-11-27"),
    "3 months": ("2026-08-27", "2026-11-27"),
    "1y..6m": ("2025-11-27", "2026-05-27"),
    "..1y": ("", "2025-11-27"),
    # The ends of the calendar.
    "0001": ("0001-01-01", "0001-12-31"),
    "9999": ("9999-01-01", ""),
    "9999-12-31": ("9999-12-31", ""),
    "99999d": ("1753-02-12", "2026-11-27"),
    "99999m": ("", "2026-11-27"),
    "99999y..": ("", ""),
}
NO_DATES = """soon 2026-13 2026-00 2026-02-30 2026-10-5-1 0000 10000 26 2026-10-05T12:00 .. 2026..soon soon..
..soon 2026..2027..2028 2026...2027 0d d 123456d 7h last this next week ٢٠٢٦""".split()


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=NOW.tzinfo)


@pytest.mark.parametrize("text", DAYS)
def test_a_date_is_the_days_it_names(text: str) -> None:
    first, last = (date.fromisoformat(day) if day else None for day in DAYS[text])
    since = _midnight(first) if first else None
    until = _midnight(last + timedelta(1)) if last else None
    assert parse_when(text, now=NOW) == (since, until)


@pytest.mark.parametrize("text", [*NO_DATES, "", "last fortnight", "last week last week"])
def test_what_is_no_date_is_none(text: str) -> None:
    assert parse_when(text, now=NOW) is None


def test_a_day_begins_at_midnight_where_the_person_is() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    now = NOW.astimezone(berlin)  # half past midnight of the 28th there
    assert parse_when("today", now=now) == (
        datetime(2026, 11, 27, 23, tzinfo=UTC),
        datetime(2026, 11, 28, 23, tzinfo=UTC),
    )
    summer_to_winter = datetime(2026, 9, 30, 22, tzinfo=UTC), datetime(2026, 10, 31, 23, tzinfo=UTC)
    assert parse_when("2026-10", now=now) == summer_to_winter


def test_the_same_day_of_a_shorter_month_is_its_last() -> None:
    now = datetime(2026, 3, 31, tzinfo=UTC)
    assert parse_when("1m", now=now) == (_midnight(date(2026, 2, 28)), _midnight(date(2026, 4, 1)))


def test_a_day_that_a_zone_left_out_is_no_date() -> None:
    samoa = datetime(2012, 1, 3, tzinfo=ZoneInfo("Pacific/Apia"))
    assert parse_when("2011-12-30", now=samoa) is None
    assert parse_when("2011-12-29", now=samoa) is not None


@pytest.mark.parametrize("hours", [-23, -12, 0, 14, 23])
@pytest.mark.parametrize("naive", [datetime.min, datetime.max, datetime(1, 3, 31), datetime(9999, 11, 1)])
def test_at_the_ends_of_the_calendar_nothing_overflows(naive: datetime, hours: int) -> None:
    now = naive.replace(tzinfo=timezone(timedelta(hours=hours)))
    for text in (*DAYS, *NO_DATES, "1m", "1d"):
        since, until = parse_when(text, now=now) or (None, None)
        assert not (since and until) or since < until
