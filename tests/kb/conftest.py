"""A copy of the user's entries for each test: importing them anew would take most of the time."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from kbnotes.kb import KnowledgeBase, create_base
from tests.conftest import SEED


@pytest.fixture(scope="session")
def imported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A base with the 20 entries of the user's file, to be copied."""
    place = tmp_path_factory.mktemp("imported")
    create_base(place / "base")
    KnowledgeBase(place / "base", cache=place / "cache").import_file(SEED)
    return place / "base"


@pytest.fixture
def seeded(imported: Path, tmp_path: Path) -> KnowledgeBase:
    """A base of the 20 entries, to do anything with."""
    shutil.copytree(imported, tmp_path / "base")
    return KnowledgeBase(tmp_path / "base", cache=tmp_path / "cache")
