"""Making and changing entries one by one."""

from __future__ import annotations

from datetime import datetime

from kbnotes.errors import InputError
from kbnotes.markdown import read_body
from kbnotes.model import Entry
from kbnotes.record import replace
from kbnotes.tagging import Tagger

UNTITLED = "Untitled"
MAX_TITLE = 500  # characters; a title is a line, not a text


def new_entry(
    body: str, *, entry_id: int, title: str, tags: tuple[str, ...], tagger: Tagger, now: datetime
) -> Entry:
    """Return a new entry: its title made from the text where none is given, the topics' tags behind `tags`.

    Raises InputError if there is no text.
    """
    text = clean_body(body)
    if not text.strip():
        raise InputError("There is no text, so nothing was added.")
    content = read_body(text)
    final = clean_title(title) or content.title or UNTITLED
    proposed = tagger.tags_for(replace(content, title=final))
    return Entry(
        id=entry_id,
        title=final,
        tags=tuple(dict.fromkeys((*tags, *proposed))),
        created=now,
        updated=now,
        body=text,
    )


def changed_entry(
    old: Entry, *, title: str | None, tags: tuple[str, ...] | None, body: str | None, now: datetime
) -> Entry:
    """Return `old` with what is not None replaced.

    A title that was made from the text follows a new text, unless a title is given; an empty one asks for
    the title to be made again. A body without text leaves the old one.
    """
    text = old.body if body is None or not body.strip() else _like(body, old.body)
    given = clean_title(title) if title is not None else old.title
    if given == " ".join(old.title.split()):
        automatic = read_body(old.body, marker=old.list_marker).title or UNTITLED
        given = "" if old.title == automatic else old.title
    final = given or read_body(text, marker=old.list_marker).title or UNTITLED
    new = replace(old, title=final, tags=old.tags if tags is None else tags, body=text)
    return new if new == old else replace(new, updated=now)


def clean_title(title: str) -> str:
    """Return a title on one line. Raises InputError for one over 500 characters."""
    line = " ".join(title.split())
    if len(line) > MAX_TITLE:
        raise InputError(f"The title is {len(line)} characters long; {MAX_TITLE} is the most.")
    return line


def clean_body(text: str) -> str:
    """Return a new entry's text with `\\n` line ends, without blank lines around it, ending in a newline."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "\ufffd").split("\n")
    while lines and not lines[0].strip():
        lines.pop(0)
    while lines and not lines[-1].strip():
        lines.pop()
    return "\n".join(lines) + "\n" if lines else ""


def _like(body: str, old: str) -> str:
    """Return an edited body; if only line ends at its end differ, those of the old one."""
    if body.rstrip("\n") == old.rstrip("\n"):
        return old
    return body
