"""Lines as CommonMark counts them: `\\n`, `\\r\\n` and `\\r` end one, and nothing else does."""

from __future__ import annotations

import re

from kbnotes.markdown.parser import block_tokens

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+\Z")
_LEADING = re.compile(r"[ \t]*")


def lines_of(text: str) -> list[str]:
    """Return the lines of `text` with their ends; unlike str.splitlines, a form feed or U+2028 ends none."""
    return _LINE.findall(text)


def newline_of(text: str) -> str | None:
    """Return the one line ending that `text` uses, "\\n" where it has none, or None where they are mixed."""
    crlf = text.count("\r\n")
    found = [("\r\n", crlf), ("\r", text.count("\r") - crlf), ("\n", text.count("\n") - crlf)]
    used = [ending for ending, count in found if count]
    return None if len(used) > 1 else used[0] if used else "\n"


def dedent(body: str, marker: str) -> str:
    """Return `body` with the indentation taken off that only its list marker asked for.

    CommonMark 5.2: the lines of a list item are indented by the width of its marker. The first line of a
    body has lost its marker already; the others lose up to that many columns, as far as the item reaches:
    a code fence behind it, at the margin, keeps the indentation of its lines.
    """
    width = len(marker.expandtabs(4))
    if not width:
        return body
    first, *rest = lines_of(body) or [""]
    inside = _lines_of_item(marker + body) - 1
    lines = [first]
    for line in rest[:inside]:
        bare = _without(line, width)
        # Behind a lone carriage return, a line feed left by itself would make one line end of two.
        lines.append(f" {bare}" if bare == "\n" and lines[-1].endswith("\r") else bare)
    return "".join(lines + rest[inside:])


def _lines_of_item(text: str) -> int:
    """Return how many lines the list item with which `text` begins has, for CommonMark; at least one."""
    item = next((token for token in block_tokens(text) if token.type == "list_item_open"), None)
    return item.map[1] if item and item.map and item.map[0] == 0 else 1


def _without(line: str, width: int) -> str:
    leading = _LEADING.match(line)
    at = leading.end() if leading else 0
    if "\t" in line[:at]:
        columns = len(line[:at].expandtabs(4))
        return " " * max(columns - width, 0) + line[at:]
    return line[min(at, width) :]
