"""The rule for markers that are none in Markdown: `1、`, `１．`, `(1)`, `一、`, `**1.**`, `1.x`."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import replace
from typing import NamedTuple

from kbnotes.markdown.splitting.lists import SMALL, is_link_only, keep_inner_lists
from kbnotes.markdown.splitting.numbers import read_number
from kbnotes.markdown.splitting.page import UNSEEN, Mark, Page, longest_run

_SPACE = r"[ \t\u3000\u00a0]"


class _Marker(NamedTuple):
    """A way to write a note's number at the start of a line; the group `number` is read."""

    name: str
    pattern: re.Pattern[str]


def _marker(name: str, pattern: str) -> _Marker:
    return _Marker(name, re.compile(rf"[{UNSEEN}]{{0,3}}{_SPACE}{{0,3}}{pattern}"))


_MAY_BEGIN = re.compile(rf"[{UNSEEN}]{{0,3}}[ \t\u3000]{{0,3}}[\d(（#*_零〇一二三四五六七八九十百]")

MARKERS = (
    _marker("1、", rf"(?P<number>[0-9０-９]{{1,9}})(?:[、．。]|(?<=[０-９])[.)）]){_SPACE}{{0,4}}"),
    _marker("(1)", rf"[(（](?P<number>[0-9０-９]{{1,9}})[)）]{_SPACE}{{0,4}}"),
    _marker("一、", rf"[(（]?(?P<number>[零〇一二三四五六七八九十百]{{1,6}})[、．.)）]{_SPACE}{{0,4}}"),
    _marker("**1.**", rf"(?P<mark>\*{{2,3}}|__)(?P<number>\d{{1,9}})[.)、:]?(?P=mark)[.):]?{_SPACE}{{0,4}}"),
    _marker("**1. x**", r"(?=(?:\*{2,3}|__)(?P<number>\d{1,9})[.)、:](?!\d))"),
    _marker("1\\.", rf"(?P<number>\d{{1,9}})(?:\\[.)]|\.\)){_SPACE}{{0,4}}"),
    _marker("###1.", r"(?=#{1,6}(?P<number>\d{1,9})[.):、](?!\d))"),
    _marker("1.x", rf"(?P<number>\d{{1,9}})[.)](?![\d.)]){_SPACE}{{0,4}}(?=\S)"),
)


def number_by_markers(page: Page) -> None:
    """Where no list and no heading numbers the notes, the marker with the longest run does."""
    above = page.notes[0].line if page.notes else len(page.lines)
    if not any(_candidates(page, above)):
        return
    every = _candidates(page, len(page.lines))
    found = [(longest_run(mark.number or 0 for mark in marks), marks) for marks in every]
    run, marks = max(found, key=lambda each: each[0], default=(0, []))
    if run < 2 or not _goes_before(page, marks, run):
        return
    within = replace(page, notes=marks, warnings=[])
    keep_inner_lists(within)
    chosen = _chain(page, within.notes)
    if len(chosen) < 2:
        return
    page.warnings = []
    page.notes = chosen
    said = chosen[0].marker.strip() or page.lines[chosen[0].line].strip()[:6]
    page.warn(chosen[0].line, f"{said} is no list in Markdown; lines that go on so are the notes")


def _candidates(page: Page, end: int) -> list[list[Mark]]:
    """Return for each marker the lines above `end` that begin with it."""
    found: list[list[Mark]] = [[] for _ in MARKERS]
    for at, line in enumerate(page.lines[:end]):
        if not _MAY_BEGIN.match(line):
            continue
        for place, marker in enumerate(MARKERS):
            match = marker.pattern.match(line)
            number = read_number(match["number"]) if match else None
            is_note = match and number is not None and page.is_text(at)
            if match and is_note and not is_link_only(f"- {line[match.end() :]}"):
                found[place].append(Mark(at, number=number, marker=match.group()))
    return found


def _goes_before(page: Page, marks: list[Mark], run: int) -> bool:
    """Tell whether these markers are the notes: there are no others, or those stand within them."""
    if not page.notes:
        return True
    longest = max(longest_run(mark.number or 0 for mark in each) for each in page.zones())
    return marks[0].line < page.notes[0].line and run > longest


def _chain(page: Page, marks: list[Mark]) -> list[Mark]:
    """Return the marks that go on, some numbers left out perhaps, or that begin anew.

    Without a heading above, a few that begin anew are a list in the last note.
    """
    chain: list[Mark] = []
    runs = _runs(marks)
    for mark, run in zip(marks, runs, strict=True):
        last = chain[-1] if chain else None
        if last is None:
            goes_on = mark.number in (0, 1) or mark is marks[0]
        elif mark.number in (0, 1) and mark.number <= (last.number or 0):
            goes_on = page.zone(last.line) != page.zone(mark.line) or run >= SMALL // 2
        else:
            goes_on = 0 < (mark.number or 0) - (last.number or 0) <= SMALL
        if goes_on:
            chain.append(mark)
    return chain


def _runs(marks: list[Mark]) -> list[int]:
    """Return for each mark how many from it on go up by one."""
    runs: list[int] = []
    for mark, after in zip(reversed(marks), [None, *reversed(marks)], strict=False):
        runs.append(runs[-1] + 1 if after and after.number == (mark.number or 0) + 1 else 1)
    return runs[::-1]


def longest_marked(page: Page) -> int:
    """Return how long the longest run of `1、` or `1.x` under one heading is; `(1)` is part of a note."""
    found = 0
    for marker, marks in zip(MARKERS, _candidates(page, len(page.lines)), strict=True):
        if marker.name not in ("1、", "1.x"):
            continue
        zones: dict[int, list[int]] = defaultdict(list)
        for mark in marks:
            zones[page.zone(mark.line)].append(mark.number or 0)
        found = max([found, *map(longest_run, zones.values())])
    return found
