"""Saved searches: queries with a name, in a file of the base that people may edit, too."""

from __future__ import annotations

from pathlib import Path

from kbnotes.errors import UsageError
from kbnotes.kb.beside import read_text
from kbnotes.store import Store, files

SEARCHES = "searches.yaml"


def read_searches(base: Path) -> dict[str, str]:
    """Return the text of each saved search by its name. Raises FormatError if the file is wrong."""
    from kbnotes.codec import decode_searches

    return decode_searches(read_text(base / SEARCHES), name=SEARCHES)


class SavedSearches:
    """The part of a knowledge base that knows queries by name; capitals in a name make no difference."""

    base: Path
    _store: Store

    def save_search(self, name: str, text: str) -> None:
        """Give a query a name, in place of one that has it. Raises UsageError for what is no name."""
        query = " ".join(text.encode("utf-8", "replace").decode().split())
        if not query:
            raise UsageError("There is nothing to save.", hint='kb search --save hw "tag:hardware -tag:ml"')
        self._edit(_name(name), query)

    def forget_search(self, name: str) -> None:
        """Forget a saved search. Raises UsageError if there is none of that name."""
        self._edit(_name(name), None)

    def _edit(self, name: str, query: str | None) -> None:
        from kbnotes.codec import edit_searches

        path = self.base / SEARCHES
        with self._store.writing():
            before = read_text(path)
            if query is None and name not in read_searches(self.base):
                raise UsageError(f"There is no saved search “{name}”.", hint="`kb search --saved` lists them")
            after = edit_searches(before, name=SEARCHES, search=name, query=query)
            if after != before:
                with files.writing(path):
                    files.replace(path, after.encode())


def _name(text: str) -> str:
    from kbnotes.codec import search_name

    name = search_name(text)
    if name is None:
        raise UsageError(
            f"{text!r} cannot be the name of a search.", hint="a name is letters, digits, - and _ only: hw"
        )
    return name
