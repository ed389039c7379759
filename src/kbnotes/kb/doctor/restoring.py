"""Where the content that a file should have is still to be found, byte for byte."""

from __future__ import annotations

from kbnotes.kb.doctor.exam import Exam
from kbnotes.kb.doctor.survey import Item

_PLACES = ("entries", "trash")  # and history/ below: where kb alone writes, and can keep the damaged file


def proven_source(exam: Exam, path: str) -> Item | None:
    """Return a file that holds what the one at `path` held when it was last known to be right."""
    item = exam.survey.items.get(path)
    if item is None or entry_id_of(exam, item) is None:
        return None
    for digest in _right(exam, path):
        for other in exam.survey.with_digest(digest):
            if other.identity != item.identity:
                return other
    return None


def entry_id_of(exam: Exam, item: Item) -> int | None:
    """Return the id of the entry to which a file of kb's own belongs."""
    if item.path in exam.versions:
        return exam.versions[item.path].id
    if item.place not in _PLACES:
        return None
    return exam.record.ids.get(item.path)


def _right(exam: Exam, path: str) -> list[str]:
    """Return the digests of what should be there, or their first digits; the best known first."""
    if path in exam.versions:
        return [exam.versions[path].digest]
    return exam.record.digests(path)[::-1]
