"""Checks of what stands beside the entries: drafts in the base, the index in the cache."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from kbnotes.errors import UnusableIndexError
from kbnotes.kb.doctor.exam import Exam, note, problem
from kbnotes.kb.doctor.survey import Item
from kbnotes.kb.drafts import Drafts
from kbnotes.model import Finding, Stamp, Summary

_HINT = "`kb doctor --fix` makes the index anew"


def drafts(exam: Exam) -> Iterator[Finding]:
    """Find drafts that wait to be taken up again."""
    for each in Drafts(exam.store).waiting():
        path = Path(each.path).relative_to(exam.store.base).as_posix()
        new = each.entry_id is None
        what = "a draft for a new entry" if new else f"a draft of entry {each.entry_id}"
        ago = _ago(exam.now - each.changed)
        yield note(path, f"is {what}, left {ago}", "`kb add --resume` takes up the last one")


def _ago(age: timedelta) -> str:
    for seconds, unit in ((86400, "day"), (3600, "hour"), (60, "minute")):
        count = int(age.total_seconds() // seconds)
        if count > 0:
            return f"{count} {unit}{'' if count == 1 else 's'} ago"
    return "just now"


def index(exam: Exam) -> Iterator[Finding]:
    """Find entries that the index tells wrongly, and that the next command would not read again."""
    exam.index.load()
    if exam.index.state.generation < 0:
        return  # there is none, which is fine
    try:
        summaries = exam.index.summaries()
    except UnusableIndexError:
        yield note("entries", "has an index that cannot be opened; the next command makes a new one")
        return
    told: dict[str, Summary] = {summary.path.rpartition("/")[2]: summary for summary in summaries}
    counts = Counter(summary.path.rpartition("/")[2] for summary in summaries)
    for name in sorted(name for name in counts if name not in exam.index.state.files):
        yield problem(f"entries/{name}", "is in the index, which does not know of the file", _HINT)
    for item in exam.survey.entries():
        if exam.index.state.files.get(item.name) != _stamp(item):
            continue  # read again by the next command
        if counts[item.name] != 1:
            yield problem(item.path, f"is in the index {counts[item.name]} times instead of once", _HINT)
        elif not _agrees(item, told[item.name]):
            yield problem(item.path, "is told by the index as what it is not", _HINT)


def _stamp(item: Item) -> Stamp:
    return Stamp(mtime_ns=item.mtime_ns, size=item.size, inode=item.identity[1])


def _agrees(item: Item, told: Summary) -> bool:
    entry = item.entry
    if entry is None:
        return True
    here = (entry.id, entry.title, entry.tags, entry.created, entry.updated)
    return here == (told.id, told.title, told.tags, told.created, told.updated)
