"""Times as people say them -> instants. Days are those of `now`'s own zone."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta

Days = tuple[date | None, date | None]  # [first, after the last); None is no bound, or beyond the calendar
Instants = tuple[datetime | None, datetime | None]  # [since, until), UTC; None is no bound

EXAMPLES = "2026-10, 2026-10-05, 2026-09..2026-10, today, last week"

_DATE = re.compile(r"([0-9]{4})(?:-([0-9]{1,2})(?:-([0-9]{1,2}))?)?")
_BACK = re.compile(r"(?:last )?([1-9][0-9]{0,4}) ?(d|w|m|y|days?|weeks?|months?|years?)")
_CALENDAR = re.compile(r"(last|this) (week|month|year)")
_OPEN: Days = (None, None)


def parse_when(text: str, *, now: datetime) -> Instants | None:
    """Return the [since, until) that `text` means at `now` (aware, in the person's zone); None for no date.

    A range turned round is read all the same. `7d` reaches to the end of today; at an end of a range it is
    the day that lies so far back.
    """
    today, clean = now.date(), _clean(text)
    begin, dots, end = (part.strip() for part in clean.partition(".."))
    if dots:
        return _instants(_between(begin, end, today=today), now=now)
    if back := _back(clean, today=today):
        return _instants((back[0], _plus(today, 1)), now=now)
    return _instants(_point(clean, today=today), now=now)


def parse_point(text: str, *, now: datetime) -> Instants | None:
    """Return the [since, until) of one end of a range; `7d` is the day that lies so far back."""
    return _instants(_point(_clean(text), today=now.date()), now=now)


def _clean(text: str) -> str:
    return " ".join(text.lower().split())


def _instants(days: Days | None, *, now: datetime) -> Instants | None:
    if days is None:
        return None
    since, until = (_midnight(day, now=now) for day in days)
    # A zone may have left out a whole day, as Samoa did in 2011: no time is in it.
    return None if since and until and since >= until else (since, until)


def _midnight(day: date | None, *, now: datetime) -> datetime | None:
    if day is None:
        return None
    try:
        return datetime.combine(day, time.min, tzinfo=now.tzinfo).astimezone(UTC)
    except OverflowError:  # the first of January of the year 1, east of Greenwich
        return None


def _between(begin: str, end: str, *, today: date) -> Days | None:
    first = _point(begin, today=today) if begin else _OPEN
    last = _point(end, today=today) if end else _OPEN
    if not (begin or end) or first is None or last is None:
        return None
    if begin and end and (first[0] or date.min) > (last[0] or date.min):
        first, last = last, first
    return first[0], last[1]


def _point(text: str, *, today: date) -> Days | None:
    if text in ("today", "yesterday"):
        return _days(today, ago=0 if text == "today" else 1)
    if match := _CALENDAR.fullmatch(text):
        return _calendar(match[2], today=today, ago=1 if match[1] == "last" else 0)
    return _back(text, today=today) or _date(text)


def _date(text: str) -> Days | None:
    """Read a year, a month or a day; None where there is no such date."""
    match = _DATE.fullmatch(text)
    if not match:
        return None
    year, month, day = int(match[1]), int(match[2] or 1), int(match[3] or 1)
    try:
        first = date(year, month, day)
    except ValueError:
        return None
    if match[3]:
        return _days(first, ago=0)
    return _months(first, ago=0, length=1 if match[2] else 12)


def _back(text: str, *, today: date) -> Days | None:
    """Read `7d`, `3 months` or `last 3 months`: the day that lies so far back."""
    match = _BACK.fullmatch(text)
    if not match:
        return None
    number, unit = int(match[1]), match[2][0]
    if unit in "dw":
        return _days(today, ago=number * (7 if unit == "w" else 1))
    first = _months(today, ago=number * (12 if unit == "y" else 1), length=1)[0]
    if first is None:
        return _OPEN
    end_of_month = (first + timedelta(31)).replace(day=1) - timedelta(1)
    return _days(min(first.replace(day=1) + timedelta(today.day - 1), end_of_month), ago=0)


def _calendar(unit: str, *, today: date, ago: int) -> Days:
    """Return the week from Monday, the month or the year that is `ago` before today's."""
    if unit == "week":
        monday = -today.weekday() - 7 * ago
        return _plus(today, monday), _plus(today, monday + 7)
    if unit == "month":
        return _months(today, ago=ago, length=1)
    return _months(date(today.year, 1, 1), ago=12 * ago, length=12)


def _days(day: date, *, ago: int) -> Days:
    return _plus(day, -ago), _plus(day, 1 - ago)


def _months(day: date, *, ago: int, length: int) -> Days:
    """Return `length` whole months, the first of them `ago` before that of `day`."""
    at = day.year * 12 + day.month - 1 - ago
    return _first_of(at), _first_of(at + length)


def _first_of(months: int) -> date | None:
    year, month = divmod(months, 12)
    return date(year, month + 1, 1) if 1 <= year <= 9999 else None


def _plus(day: date, days: int) -> date | None:
    try:
        return day + timedelta(days)
    except OverflowError:
        return None
