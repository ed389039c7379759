"""What Whoosh stores of an entry, and how."""

from __future__ import annotations

import json
import struct
import sys
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import unquote

import whoosh
from whoosh import fields

from kbnotes.index.acronyms import acronyms_in
from kbnotes.index.analysis import pairs, words
from kbnotes.index.initials import initials_of
from kbnotes.index.language import Language
from kbnotes.index.places import Carried, Counted, Placed
from kbnotes.model import Document, Summary
from kbnotes.text import tag_key

# Raise the first number whenever the schema, the analysis or what is stored changes: indexes of another
# stamp are thrown away and rebuilt.
STAMP = (
    f"10;whoosh {whoosh.versionstring()};unicode {unicodedata.unidata_version};python {sys.version_info[1]}"
)
GAP_SIZE = 100  # places between two texts in one field, so that nothing stands side by side across them
DERIVED = 0.25  # of a title's weight where kb made it of the text's own beginning
_FACTS = struct.Struct("<qqqBI")
LINK, CODE, TAG, BROKEN = 1, 2, 4, 8


def make_schema() -> fields.Schema:
    """Return the schema."""
    return fields.Schema(
        name=fields.ID(unique=True, stored=True),
        facts=Carried(),  # what filters and orders ask for
        tag=Counted(),  # tags as keys
        text=Placed(),  # stems: the body, then the title, then the labels
        title=Placed(),  # stems
        labels=Counted(),  # stems of tags, emphasised terms and the headings above
        url=Placed(),  # stems
        exact=Counted(),  # all words as they are spelled: the vocabulary
        initials=Counted(),  # of titles, terms, links and names
        acronym=Counted(),  # `tage>tagged geometric length predictor`, as the entry explains it
        stored=fields.STORED(),
    )


class Facts(NamedTuple):
    """What filters and orders ask of an entry."""

    id: int
    created: int  # seconds since 1970, UTC
    updated: int
    traits: int  # LINK, CODE, TAG and BROKEN, added up
    body_words: int  # places of the field `text` that belong to the body: those from 0 up to this

    @staticmethod
    def of(packed: bytes) -> Facts:
        """Return the facts that a posting carries."""
        return Facts(*_FACTS.unpack(packed))


class _Counting:
    """Words of one document, counted and placed."""

    def __init__(self, language: Language) -> None:
        self._language = language
        self.exact: Counter[str] = Counter()
        self._seen: set[str] = set()

    def placed(self, texts: Iterable[str]) -> tuple[dict[str, list[int]], int]:
        """Return {stem: places} of several texts with a gap between them, and the places of the first."""
        places: defaultdict[str, list[int]] = defaultdict(list)
        start = end = 0
        first: int | None = None
        for text in texts:
            found = list(words(text))
            for word in found:
                at = start + word.pos
                terms = (*self._language.forms(word), *word.parts)
                for term in dict.fromkeys((*terms, word.signed) if word.signed else terms):
                    places[term].append(at)
                end = at + 1
                self.exact.update(form for form in (word.text, word.signed, word.dashed) if form)
                self.exact.update(word.parts)
            for pair, at in pairs(found):
                places[pair].append(start + at)
            first = end if first is None else first
            start = end + GAP_SIZE
        return places, first or 0

    def counted(self, texts: Iterable[str]) -> Counter[str]:
        """Return {stem: count} of several texts."""
        return Counter(
            form
            for text in texts
            for word in words(text)
            for form in (*self._language.forms(word), *word.parts)
        )


def to_fields(document: Document, language: Language) -> dict[str, Any]:
    """Return the field values of one document."""
    entry, content = document.entry, document.content
    # A part of an address may be looked for as %20 or as a blank.
    urls = tuple(dict.fromkeys(form for link in content.links for form in (unquote(link.url), link.url)))
    headings = entry.source.section if entry.source else ()
    labels = (*entry.tags, *headings)
    named = (entry.title, *content.terms, *(link.text for link in content.links))
    title = "" if document.broken else entry.title  # a file's name is no title, but its words are found
    counting = _Counting(language)
    text, body_words = counting.placed((content.text, entry.title, *labels))
    url, _ = counting.placed(urls)
    return {
        "name": document.name,
        "facts": _facts(document, body_words),
        "tag": Counter(tag_key(tag) for tag in entry.tags),
        "text": (text, 1.0),
        "title": (_Counting(language).placed((title,))[0], 1.0 if entry.title != content.title else DERIVED),
        "labels": counting.counted((*labels, *content.terms)),
        "url": (url, 1.0),
        "exact": counting.exact,
        "initials": dict.fromkeys(initials_of(named, content.text), 1),
        "acronym": dict.fromkeys(acronyms_in(f"{title}\n{content.text}"), 1),
        "stored": _stored(document),
    }


def _facts(document: Document, body_words: int) -> bytes:
    entry, content = document.entry, document.content
    traits = LINK * bool(content.links) | TAG * bool(entry.tags) | BROKEN * bool(document.broken)
    traits |= CODE * any(mark in entry.body for mark in ("`", "\n\n    ", "\n\n\t", "~~~"))
    times = (int(time.timestamp()) for time in (entry.created, entry.updated))
    return _FACTS.pack(min(entry.id, 2**63 - 1), *times, traits, min(body_words, 2**32 - 1))


def _stored(document: Document) -> str:
    entry, content = document.entry, document.content
    return json.dumps(
        [
            entry.id,
            entry.title,
            list(entry.tags),
            entry.created.isoformat(),
            entry.updated.isoformat(),
            content.text,
            [link.url for link in content.links],
            document.broken,
        ],
        ensure_ascii=False,
    )


class Stored:
    """What the index gives back of an entry. Text and numbers only: no pickled object of ours."""

    __slots__ = ("_values", "name")

    def __init__(self, fields_of_hit: dict[str, Any]) -> None:
        self.name: str = fields_of_hit["name"]
        self._values: list[Any] = json.loads(fields_of_hit["stored"])

    @property
    def text(self) -> str:
        return str(self._values[5])

    @property
    def title(self) -> str:
        return str(self._values[1])

    @property
    def title_and_text(self) -> tuple[str, tuple[str, str]]:
        """The file's name, and title and text; the title is "" where the text begins with it."""
        is_derived = self.text.casefold().startswith(self.title.rstrip("…").casefold())
        return self.name, ("" if is_derived else self.title, self.text)

    @property
    def tags(self) -> Sequence[str]:
        return list(self._values[2])

    @property
    def broken(self) -> str:
        return str(self._values[7])

    @property
    def urls(self) -> list[str]:
        return list(self._values[6])

    def summary(self, entries: Path) -> Summary:
        """Return what a list shows; `entries` is the directory of the entry files."""
        entry_id, title, tags, created, updated, _, _, broken = self._values
        return Summary(
            id=entry_id,
            title=title,
            tags=tuple(tags),
            path=str(entries / self.name),
            created=datetime.fromisoformat(created),
            updated=datetime.fromisoformat(updated),
            broken=broken,
        )
