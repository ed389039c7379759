"""The checks, in the order in which they are told, and what each one means."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from kbnotes.errors import KbError
from kbnotes.kb.doctor import beside, content, names, own
from kbnotes.kb.doctor.exam import Exam, problem
from kbnotes.model import Check, Finding

Look = Callable[[Exam], Iterable[Finding]]


def _check(look: Look, name: str, *, meaning: str, cause: str, remedy: str) -> tuple[Check, Look]:
    return Check(name=name, meaning=meaning, cause=cause, remedy=remedy), look


_TABLE = (
    _check(
        content.directories,
        "directories",
        meaning="A directory of the base is missing, cannot be read, or is none. Commands stop until "
        "that is mended.",
        cause="A disk that is not mounted, a synchronisation that has not finished, a change of permissions.",
        remedy="Bring the directory back. kb takes a directory that it cannot read for that, and "
        "never for an empty one.",
    ),
    _check(
        content.unreadable,
        "unreadable",
        meaning="A file cannot be read, or a file in entries/ or trash/ holds no entry. It is left "
        "out of searches and lists, and kept as it is.",
        cause="A slip when editing by hand; a file cut short, emptied or filled with NUL by a power "
        "cut or a full disk; a failing disk.",
        remedy="Mend the file in an editor: the line is named. --fix brings back what kb wrote there "
        "if the very content still stands in the history, the trash or a temporary file; the "
        "damaged file is kept in the history.",
    ),
    _check(
        content.damaged,
        "damaged",
        meaning="The content of a file is not what it was, and its time of change says that nobody "
        "changed it. In the trash, any change counts: only kb writes there.",
        cause="A failing disk or memory, a program that changed the file and set the time back, a "
        "copy that went wrong.",
        remedy="Look at the file. If it is right as it is, `touch` it. If not, bring it back from a "
        "backup or from a version. --fix does so where the very content still stands "
        "elsewhere. If more than one file is damaged, make a backup now and have the disk "
        "checked.",
    ),
    _check(
        content.changed,
        "changed",
        meaning="Someone changed an entry, the topics or an imported file without kb. That is allowed.",
        cause="An editor, git, or a synchronisation.",
        remedy="Nothing. The next command takes it in. `kb diff ID` shows what changed since the "
        "last version.",
    ),
    _check(
        content.missing,
        "missing",
        meaning="A file that kb wrote is gone, and it was not kb that removed it. A few may be meant; "
        "many entries at once are a problem.",
        cause="Deleting by hand, which is allowed; a synchronisation that has not finished; "
        "history/ or trash/ left out of git.",
        remedy="If it was not meant: a backup, `kb log ID` for older versions.",
    ),
    _check(
        names.duplicate_ids,
        "duplicate-ids",
        meaning="Two files in entries/ have the same id, so no command can tell which one is meant by it.",
        cause="A file that was copied by hand; two machines that each added an entry before they "
        "were brought together.",
        remedy="Give one of them another id: change `id:` in the file and the number in its name.",
    ),
    _check(
        names.names,
        "names",
        meaning="The number in a file's name is not the id in the file. The id in the file counts.",
        cause="Renaming or editing by hand.",
        remedy="Rename the file, or change the id in it.",
    ),
    _check(
        own.history,
        "history",
        meaning="A version does not hold what its name says: the name ends with digits of its "
        "content's SHA-256.",
        cause="A failing disk, or someone changed it: only kb writes in history/.",
        remedy="A backup. --fix brings it back where the very content still stands elsewhere.",
    ),
    _check(
        own.journal,
        "journal",
        meaning="The journal has lines that are not as kb wrote them, or lacks some. kb passes over "
        "such a line: `kb log` does not show it and `kb undo` cannot take it back. Entries do "
        "not depend on it.",
        cause="A crash cuts off the last line, which is a note. Anything else is a failing disk, or an edit.",
        remedy="Nothing is needed to go on. The file can be brought back from a backup if nothing "
        "was done since.",
    ),
    _check(
        own.last_id,
        "last-id",
        meaning="last-id, the highest id ever given out, is not as kb wrote it. kb goes by the "
        "journal meanwhile.",
        cause="A failing disk, an edit, or a merge.",
        remedy="--fix writes it again from all ids that are or were in use.",
    ),
    _check(
        own.unfinished,
        "unfinished",
        meaning="A command that changes several entries was ended in the middle: some are changed, "
        "each of them whole, and some are not.",
        cause="A crash, a kill, or a full disk.",
        remedy="`kb undo NUMBER` takes back what was done; the same command once more does the rest.",
    ),
    _check(
        own.two_names,
        "two-names",
        meaning="A file stands under two names in the base. Nothing is lost, but a change of one is a "
        "change of both.",
        cause="kb or the machine was stopped in the middle of `kb rm`, `kb restore` or a save.",
        remedy="--fix finishes the move, or takes back the name in the history.",
    ),
    _check(
        content.topics,
        "topics",
        meaning="topics.yaml cannot be read, so no tags are proposed and no tag implies another.",
        cause="A slip when editing it.",
        remedy="Mend it in an editor: the line is named. It is tracked by git if the base is.",
    ),
    _check(
        content.searches,
        "searches",
        meaning="searches.yaml cannot be read, so no saved search can be asked, and none saved.",
        cause="A slip when editing it.",
        remedy="Mend it in an editor: the line is named. A query goes into quotes.",
    ),
    _check(
        content.linked,
        "linked",
        meaning="linked.yaml cannot be read, so kb does not know which files to keep in step.",
        cause="A slip when editing it.",
        remedy="Mend it in an editor: the line is named. `kb import --keep FILE` adds a file again.",
    ),
    _check(
        names.symlinks,
        "symlinks",
        meaning="There is a symbolic link among kb's own files. kb neither reads nor writes through it.",
        cause="Someone put it there, or a program that links files instead of copying them.",
        remedy="Put the file or directory itself in the place of the link. The base as a whole may "
        "be a link.",
    ),
    _check(
        names.foreign,
        "foreign",
        meaning="There is something that kb neither wrote nor reads. In its own directories that is a "
        "problem: an entry may be meant. Beside them, and in drafts/, it is a note.",
        cause="A file saved to the wrong place, a name that does not end in .yaml, what an editor left.",
        remedy="Move it elsewhere, or give it the name of an entry file: 0018-a-title.yaml.",
    ),
    _check(
        names.permissions,
        "permissions",
        meaning="Others than you may read files of the base. That everybody may write to one is a problem.",
        cause="Files that were made by git, by an older kb or by another program.",
        remedy="--fix makes files 0600 and directories 0700. git sets its own modes again when it "
        "writes a file.",
    ),
    _check(
        names.temp_files,
        "temp-files",
        meaning="A file was being written when kb or the machine was stopped. No command reads it.",
        cause="A crash, a kill, or a power cut.",
        remedy="--fix removes those that are empty, or whose content stands in another file. Look "
        "into the others: they may hold text that was not saved.",
    ),
    _check(
        beside.drafts,
        "drafts",
        meaning="Something was being written in an editor and was not saved as an entry.",
        cause="The editor failed or is still open, or the entry changed meanwhile.",
        remedy="`kb add --resume` takes up the last one. Delete those that you do not need.",
    ),
    _check(
        beside.index,
        "index",
        meaning="The search index does not agree with the files, and would not notice. The entries "
        "are not concerned: the index is a cache.",
        cause="A file that was changed and given its old time again, or a defect.",
        remedy="--fix throws the index away and makes a new one.",
    ),
)

CHECKS = tuple(check for check, _ in _TABLE)


def carry_out(exam: Exam) -> tuple[Finding, ...]:
    """Return what all checks find, problems before notes within each check."""
    found = []
    for check, look in _TABLE:
        findings = [replace(each, check=check.name) for each in _guarded(check, look, exam)]
        found += sorted(findings, key=lambda each: each.level != "problem")
    return tuple(found)


def _guarded(check: Check, look: Look, exam: Exam) -> Iterator[Finding]:
    """Yield what a check finds; one that cannot be carried out is a problem and stops no other."""
    try:
        yield from look(exam)
    except (KbError, OSError) as error:
        yield problem(".", f"was not checked for {check.name}: {error}")
