"""One base of the user's notes for all tests that only ask."""

from __future__ import annotations

import pytest

from kbnotes.kb import KnowledgeBase, create_base
from tests.conftest import SEED


@pytest.fixture(scope="session")
def notes(tmp_path_factory: pytest.TempPathFactory) -> KnowledgeBase:
    """The 20 entries of the user's file. Shared: don't change it."""
    place = tmp_path_factory.mktemp("notes")
    create_base(place / "base")
    base = KnowledgeBase(place / "base", cache=place / "cache")
    base.import_file(SEED)
    return base
