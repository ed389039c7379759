"""What Whoosh stores of an entry, and how."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable
from functools import lru_cache
from typing import Any
from urllib.parse import unquote

from whoosh import fields

from kbnotes.index.acronyms import acronyms_in
from kbnotes.index.analysis import GAP, pairs, words, written
from kbnotes.index.elision import parted
from kbnotes.index.initials import initials_of
from kbnotes.index.language import Language
from kbnotes.index.places import Carried, Counted, Placed
from kbnotes.index.stored import BROKEN, CODE, FACTS, LINK, TAG
from kbnotes.model import Document
from kbnotes.text import tag_key

MAX_KNOWN = 200_000  # words whose terms are kept
GAP_SIZE = 100  # places between two texts in one field, so that nothing stands side by side across them
DERIVED = 0.25  # of a title's weight where kb made it of the text's own beginning


def make_schema() -> fields.Schema:
    """Return the schema."""
    return fields.Schema(
        name=fields.ID(unique=True),
        facts=Carried(),  # what filters and orders ask for
        tag=Counted(),  # tags as keys
        text=Placed(),  # stems: the body, then the title, then the labels, then what stands besides
        title=Placed(),  # stems
        labels=Counted(),  # stems of tags, emphasised terms and the headings above
        url=Placed(),  # stems
        exact=Counted(),  # all words as they are spelled: the vocabulary
        initials=Counted(),  # of titles, terms, links and names
        acronym=Counted(),  # `tage>tagged geometric length predictor`, as the entry explains it
        card=fields.STORED(),
        content=fields.STORED(),
    )


class _Terms(dict[str, tuple[tuple[str, ...], tuple[str, ...]]]):
    """The terms of words as they are written, made once: those for the field `text`, those for `exact`."""

    def __init__(self, language: Language) -> None:
        super().__init__()
        self._language = language

    def __missing__(self, raw: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
        word = next(words(raw))
        signed = (word.signed,) if word.signed else ()
        terms = tuple(dict.fromkeys((*self._language.forms(word), *word.parts, *signed)))
        found = terms, (word.text, *signed, *word.parts)
        if len(self) < MAX_KNOWN:
            self[raw] = found
        return found


@lru_cache(maxsize=4)
def _terms_of(language: Language) -> _Terms:
    return _Terms(language)


class _Counting:
    """Words of one document, counted and placed."""

    def __init__(self, language: Language) -> None:
        self._language = language
        self._known = _terms_of(language)
        self.exact: dict[str, int] = {}

    def placed(self, texts: Iterable[str]) -> tuple[dict[str, list[int]], int]:
        """Return {stem: places} of several texts with a gap between them, and the places of the first."""
        places: defaultdict[str, list[int]] = defaultdict(list)
        start = end = 0
        first: int | None = None
        for text in (parted(each, self._language) for each in texts):
            end = self._place(text, places, start, end)
            if not text.isascii():
                for pair, at in pairs(list(words(text))):
                    places[pair].append(start + at)
            first = end if first is None else first
            start = end + GAP_SIZE
        return places, first or 0

    def _place(self, text: str, places: dict[str, list[int]], start: int, end: int) -> int:
        known, exact = self._known, self.exact
        at = start
        for raw, is_dashed in written(text):
            if raw == GAP:
                at += GAP_SIZE
                continue
            terms, forms = known[raw]
            for term in terms:
                places[term].append(at)
            for form in forms:
                exact[form] = exact.get(form, 0) + 1
            if is_dashed:
                dashed = f"-{forms[0]}"
                exact[dashed] = exact.get(dashed, 0) + 1
            at += 1
            end = at
        return end

    def counted(self, texts: Iterable[str]) -> Counter[str]:
        """Return {stem: count} of several texts."""
        known = self._known
        raws = (raw for text in texts for raw, _ in written(parted(text, self._language)) if raw != GAP)
        return Counter(term for raw in raws for term in known[raw][0])


def to_fields(document: Document, language: Language) -> dict[str, Any]:
    """Return the field values of one document."""
    entry, content = document.entry, document.content
    # A part of an address may be looked for as %20 or as a blank.
    urls = tuple(dict.fromkeys(form for link in content.links for form in (unquote(link.url), link.url)))
    headings = entry.source.section if entry.source else ()
    labels = (*entry.tags, *headings)
    named = (entry.title, *content.terms, *(link.text for link in content.links))
    plain = parted(content.text, language)
    title = "" if document.broken else entry.title  # a file's name is no title, but its words are found
    counting = _Counting(language)
    besides = (document.besides,) if document.besides else ()
    text, body_words = counting.placed((content.text, entry.title, *labels, *besides))
    url, _ = counting.placed(urls)
    return {
        "name": document.name,
        "facts": _facts(document, body_words),
        "tag": Counter(tag_key(tag) for tag in entry.tags),
        "text": (text, 1.0),
        "title": (_Counting(language).placed((title,))[0], 1.0 if is_given(document) else DERIVED),
        "labels": counting.counted((*labels, *content.terms)),
        "url": (url, 1.0),
        "exact": counting.exact,
        "initials": dict.fromkeys(initials_of((parted(name, language) for name in named), plain), 1),
        "acronym": dict.fromkeys(acronyms_in(f"{parted(title, language)}\n{plain}"), 1),
        "card": _card(document),
        "content": _content(document),
    }


def is_given(document: Document) -> bool:
    """Tell whether somebody wrote the title as one: above the text, or as its heading."""
    title, content = document.entry.title, document.content
    return not document.broken and (title != content.title or title == content.heading)


def _facts(document: Document, body_words: int) -> bytes:
    entry, content = document.entry, document.content
    traits = LINK * bool(content.links) | TAG * bool(entry.tags) | BROKEN * bool(document.broken)
    traits |= CODE * any(mark in entry.body for mark in ("`", "\n\n    ", "\n\n\t", "~~~"))
    times = (int(time.timestamp()) for time in (entry.created, entry.updated))
    return FACTS.pack(min(entry.id, 2**63 - 1), *times, traits, min(body_words, 2**32 - 1))


def _card(document: Document) -> str:
    entry = document.entry
    return json.dumps(
        [
            document.name,
            entry.id,
            entry.title,
            list(entry.tags),
            entry.created.isoformat(),
            entry.updated.isoformat(),
            document.broken,
            *document.stamp,
            is_given(document),
        ],
        ensure_ascii=False,
        separators=(",", ":"),
    )


def _content(document: Document) -> str:
    """Return text and links with NUL between them, which no text has: see `kbnotes.index.stored`."""
    content = document.content
    return "\0".join(
        each.replace("\0", "\ufffd") for each in (content.text, *(link.url for link in content.links))
    )
