"""What most tests need: a real base in a temporary directory, and a HOME of their own."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from kbnotes.kb import KnowledgeBase, create_base

ROOT = Path(__file__).resolve().parent.parent
OF_THE_PERSON = ("VISUAL", "EDITOR", "NO_COLOR", "FORCE_COLOR", "COLUMNS")
SEED = ROOT / "notes" / "notes.md"


@pytest.fixture(autouse=True, scope="session")
def _signals_as_in_a_terminal() -> None:
    """Undo what nohup, or a shell that runs this in the background, has made every child ignore."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    if hasattr(signal, "SIGHUP"):
        signal.signal(signal.SIGHUP, signal.SIG_DFL)


@pytest.fixture(autouse=True)
def _own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Give every test a HOME and XDG directories of its own, and no setting of the person who runs it."""
    for name in list(os.environ):
        if name.startswith(("KB_", "XDG_")) or name in OF_THE_PERSON:
            monkeypatch.delenv(name)
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))


@pytest.fixture
def base(tmp_path: Path) -> KnowledgeBase:
    """An empty knowledge base."""
    create_base(tmp_path / "base")
    return KnowledgeBase(tmp_path / "base", cache=tmp_path / "cache")


@pytest.fixture
def seeded(base: KnowledgeBase) -> KnowledgeBase:
    """A knowledge base with the 20 entries of the user's file."""
    base.import_file(SEED)
    return base
