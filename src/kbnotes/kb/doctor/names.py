"""Checks of names, kinds and modes: what stands where, and who may read it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kbnotes.kb.doctor.exam import DIRECTORIES, OWN_FILES, Exam, note, problem
from kbnotes.kb.doctor.survey import Item
from kbnotes.model import Finding
from kbnotes.store.linked import version_digest
from kbnotes.store.names import id_in, is_entry

_TEMP = re.compile(r"\..+\.[0-9a-f]{8}\.tmp")
_HISTORY = re.compile("history/[0-9]{4,18}")
_LINKED = re.compile("linked/[A-Za-z0-9._-]+-[0-9a-f]{8}")
_HARMLESS = {".lock", ".gitignore", ".gitkeep", ".gitattributes", ".DS_Store"}


def duplicate_ids(exam: Exam) -> Iterator[Finding]:
    """Find ids that several files in entries/ have."""
    found: dict[int, list[Item]] = {}
    for item in exam.survey.entries():
        if item.entry:
            found.setdefault(item.entry.id, []).append(item)
    for entry_id, items in sorted(found.items()):
        for item in items[1:]:
            others = ", ".join(other.path for other in items if other is not item)
            yield problem(
                item.path,
                f"has the id {entry_id}, which {others} has, too",
                "give one of them another id: change `id:` in the file and the number in its name",
            )


def names(exam: Exam) -> Iterator[Finding]:
    """Find files whose name says another id than they hold."""
    for item in exam.survey.entries("entries", "trash"):
        number = id_in(item.name)
        if item.entry and number is not None and number != item.entry.id:
            yield problem(
                item.path,
                f"has the number {number} in its name and the id {item.entry.id} in it",
                "rename the file, or change the `id:` in it",
            )


def is_temp(item: Item) -> bool:
    """Tell whether a name is one that kb gives a file while it writes it."""
    return bool(_TEMP.fullmatch(item.name)) and _is_kbs(item.place)


def temp_files(exam: Exam) -> Iterator[Finding]:
    """Find files that were being written when kb or the machine was stopped."""
    for item in exam.survey.files():
        if not is_temp(item):
            continue
        if is_superfluous(exam, item):
            yield note(item.path, "was left by a crash, and nothing is in it that is not elsewhere", _REMOVES)
        else:
            yield problem(
                item.path,
                "was left by a crash, and holds what no other file does",
                "look into it; then save its text with `kb add`, and delete it",
            )


_REMOVES = "`kb doctor --fix` removes it"


def is_superfluous(exam: Exam, item: Item) -> bool:
    """Tell whether a temp file is empty, or all of it stands in a file that is none."""
    others = exam.survey.with_digest(item.digest)
    return not item.size or any(not is_temp(other) and _is_kbs(other.place) for other in others)


def symlinks(exam: Exam) -> Iterator[Finding]:
    """Find symbolic links among kb's own files: they are neither followed nor written through."""
    for item in exam.survey.items.values():
        if item.kind == "symlink" and _is_own(item):
            yield problem(
                item.path,
                "is a symbolic link, and kb follows none in a base",
                "put what it points to in its place",
            )


def foreign(exam: Exam) -> Iterator[Finding]:
    """Find files that kb did not put there and does not read."""
    sources = {
        item.entry.source.file
        for item in exam.survey.entries("entries", "trash")
        if item.entry and item.entry.source
    }
    for item in exam.survey.items.values():
        if item.path == "." or item.kind == "symlink" or is_temp(item) or item.name in _HARMLESS:
            continue
        if item.place == "":
            known = item.path in DIRECTORIES or item.path in OWN_FILES or item.path in sources
            if not known and item.path not in exam.record.sources and not item.name.startswith("."):
                yield note(item.path, "is none of kb's files; it is left alone")
        elif _is_kbs(item.place) and not _belongs(exam, item):
            level = note if item.place == "drafts" else problem
            yield level(item.path, "is none of kb's files; kb does not read it", "move it elsewhere")


def _belongs(exam: Exam, item: Item) -> bool:
    """Tell whether something in one of kb's directories is what it should be by its name."""
    if item.place == "history":
        return bool(_HISTORY.fullmatch(item.path)) and item.kind == "directory"
    if item.place.startswith("history/"):
        return item.path in exam.versions and item.kind == "file"
    if item.place == "linked":
        return bool(_LINKED.fullmatch(item.path)) and item.kind == "directory"
    if item.place.startswith("linked/"):
        return version_digest(item.name) is not None and item.kind == "file"
    if item.path == "drafts/saved":
        return item.kind == "directory"
    if item.place in ("drafts", "drafts/saved"):
        return item.name.endswith(".md") and item.kind == "file"
    if item.place == "trash" and item.name.endswith(".md"):
        return item.kind == "file"  # a discarded draft
    return is_entry(item.name)  # of another kind than a file, it is told as unreadable


def permissions(exam: Exam) -> Iterator[Finding]:
    """Find what others than the owner may read or write."""
    base = exam.survey.items["."]
    if base.mode & 0o002:
        yield problem(".", f"may be written to by everybody (mode {base.mode:04o})", "chmod o-w")
    for item in too_wide(exam):
        who = "written to by everybody" if item.mode & 0o002 else "read by others than you"
        level = problem if item.mode & 0o002 else note
        yield level(item.path, f"may be {who} (mode {item.mode:04o})", "`kb doctor --fix` makes it private")


def too_wide(exam: Exam) -> Iterator[Item]:
    """Yield kb's own files and directories with a mode that lets others in."""
    for item in exam.survey.items.values():
        if item.kind in ("file", "directory") and item.mode & 0o077 and _is_own(item):
            yield item


def _is_own(item: Item) -> bool:
    return item.path in DIRECTORIES or item.path in OWN_FILES or (_is_kbs(item.place) and item.place != "")


def _is_kbs(place: str) -> bool:
    """Tell whether a directory is the base itself or one that kb writes into."""
    return place in ("", *DIRECTORIES) or bool(_HISTORY.fullmatch(place) or _LINKED.fullmatch(place))
