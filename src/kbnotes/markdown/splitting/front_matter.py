"""Front matter: `---`, `key: value` lines, `---` at the top of a file."""

from __future__ import annotations

import re

_KEY = re.compile(r"[\"']?\w[\w -]*[\"']?[ \t]*:(?:[ \t\r\n]|\Z)")
_MORE = re.compile(r"[ \t\]}]|-[ \t]")  # a value that goes on: indented, a list, a closing bracket
_MOST_LINES = 500


def front_matter_lines(lines: list[str]) -> int:
    """Return how many lines at the top are front matter: `---`, `key: value` lines, `---`.

    Front matter is no entry, so a doubt keeps the text: with one line at the margin that YAML would not have,
    as between two horizontal rules, and it is none.
    """
    if not lines or lines[0].rstrip() != "---":
        return 0
    for at, line in enumerate(lines[1:_MOST_LINES], 1):
        if line.rstrip() in ("---", "..."):
            return at + 1 if _is_front_matter(lines[1:at]) else 0
    return 0


def _is_front_matter(inside: list[str]) -> bool:
    text = [line for line in inside if line.strip()]
    told = [line for line in text if not line.startswith("#")]  # a remark, or a heading between two rules
    if not told:
        return not text
    values = (_KEY.match(line) or _MORE.match(line) for line in told)
    return bool(_KEY.match(told[0])) and all(values)
