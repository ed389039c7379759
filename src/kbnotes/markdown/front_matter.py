"""The front matter of a Markdown file: where it ends, and what in it is worth finding."""

from __future__ import annotations

import re

from kbnotes.markdown.lines import lines_of
from kbnotes.markdown.splitting.front_matter import front_matter_lines

_TIMES = ("date", "created", "updated", "modified")
_KEY = re.compile(r"[\"']?(\w[\w -]*)[\"']?[ \t]*:(?:[ \t]+|$)")


def front_matter_of(text: str) -> str:
    """Return the front matter with which `text` begins, its `---` lines included; "" where there is none."""
    if not text.startswith("---"):
        return ""
    lines = lines_of(text)
    return "".join(lines[: front_matter_lines(lines)])


def words_of(front_matter: str) -> str:
    """Return what front matter says without its keys and times, for a search to find."""
    said = []
    for line in front_matter.split("\n")[1:]:
        key = _KEY.match(line)
        if key and key[1].strip().lower() in _TIMES:
            continue
        text = (line[key.end() :] if key else line).strip().removeprefix("- ").strip("[]\"'>| ")
        if text.strip("-. "):
            said.append(text)
    return "\n".join(said)
