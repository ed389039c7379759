"""What the editor shows: title and tags between two `---` lines, then the body.

The header is read line by line and not as YAML: what stands behind `title:` is the title, whatever it holds.
"""

from __future__ import annotations

from dataclasses import dataclass

from kbnotes.codec.tags import clean_tags
from kbnotes.errors import FormatError, InputError

_RULE = "---"
_HELP = (
    "# Below the second line of dashes comes the entry, in Markdown. An empty title is made from the text;\n"
    "# tags are divided by commas. Nothing is saved if you leave this unchanged.\n"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """An entry on its way through an editor; a part that the header does not name is None."""

    title: str | None
    tags: tuple[str, ...] | None
    body: str


def write_draft(draft: Draft) -> str:
    """Return the text to open in the editor."""
    title = f"title: {draft.title or ''}".rstrip()
    tags = f"tags: {', '.join(draft.tags or ())}".rstrip()
    return f"{_RULE}\n{_HELP}{title}\n{tags}\n{_RULE}\n{draft.body}"


def read_draft(text: str, *, name: str) -> Draft:
    """Return what the editor left. Without a header, all of it is the body.

    Raises FormatError, naming `name` and the line, where there is a header that cannot be read.
    """
    lines = text.removeprefix("\ufeff").split("\n")
    start = next((i for i, line in enumerate(lines) if line.strip()), 0)
    if lines[start].rstrip() != _RULE:
        return Draft(title=None, tags=None, body=text)
    end = next((i for i, line in enumerate(lines) if i > start and line.rstrip() == _RULE), None)
    if end is None:
        raise FormatError(f"{name}: the header has no closing `---` line.")
    header = _header(lines[:end], start + 1, name)
    tags = None
    if "tags" in header:
        at, value = header["tags"]
        try:
            tags = clean_tags([value.removeprefix("[").removesuffix("]")])
        except InputError as error:
            raise FormatError(f"{name}, line {at}: {error.message}", hint=error.hint) from None
    title = header["title"][1] if "title" in header else None
    return Draft(title=title, tags=tags, body="\n".join(lines[end + 1 :]))


def _header(lines: list[str], start: int, name: str) -> dict[str, tuple[int, str]]:
    """Return line number and value of each key of the header, which begins at `lines[start]`."""
    found: dict[str, tuple[int, str]] = {}
    for at, line in enumerate(lines[start:], start + 1):
        key, colon, value = line.partition(":")
        key = key.strip()
        if not line.strip() or line.startswith("#"):
            continue
        if not colon or key not in ("title", "tags") or key in found:
            said = (
                f"the key {key!r} stands twice"
                if key in found
                else f"{line.strip()[:40]!r} is no header line"
            )
            raise FormatError(
                f"{name}, line {at}: {said}.",
                hint="the header holds `title:` and `tags:`; the text belongs below the second ---",
            )
        found[key] = (at, value.strip())
    return found
