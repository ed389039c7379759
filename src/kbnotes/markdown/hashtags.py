"""`#tags` in running text, by Obsidian's rules: letters, digits, `_`, `-`, `/`; not only digits."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kbnotes.markdown.inline import Inline

_TAG = re.compile(r"(?:(?<=[\s(\[（,;])|^)#([\w/-]+)(?![\w#])")
_COLOUR = re.compile(r"(?=.*\d)[0-9a-f]{3}(?:[0-9a-f]{3})?(?:[0-9a-f]{2})?|([0-9a-f])\1{2}(?:\1{3})?", re.I)


def hashtags_in(inline: Inline) -> Iterator[str]:
    """Yield the tags of a paragraph without their `#`; what stands in code or a link is none."""
    if "#" not in inline.text:
        return
    closed = [(span.start, span.end) for span in inline.spans if span.kind != "emphasis"]
    for found in _TAG.finditer(inline.text):
        tag = found[1].strip("/-")
        if not any(char.isalpha() for char in tag) or _COLOUR.fullmatch(tag):
            continue
        if not any(start <= found.start() < end for start, end in closed):
            yield tag
