"""Entries -> one HTML page to read and search, which needs nothing but itself."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import escape
from importlib.resources import files as package_files

from kbnotes.markdown import to_html
from kbnotes.model import Entry

Implied = Mapping[str, frozenset[str]]

_SLOT = re.compile("@([A-Z_]+)@")


def page(
    entries: Sequence[Entry], *, title: str, language: str = "en", implied: Implied | None = None
) -> Iterator[str]:
    """Yield the page. Its policy lets run no script but its own, and load nothing at all.

    `implied` has for each tag those that imply it: a tag that is clicked finds their entries, too.
    """
    style, script = _part("page.css"), _part("page.js")
    above = {entry.id: _above(entry, implied or {}) for entry in entries}
    counts = Counter(tag for entry in entries for tag in {*entry.tags, *above[entry.id]})
    changed = max((entry.updated for entry in entries), default=None)
    slots: dict[str, Iterable[str]] = {
        "LANGUAGE": [escape(language)],
        "TITLE": [escape(title)],
        "STYLE": [style],
        "STYLE_HASH": [_policy_hash(style)],
        "SCRIPT": [script],
        "SCRIPT_HASH": [_policy_hash(script)],
        "COUNTED": [f"{len(entries):,} {'entry' if len(entries) == 1 else 'entries'}"],
        "TAGS": [
            _tag(tag, count) for tag, count in sorted(counts.items(), key=lambda each: (-each[1], each[0]))
        ],
        "ENTRIES": (_article(entry, above[entry.id]) for entry in entries),
        "FOOTER": [f"Last changed on {changed:%Y-%m-%d}. " if changed else "", "Made with kb."],
    }
    last = 0
    template = _part("page.html")
    for slot in _SLOT.finditer(template):
        yield template[last : slot.start()]
        yield from slots[slot[1]]
        last = slot.end()
    yield template[last:]


def _part(name: str) -> str:
    return (package_files("kbnotes") / "data" / name).read_text("utf-8")


def _policy_hash(text: str) -> str:
    """Return the name by which a Content-Security-Policy lets one text through (CSP 3, 2.3.1)."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _above(entry: Entry, implied: Implied) -> list[str]:
    """Return the tags that an entry's own imply, and that it does not have."""
    own = {*entry.tags}
    return sorted(tag for tag, below in implied.items() if tag not in own and not own.isdisjoint(below))


def _article(entry: Entry, above: list[str]) -> str:
    implied = f' data-implied="{escape(json.dumps(above))}"' if above else ""
    tags = "".join(_tag(tag) for tag in dict.fromkeys(entry.tags))
    title = escape(" ".join(entry.title.split())) or "Untitled"
    return (
        f'<article id="{entry.id}" aria-labelledby="t{entry.id}"{implied}>'
        f'<h2 id="t{entry.id}"><a href="#{entry.id}">{title}</a></h2>'
        f'<p class="about"><span>#{entry.id}</span>'
        f'<time datetime="{entry.updated:%Y-%m-%d}">{entry.updated:%Y-%m-%d}</time>{tags}</p>'
        f'<div class="body">{to_html(entry.body, marker=entry.list_marker)}</div></article>\n'
    )


def _tag(tag: str, count: int = 0) -> str:
    shown, small = escape(tag), f" <small>{count:,}</small>" if count else ""
    return (
        f'<button type="button" class="tag" data-tag="{shown}" aria-pressed="false">{shown}{small}</button>'
    )
