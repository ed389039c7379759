"""What every command needs: where the base is, and the one door out."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from kbnotes.cli.answers import INDEXING, tell_broken
from kbnotes.config import Config, here, read_config
from kbnotes.record import mutable_record
from kbnotes.render import Output

if TYPE_CHECKING:
    from kbnotes.kb import KnowledgeBase


@mutable_record
class Session:
    """One run of kb."""

    base: Path | None = None  # what --base named

    def config(self) -> Config:
        """Return the configuration of this run."""
        return read_config(base=self.base, directory=here())

    @contextmanager
    def open(self, *, json: bool = False) -> Iterator[tuple[KnowledgeBase, Output]]:
        """Open the base; when the command is done, name the files in it that could not be read."""
        output = Output(sys.stdout, sys.stderr, json=json)
        from kbnotes.kb import open_base

        knowledge_base, is_new = open_base(self.config())
        if is_new:
            output.notice(f"Made a new knowledge base in {knowledge_base.base}.")
        knowledge_base.watch(output.progress(INDEXING))
        yield knowledge_base, output
        tell_broken(output, knowledge_base)
