"""The splitter: a page is read, the rules say what begins a note, and the page is cut there."""

from __future__ import annotations

from kbnotes.markdown.lines import lines_of
from kbnotes.markdown.splitting.doubts import doubts
from kbnotes.markdown.splitting.front_matter import front_matter_lines
from kbnotes.markdown.splitting.headings import number_by_headings
from kbnotes.markdown.splitting.page import Mark, Page, read_page
from kbnotes.markdown.splitting.rules import LIST_RULES, RULES
from kbnotes.markdown.splitting.sections import sections
from kbnotes.model import By, Split


def split(text: str, *, by: By | None = None) -> Split:
    """Return `text` as sections that give it back, byte for byte, when put together.

    `by` says what begins a note where the rules are not to find it out: numbers (`list`), each heading of the
    highest level that is there twice (`heading`), or nothing (`file`). Warnings name the line of what is
    doubtful, and of each repair of what CommonMark reads otherwise.
    """
    lines = lines_of(text)
    skipped = front_matter_lines(lines)
    source = "".join("\n" * skipped + "".join(lines[skipped:])) if skipped else text
    page = read_page(lines, source, skipped=skipped)
    marks = _marks(page, by)
    warnings = [*page.warnings, *doubts(page, marks)]
    return Split(
        sections=tuple(sections(lines, marks, skipped)),
        warnings=tuple(said for _, said in sorted(warnings, key=lambda each: each[0])),
    )


def _marks(page: Page, by: By | None) -> list[Mark]:
    """Return what begins a section, by line."""
    if by == "file":
        return []
    if by == "heading":
        return _marks_by_heading(page)
    for rule in LIST_RULES if by == "list" else RULES:
        rule.apply(page)
    return _with_headings(page)


def _marks_by_heading(page: Page) -> list[Mark]:
    page.notes = []
    number_by_headings(page)
    if page.notes:
        return _with_headings(page)
    levels = [mark.level for mark in page.headings]
    twice = [level for level in levels if levels.count(level) > 1]
    level = min(twice or levels, default=0)
    return [mark for mark in page.headings if mark.level <= level]


def _with_headings(page: Page) -> list[Mark]:
    """Return the notes and the headings that belong to none; below a numbered heading all deeper ones do."""
    deepest = page.notes[0].level if page.notes and page.notes[0].level else 6
    notes = {mark.line for mark in page.notes}
    headings = [mark for mark in page.headings if mark.level <= deepest and mark.line not in notes]
    return sorted([*page.notes, *headings], key=lambda mark: mark.line)
