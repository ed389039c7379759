"""A base that kb finds because the test stands in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.console import kb


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty knowledge base, and the working directory."""
    directory = tmp_path / "here"
    directory.mkdir()
    monkeypatch.chdir(directory)
    kb("init")
    return directory


@pytest.fixture
def bread(here: Path) -> Path:
    """A knowledge base, the working directory, with three entries."""
    kb("add", "_Sourdough_ rises slowly.", "-t", "bread")
    kb("add", "_Rye bread_ wants a hot oven.", "-t", "bread")
    kb("add", "The mill is closed on Mondays.")
    return here
