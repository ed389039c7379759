"""An entry as a Markdown file of its own: front matter, then the body as it is."""

from __future__ import annotations

import re

from kbnotes.codec.emit import scalar
from kbnotes.codec.entry import field_lines, list_lines, when
from kbnotes.codec.reader import read_map
from kbnotes.model import Entry

RULE = "---\n"

# What Obsidian takes for a tag: letters, digits, `_`, `-` and `/` between them, and not digits only.
_NOT_IN_TAG = re.compile(r"[^\w/-]+")
_WORDS = {"+": "-plus", "#": "-sharp"}  # else c, c++ and c# would be one


def markdown_file(entry: Entry) -> str:
    """Return an entry as Markdown: in its front matter all that kb knows of it, below that its body."""
    extra = (entry.source.extra if entry.source else "") + entry.extra
    return RULE + "\n".join(field_lines(entry)) + "\n" + extra + RULE + entry.body


def obsidian_file(entry: Entry) -> str:
    """Return an entry as Obsidian likes it: its title an alias, and tags that Obsidian takes.

    Where those are not the entry's own, its own stand in `kb-tags`.
    """
    tags = tuple(dict.fromkeys(obsidian_tag(tag) for tag in entry.tags))
    taken = read_map(entry.extra, name="") if entry.extra else {}
    lines = [f"id: {entry.id}", f"title: {scalar(entry.title)}"]
    if "aliases" not in taken:
        lines += list_lines("aliases", (entry.title,), indent="")
    lines += list_lines("tags", tags, indent="")
    if tags != entry.tags and "kb-tags" not in taken:
        lines += list_lines("kb-tags", entry.tags, indent="")
    lines += [f"created: {when(entry.created)}", f"updated: {when(entry.updated)}"]
    return RULE + "\n".join(lines) + "\n" + entry.extra + RULE + entry.body


def obsidian_tag(tag: str) -> str:
    """Return a tag in letters that Obsidian takes for one: `c++` is `c-plus-plus`, `2.5d` is `2-5d`."""
    words = "".join(_WORDS.get(char, char) for char in tag.lstrip("#"))
    parts = [_NOT_IN_TAG.sub("-", part).strip("-") for part in words.split("/")]
    found = "/".join(part for part in parts if part) or "tag"
    return f"_{found}" if found.replace("/", "").isdecimal() else found
