"""The rule for notes that are numbered headings: `### 12. Title`, `#### 1) Q`, `## 1 x`, `### Art 5`."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import replace

from kbnotes.markdown.splitting.markers import longest_marked
from kbnotes.markdown.splitting.numbers import read_number
from kbnotes.markdown.splitting.page import Mark, Page, longest_run

_SYMBOLS = "\u2010-\u209f\u20d0-\u2bff\ufe0f\U0001f000-\U0001faff"  # dashes, arrows, emoji; no currencies
_BEFORE = re.compile(rf"#{{0,6}}[ \t]*(?:<[^<>]{{0,200}}>|[\[(（【*_`~\s{_SYMBOLS}])*")
_NUMBER = re.compile(
    r"(?:[^\W\d_]{1,20}[.-]?[ \t]?[#§№°]?[ \t]?|[#§№][ \t]?)?(?P<number>[0-9０-９]{1,9})"
    r"(?:(?:\\?[.)]|[:：、．）】题])(?!\d)|\ufe0f?\u20e3|[ºª°]|(?:st|nd|rd|th)\b|[-/](?=\s)|(?=[\s*_`\]])|\Z)"
    r"|第?(?P<han>[零〇一二三四五六七八九十百]{1,6})(?:[、．.:：章节条]|(?=\s)|\Z)"
)
_TAG = re.compile(r"<[^<>]{0,200}>[ \t]*")
_OPENS = re.compile(r"[\[*_`~]")
_NAME = re.compile(r"#{1,6}[ \t]+[^\W\d_]{2,20}-?\d")  # GPT-3 and GPT-4 are names, and no notes
_YEARS = range(1900, 2101)
_FEWEST_DOWN = 3  # two numbers that go down, as Python 3 and Python 2, may be anything


def number_by_headings(page: Page) -> None:
    """The level of headings with the longest run of numbers, up or down, unless a list has a longer one."""
    levels: dict[int, list[Mark]] = defaultdict(list)
    for mark in page.headings:
        number = number_of(mark.heading)
        if number is not None:
            levels[mark.level].append(replace(mark, number=number))
    runs = {level: _run(marks) for level, marks in levels.items()}
    if not runs:
        return
    level = min(runs, key=lambda each: (-runs[each], each))
    if runs[level] < 2 or len(levels[level]) < max(_longest_list(page), longest_marked(page)):
        return
    page.warnings = []
    page.notes = levels[level]
    page.warn(page.notes[0].line, "numbered headings are the notes; lists below them are their text")
    page.notes = sorted([*page.notes, *_swallowed(page, level)], key=lambda mark: mark.line)


def number_of(heading: str) -> int | None:
    """Return the number that a heading begins with, if any; `1.2 Title` and `2.5D` begin with none."""
    before = _BEFORE.match(heading)
    found = _NUMBER.match(heading, before.end() if before else 0)
    return read_number(found["number"] or found["han"]) if found else None


def _swallowed(page: Page, level: int) -> list[Mark]:
    """Return the headings that CommonMark takes for text, but for exactly the next number that is missing.

    It wants a space behind the `#`, and sees none within an HTML block.
    """
    found: list[Mark] = []
    known = {mark.line for mark in page.headings}
    number, following = 0, iter([*page.notes, None])
    after = next(following)
    for at, line in enumerate(page.lines):
        if after and after.line == at:
            number, after = after.number or 0, next(following)
        elif at not in known and number + 1 == _number_at(line, level) != (after and after.number):
            if not page.is_text(at):
                continue
            number += 1
            found.append(Mark(at, number=number, level=level, heading=line.strip(), end=at + 1))
            page.warn(at, f"{line[:40].strip()} is text for Markdown; taken for a note")
    return found


def _number_at(line: str, level: int) -> int | None:
    is_level = line.startswith("#" * level) and line[level : level + 1] != "#"
    return number_of(line) if is_level else None


def prefix_of(text: str) -> str:
    """Return what stands before the title of a numbered heading, `### 12. `; "" if it is underlined.

    Of `### [12. x](#x)` and `### **12. x**` that is `### 12. ` too: what opens there closes behind the title.
    """
    line = text.split("\n", maxsplit=1)[0]
    before = _BEFORE.match(line)
    found = _NUMBER.match(line, before.end() if before else 0)
    if not found or not line.startswith("#"):
        return ""
    above, number = _TAG.sub("", line[: found.start()]), line[found.start() : found.end()]
    opened = "".join(_OPENS.findall(above))
    closes = opened[::-1].replace("[", "]")
    if line.startswith(closes, found.end()):
        return f"{above}{number}{closes} "
    return f"{_OPENS.sub('', above)}{number} "


def _run(marks: list[Mark]) -> int:
    numbers = [mark.number or 0 for mark in marks]
    if all(number in _YEARS for number in numbers):
        return 0
    up, down = longest_run(numbers), longest_run(reversed(numbers))
    run = max(up, down if down >= _FEWEST_DOWN else 0)
    is_sure = run > 2 or min(numbers) < 2 or not any(_NAME.match(mark.heading) for mark in marks)
    return run if is_sure else 0


def _longest_list(page: Page) -> int:
    return max((longest_run(mark.number or 0 for mark in marks) for marks in page.zones()), default=0)
