"""The health of one base: look it over, and mend what can be mended."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from kbnotes.errors import BaseError, StorageError, UnusableIndexError
from kbnotes.index import Index, index_home
from kbnotes.kb.doctor.exam import Exam
from kbnotes.kb.doctor.memory import Memory, Seen, after
from kbnotes.kb.doctor.repair import repair
from kbnotes.kb.doctor.survey import survey
from kbnotes.kb.doctor.table import CHECKS, carry_out
from kbnotes.kb.fresh import FreshIndex
from kbnotes.lock import locked
from kbnotes.model import Diagnosis, Finding, Repair
from kbnotes.store import Store

WAIT = 10.0  # seconds for the one who is writing
_STEADY = {
    "permissions",
    "foreign",
    "drafts",
    "topics",
    "searches",
    "linked",
}  # nothing that another kb does makes these


class Health:
    """Looks over one base, which may be damaged in any way. Writes nothing into it but by `mend`."""

    def __init__(self, base: Path, *, cache: Path) -> None:
        self._base = base
        self._cache = cache
        self._store = Store(base)
        self._memory = Memory(cache, base)
        self.warnings: list[str] = []

    def check(self) -> Diagnosis:
        """Carry out all checks, and remember what was seen for the next time."""
        before = self._memory.load()
        exam = self._examine(before)
        findings = carry_out(exam)
        if any(each.check not in _STEADY for each in findings):
            with self._quiet():  # another kb may have been in the middle of something
                exam = self._examine(before)
                findings = carry_out(exam)
        self._remember(exam, before, findings)
        return self._diagnosis(exam, findings)

    def mend(self) -> Diagnosis:
        """Repair what can be, then carry out all checks again. Raises StorageError."""
        repairs: list[Repair] = []
        if self._is_sound():
            with self._store.writing():
                exam = self._examine(self._memory.load())
                findings = carry_out(exam)
                repairs += repair(exam, findings)
            if any(each.check == "index" for each in findings):
                repairs.append(self._new_index())
        left = self.check()
        return Diagnosis(
            base=left.base,
            files=left.files,
            findings=left.findings,
            checks=left.checks,
            repairs=tuple(repairs),
        )

    def _examine(self, memory: dict[str, Seen]) -> Exam:
        index = Index(index_home(self._cache, self._base), self._store.entries)
        return Exam(store=self._store, index=index, survey=survey(self._base), memory=memory)

    def _remember(self, exam: Exam, before: dict[str, Seen], findings: tuple[Finding, ...]) -> None:
        suspects = {each.path for each in findings if each.check in ("damaged", "journal")}
        if why := self._memory.save(after(exam.survey, before, suspects=suspects)):
            self.warnings.append(f"kb doctor cannot remember what it saw, for the next time: {why}.")

    def _diagnosis(self, exam: Exam, findings: tuple[Finding, ...]) -> Diagnosis:
        return Diagnosis(
            base=str(self._base), files=len(exam.survey.files()), findings=findings, checks=CHECKS
        )

    def _is_sound(self) -> bool:
        """Tell whether there is a directory of entries to lock and to write to."""
        try:
            self._store.scan()
        except BaseError:
            return False
        return True

    @contextmanager
    def _quiet(self) -> Iterator[None]:
        """Hold the writer's lock if it can be had; a check needs none."""
        with ExitStack() as stack:
            if self._is_sound():
                try:
                    stack.enter_context(locked(self._store.entries, wait=WAIT))
                except (StorageError, OSError):
                    self.warnings.append("Another kb is writing; what it is at may show as a finding.")
            yield

    def _new_index(self) -> Repair:
        index = Index(index_home(self._cache, self._base), self._store.entries)
        try:
            with index.updating(wait=WAIT):
                index.discard()
            FreshIndex(self._store, self._cache).ask(lambda fresh: fresh.summaries())
        except (StorageError, UnusableIndexError) as error:
            return Repair(path="entries", said=f"has no new index yet: {error}")
        return Repair(path="entries", said="has a new index")
