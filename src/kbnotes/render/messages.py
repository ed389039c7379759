"""What a person is told beside the results: notices, warnings, errors, and how far a work is."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TextIO

from kbnotes.errors import FormatError, KbError
from kbnotes.render.safe import safe, safe_line

if TYPE_CHECKING:
    from kbnotes.render.screen import Screen

SHORT = 60  # characters: a notice of no more is not laid out, which would bring Rich
MAX_BROKEN = 5  # unreadable files named one by one


class Messages:
    """Everything but results, to `err`; a program that asked for JSON is told errors only."""

    def __init__(self, out: TextIO, err: TextIO, *, json: bool = False) -> None:
        self.json = json
        self._out = out
        self._err = err

    def notice(self, text: str) -> None:
        """Tell the person something; programs that asked for JSON find it in the JSON."""
        if self.json:
            return
        line = safe_line(text)
        if len(line) > SHORT and self._err.isatty():
            from kbnotes.render.line import Line

            self._screen(self._err).paragraph(Line(line), indent=0)
        else:
            self._err.write(line + "\n")

    def warning(self, text: str) -> None:
        """Tell the person of something that needs them."""
        if not self.json:
            self._said(("warning: ", "kb.warning"), safe_line(text))

    def broken(self, files: Mapping[str, str]) -> None:
        """Say which files could not be read; a program is told in the form of errors."""
        if self.json:
            for said in files.values():
                self.error(FormatError(said, hint="the file is kept as it is"))
            return
        for said in list(files.values())[:MAX_BROKEN]:
            self.warning(f"{said} The file is kept as it is.")
        if len(files) > MAX_BROKEN:
            self.warning(f"{len(files) - MAX_BROKEN} more files could not be read.")

    def error(self, problem: KbError) -> None:
        """Say what went wrong, in a sentence and a hint, or as JSON."""
        if self.json:
            from kbnotes.render import as_json

            self._err.write(as_json.dump(as_json.error(problem)) + "\n")
            return
        self._said(("kb: ", "kb.error"), safe(problem.message))
        if problem.hint:
            self._said(("hint: ", "kb.dim"), safe(problem.hint))

    def traceback(self, text: str) -> None:
        """Write where an error came from, for --debug."""
        self._err.write(safe(text))

    def progress(self, label: str) -> Callable[[int, int], None] | None:
        """Return what draws a progress bar on `err`, or None where no person would see it."""
        if self.json or not self._err.isatty():
            return None
        from kbnotes.render.progress import ProgressBar

        return ProgressBar(self._err, safe_line(label))

    @staticmethod
    def end_progress() -> None:
        """Take a progress bar off the screen that was not finished."""
        if bars := sys.modules.get("kbnotes.render.progress"):
            bars.stop()

    def _said(self, lead: tuple[str, str], text: str) -> None:
        """Write a message to `err`, broken between words where it is wider than the terminal."""
        from kbnotes.render.line import Line

        screen = self._screen(self._err)
        for at, line in enumerate(text.split("\n")):
            screen.paragraph(Line.assemble(*(() if at else (lead,)), line), indent=0)

    def _json(self, value: dict[str, Any]) -> None:
        from kbnotes.render import as_json

        self._out.write(as_json.dump(value) + "\n")

    def _screen(self, stream: TextIO) -> Screen:
        from kbnotes.render.screen import Screen

        return Screen(stream)
