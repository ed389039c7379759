"""A progress bar for what takes longer than a moment."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from rich.progress import Progress

PATIENCE = 0.5  # seconds before a bar appears: a flash of one is noise


_drawn: list[Progress] = []  # the bars that are on the screen


def stop() -> None:
    """Take what bars there are off the screen: an interruption leaves them there, and the cursor hidden."""
    while _drawn:
        _drawn.pop().stop()


class ProgressBar:
    """Called with what is done and of how many; the bar goes when all is done."""

    def __init__(self, stream: TextIO, label: str) -> None:
        self._stream = stream
        self._label = label
        self._started = time.monotonic()
        self._progress: Progress | None = None

    def __call__(self, done: int, total: int) -> None:
        if self._progress is None and time.monotonic() - self._started > PATIENCE and done < total:
            from rich.console import Console
            from rich.progress import Progress

            self._progress = Progress(console=Console(file=self._stream), transient=True)
            self._progress.add_task(self._label, total=total)
            self._progress.start()
            _drawn.append(self._progress)
        if self._progress is not None:
            self._progress.update(self._progress.task_ids[0], completed=done)
            if done >= total:
                stop()
