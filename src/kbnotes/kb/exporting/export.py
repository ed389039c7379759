"""Which form an export takes, what it is made of, and where it goes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from kbnotes import codec
from kbnotes.config import MARKER
from kbnotes.errors import FormatError, UsageError
from kbnotes.kb.exporting import writing
from kbnotes.kb.fresh import read_topics
from kbnotes.model import Entry, Exported, Form
from kbnotes.tagging import implied_by

DIRECTORIES: tuple[Form, ...] = ("md", "obsidian")

_BY_ENDING: dict[str, Form] = {
    ".json": "json",
    ".jsonl": "jsonl",
    ".csv": "csv",
    ".html": "html",
    ".htm": "html",
    ".md": "numbered",
    ".markdown": "numbered",
}


def form_of(target: str) -> Form:
    """Return the form that the name of a file or directory asks for; "-" is standard output.

    Raises UsageError for a name that asks for none.
    """
    if target == "-":
        return "numbered"
    path = Path(target)
    if target.endswith("/") or path.is_dir():
        return "md"
    form = _BY_ENDING.get(path.suffix.lower())
    if form is None:
        raise UsageError(
            f"{target!r} does not say in which form to export.",
            hint="end it in .md, .json, .jsonl, .csv, .html or /, or say -f FORM",
        )
    return form


class Export:
    """The entries that an export is made of, in one form. `warnings` says what is not as one might expect."""

    def __init__(self, entries: Sequence[Entry], *, form: Form, base: Path) -> None:
        self.entries = entries
        self.warnings: tuple[str, ...] = ()
        self._form = form
        self._base = base

    def _implied(self) -> dict[str, frozenset[str]]:
        """Return for each tag those that imply it; none where the topics cannot be read."""
        try:
            return dict(implied_by(read_topics(self._base / MARKER)))
        except FormatError:
            return {}

    def pieces(self) -> Iterator[str]:
        """Yield the content of the one file. Raises UsageError for a form that is a directory."""
        match self._form:
            case "json":
                yield from codec.json_document(self.entries)
            case "jsonl":
                yield from codec.json_lines(self.entries)
            case "csv":
                yield from codec.csv_table(self.entries)
            case "html":
                from kbnotes.kb.exporting.page import page

                title = self._base.resolve().name or "Notes"
                yield from page(self.entries, title=title, implied=self._implied())
            case "numbered":
                from kbnotes.kb.exporting.numbered import numbered

                text, self.warnings = numbered(self.entries)
                yield text
            case _:
                raise UsageError(f"{self._form} is a directory of files.", hint="name one with --to DIR")

    def write(
        self, target: Path, *, overwrite: bool, progress: Callable[[int, int], None] | None = None
    ) -> Exported:
        """Write the file or directory. Raises InputError, or StorageError with what was there unharmed."""
        writing.check_not_of_base(target, self._base)
        if self._form not in DIRECTORIES:
            content = "".join(self.pieces()).encode()
            return writing.write_file(target, content, entries=len(self.entries), overwrite=overwrite)
        from kbnotes.kb.exporting.folder import markdown_files, obsidian_files

        files = (markdown_files if self._form == "md" else obsidian_files)(self.entries)
        return writing.write_directory(target, files, overwrite=overwrite, progress=progress)
