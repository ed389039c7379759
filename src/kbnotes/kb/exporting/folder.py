"""Entries -> files of a directory, under names that every system takes."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from pathlib import PurePosixPath

from kbnotes import codec
from kbnotes.model import Entry
from kbnotes.store.names import file_name

MAX_BYTES = 180  # of a name without its ending; file systems take 255, and those that encrypt 143 characters
MAX_CHARS = 100

# What Windows does not take in a name, what ends or begins a link in Obsidian, and what nobody sees.
_BAD = re.compile(r'[\\/:*?"<>|#^\[\]]')
_HIDDEN = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
_RESERVED = re.compile(r"(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9¹²³])(?:\..*)?", re.IGNORECASE)


def markdown_files(entries: Sequence[Entry]) -> Iterator[tuple[str, str]]:
    """Yield the name and the content of each entry's file: `0018-kv-cache.md`."""
    yield from _files(entries, _numbered_name, codec.markdown_file)


def obsidian_files(entries: Sequence[Entry]) -> Iterator[tuple[str, str]]:
    """Yield the name and the content of each entry's file: `KV cache.md`."""
    yield from _files(entries, lambda entry: safe_name(entry.title), codec.obsidian_file)


def safe_name(title: str) -> str:
    """Return a title as the name of a file, without its ending; "" where nothing of it can stand in one."""
    shown = (" " if unicodedata.category(char) in _HIDDEN else char for char in _BAD.sub(" ", title))
    name = _cut(unicodedata.normalize("NFC", " ".join("".join(shown).split())).lstrip("."))
    return f"{name}_" if _RESERVED.fullmatch(name) else name


def _cut(name: str) -> str:
    name = name[:MAX_CHARS].encode()[:MAX_BYTES].decode(errors="ignore")
    return name.strip(" .")


def _numbered_name(entry: Entry) -> str:
    return PurePosixPath(file_name(entry.id, entry.title)).stem


def _files(
    entries: Sequence[Entry], name_of: Callable[[Entry], str], content_of: Callable[[Entry], str]
) -> Iterator[tuple[str, str]]:
    taken: set[str] = set()
    for entry in entries:
        name = name_of(entry) or f"Entry {entry.id}"
        for other in (name, f"{name} {entry.id}", *(f"{name} {entry.id} {at}" for at in range(2, 10_000))):
            if (key := _key(other)) not in taken:
                taken.add(key)
                yield f"{other}.md", content_of(entry)
                break


def _key(name: str) -> str:
    """Return what names have in common that some file system takes for one."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())
