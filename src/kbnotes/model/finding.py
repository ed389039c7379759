"""What `kb doctor` found in a base, and what it did about it."""

from __future__ import annotations

from typing import Literal

from kbnotes.record import record

Level = Literal["problem", "note"]


@record
class Check:
    """A named check, in words: docs/reference/doctor.md is checked against these."""

    name: str
    meaning: str  # what it means if it finds something
    cause: str  # how that comes about
    remedy: str  # what to do, and what --fix does


@record
class Finding:
    """Something that a check found: a problem, or a note of what is allowed but worth knowing."""

    level: Level
    path: str  # relative to the base, with "/"; "." for the base itself
    said: str  # what is wrong, as a sentence goes on behind the path; without a full stop
    hint: str = ""  # what to do about this very one, likewise
    check: str = ""  # the name of the check


@record
class Repair:
    """Something that --fix did."""

    path: str  # relative to the base
    said: str  # as in Finding


@record
class Diagnosis:
    """The findings of all checks, in the order of the checks."""

    base: str  # absolute
    files: int  # how many were read
    findings: tuple[Finding, ...]
    checks: tuple[Check, ...]  # all there are, in their order
    repairs: tuple[Repair, ...] = ()  # what was done before; `findings` are what is left

    @property
    def problems(self) -> tuple[Finding, ...]:
        """The findings that make the exit code 1."""
        return tuple(each for each in self.findings if each.level == "problem")

    @property
    def notes(self) -> tuple[Finding, ...]:
        """The findings that do not."""
        return tuple(each for each in self.findings if each.level == "note")

    @property
    def found(self) -> tuple[Check, ...]:
        """The checks that found something."""
        names = {each.check for each in self.findings}
        return tuple(check for check in self.checks if check.name in names)
