"""Opening the base that the configuration leads to, and making one."""

from __future__ import annotations

from pathlib import Path

from kbnotes.config import MARKER, Config, find_base
from kbnotes.kb.knowledge_base import KnowledgeBase
from kbnotes.store import Store, files


def open_base(config: Config) -> tuple[KnowledgeBase, bool]:
    """Return the knowledge base that `config` leads to, and whether it was made just now."""
    directory, is_new = find_base(config)
    if is_new:
        create_base(directory)
    return KnowledgeBase(directory, cache=config.cache, language=config.language), is_new


def create_base(directory: Path) -> bool:
    """Make `directory` a knowledge base; what it has already stays. Return whether anything was missing."""
    from importlib.resources import files as package_files

    entries, topics = directory / "entries", directory / MARKER
    if entries.is_dir() and topics.is_file():
        return False
    with files.writing(directory):
        directory.parent.mkdir(parents=True, exist_ok=True)
        if not directory.is_dir():
            files.make_directory(directory)
        files.make_directory(entries)
        if not topics.exists():
            files.create(topics, (package_files("kbnotes") / "data" / MARKER).read_bytes())
    store = Store(directory)
    with store.writing():
        store.commit("init", [], sources=store.states_of([MARKER]))
    return True
