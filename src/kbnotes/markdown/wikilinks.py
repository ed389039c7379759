"""`[[Note]]`, `[[Note#Heading|shown]]` and `![[picture.png]]`, as wikis link: a rule for markdown-it."""

from __future__ import annotations

import re
from collections.abc import Callable

from markdown_it import MarkdownIt
from markdown_it.common.utils import normalizeReference
from markdown_it.rules_inline import StateInline

# No blank beside the brackets (`[[ -f x ]]` is a shell's test), no `](` behind them (a link of Markdown).
_WIKI = re.compile(r"!?\[\[(?![\s^])([^\[\]\n|]*)(?:\|([^\[\]\n]*))?(?<!\s)\]\](?![(\[])")
_NAMES = re.compile(r"[^\W\d_]|\d{6}")  # a name has a letter or is a long number; `[[1, 2]]` is a matrix


def with_wikilinks(parser: MarkdownIt, *, with_target: bool) -> MarkdownIt:
    """Teach `parser` wiki links. Their address is `[[Note]]`, or "" where it must lead nowhere."""
    parser.inline.ruler.before("link", "wikilink", _rule(with_target=with_target))
    return parser


def shown_text(target: str, label: str | None) -> str:
    """Return what stands for a wiki link in running text."""
    if label and label.strip():
        return label.strip()
    note, _, heading = target.partition("#")
    return " > ".join(part for part in (note.strip(), *heading.lstrip("^").split("#")) if part)


def _rule(*, with_target: bool) -> Callable[[StateInline, bool], bool]:
    def rule(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 (markdown-it's signature)
        if not state.src.startswith(("[[", "![["), state.pos):
            return False
        found = _WIKI.match(state.src, state.pos, state.posMax)
        if not found or not _NAMES.search(found[1]) or _is_reference(state, found[1]):
            return False
        target = found[1].rstrip("\\").strip()  # in a table the bar is written `\|`
        if not silent:
            opening = state.push("link_open", "a", 1)
            opening.attrs = {"href": f"[[{target}]]" if with_target else ""}
            state.push("text", "", 0).content = shown_text(target, found[2])
            state.push("link_close", "a", -1)
        state.pos = found.end()
        return True

    return rule


def _is_reference(state: StateInline, label: str) -> bool:
    """Tell whether the inner brackets are a link of Markdown, defined elsewhere in the text."""
    return normalizeReference(label) in state.env.get("references", {})
