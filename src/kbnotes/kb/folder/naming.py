"""What the names of files and folders say: a title, a tag."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from kbnotes.codec import tag_of

MAX_WORDS = 3  # of a folder's name that is a tag
_BEFORE = re.compile(r"\d{4}-?\d\d-?\d\d(?:-?\d{4,6})?[ _-]+")  # the day of a post, the time of a zettel
_ORDER = re.compile(r"\d{1,3}[ ._-]+")  # `01 - Projects`
_SAYS = re.compile(r"[^\W\d_]{3}|[^\W\d_\x00-\x7f]")
_BLANKS = re.compile(r"[\s_]+")
_NO_TITLE = re.compile(r"(?:untitled|readme|index|notes?|todo)(?: \d+)?")
_NO_CATEGORY = frozenset(
    """archive archives archived asset assets attachment attachments content daily doc docs draft drafts
    files general image images img inbox journal media misc note notes other others page pages pics pictures
    post posts public resources root screenshots source src static template templates tmp unsorted untitled
    vault wiki zettel zettelkasten""".split()
)


def title_in(path: str) -> str:
    """Return the title that a note's file name is, or "" if it says nothing: an id, a day, `README`."""
    stem = _BEFORE.sub("", PurePosixPath(path).stem.strip(), count=1)
    title = _readable(stem)
    return title if _SAYS.search(stem) and not _NO_TITLE.fullmatch(title.lower()) else ""


def tag_in(path: str) -> str:
    """Return the tag that a note's folder is, that one level below the root; "" if it is no category."""
    first, slash, _ = path.partition("/")
    name = _ORDER.sub("", first, count=1)
    if not slash or (not _SAYS.search(name + "   ") and len(name) > 2):
        return ""
    tag = tag_of(name)
    words = tag.replace("_", "-").split("-")
    return "" if tag in _NO_CATEGORY or len(words) > MAX_WORDS or not tag[:1].isalpha() else tag


def _readable(stem: str) -> str:
    """Return a name as a person writes it; one with blanks is that already."""
    if " " in stem:
        return _BLANKS.sub(" ", stem).strip()
    words = _BLANKS.sub(" ", stem.replace("-", " ")).strip()
    return words[:1].upper() + words[1:]
