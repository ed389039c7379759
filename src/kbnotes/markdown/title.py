"""The title of a note that has none: a table of rules, tried in order."""

from __future__ import annotations

import re
from unicodedata import east_asian_width

from kbnotes.markdown.inline import Inline, Span
from kbnotes.text import FUNCTION_WORDS, sentences

MAX_TITLE = 80  # characters of the text, without the "…"
MAX_TERM_WORDS = 6

_SENTENCE_MARK = re.compile(r"[;:](?:\s|$)|[.!?…]$|[。！？；：]")
_BRACKET = re.compile(r"[()（）]|\s(?=\S)")
_SPACE = re.compile(r"\s+")
_HEADING_NUMBER = re.compile(r"\s*\d{1,9}[.)]\s+(?=\S)")  # it is the entry's number, not its name
_TASK = re.compile(r"\[[ xX]\]\s+")


def title_of(inlines: list[Inline], *, heading: str | None) -> str:
    """Return the title of a body: `heading` if one opens it, else by its inlines; "" if it has no text."""
    if heading:
        return _cut(_HEADING_NUMBER.sub("", heading, count=1) or heading)
    with_text = [inline for inline in inlines if inline.text.strip()]
    if not with_text:
        return ""
    return _opening(with_text[0]) or _emphasised(with_text) or _first_sentence(with_text[0].text)


def is_term(text: str) -> bool:
    """Tell whether emphasised text is a term rather than a stressed sentence."""
    if not 0 < len(text.split()) <= MAX_TERM_WORDS or _SENTENCE_MARK.search(text):
        return False
    return len(list(sentences(text))) == 1  # the full stop of "CPU vs. GPU" ends none


def term_of(inline: Inline, span: Span) -> str:
    """Return the text of an emphasis on one line, without the colon of a label."""
    return _SPACE.sub(" ", inline.text[span.start : span.end]).strip().rstrip(":").strip()


def _opening(inline: Inline) -> str:
    """The emphasis, link text or code span that the note opens with."""
    task = _TASK.match(inline.text)
    start = task.end() if task else len(inline.text) - len(inline.text.lstrip())
    # A bare URL is a link too, but no name for anything: the sentence about it is.
    spans = [
        s for s in inline.spans if s.start == start and not _is_bare_url(inline.text[s.start : s.end], s)
    ]
    widest = max(spans, key=lambda span: span.end, default=None)
    return _cut(_trimmed(inline.text[start : widest.end])) if widest else ""


def _is_bare_url(text: str, span: Span) -> bool:
    return span.kind == "link" and (text == span.url or text.startswith(("http://", "https://")))


def _emphasised(inlines: list[Inline]) -> str:
    """The emphasised terms of the first sentence that has any."""
    for inline in inlines:
        spans = [span for span in inline.spans if span.kind == "emphasis"]
        if not spans:
            continue
        for start, end in sentences(inline.text):
            terms = (term_of(inline, span) for span in spans if start <= span.start < end)
            if title := " / ".join(dict.fromkeys(term for term in terms if is_term(term))):
                return _cut(title)
    return ""


def _first_sentence(text: str) -> str:
    text = _TASK.sub("", text.strip(), count=1) if _TASK.match(text.strip()) else text.strip()
    # The asides go first: a full stop within one ends no sentence of the text around it.
    return _cut(_trimmed(_sentence(_without_asides(text))) or _trimmed(_sentence(text)) or _trimmed(text))


def _sentence(text: str) -> str:
    text = text.strip()
    start, end = next(sentences(text), (0, len(text)))
    return text[start:end]


def _without_asides(text: str) -> str:
    """Return `text` without what stands in brackets, and without the space before them.

    One that follows its word without a space, and holds none, belongs to the word: `f(x)`, `token(s)`.
    """
    opened: list[int] = []
    asides: list[tuple[int, int]] = []
    space = -1  # the last one seen
    for found in _BRACKET.finditer(text):
        at, mark = found.start(), found.group()
        if mark in "(（":
            opened.append(at)
        elif mark not in ")）":
            space = at
        elif opened:
            start = opened.pop()
            if mark == ")" and space < start and text[start - 1 : start].strip():
                continue
            while asides and asides[-1][0] > start:
                asides.pop()
            asides.append((start, at + 1))
    kept, last = [], 0
    for start, end in asides:
        kept.append(text[last:start].rstrip())
        last = end
    return "".join((*kept, text[last:]))


def _trimmed(text: str) -> str:
    """Return `text` on one line, without the mark it ends with; a question keeps its own."""
    return _SPACE.sub(" ", text).strip().rstrip(".:;,。 ").strip()


def _cut(text: str) -> str:
    """Cut `text` at a word to 80 characters; what was cut ends in a word that means something, and "…"."""
    text = _SPACE.sub(" ", text).strip()
    if len(text) <= MAX_TITLE:
        return text
    head = text[: _end_of_word(text)].rstrip(" ")
    words = head.split(" ")
    while len(words) > 1 and words[-1].strip(",;:–—-()").lower() in FUNCTION_WORDS | {""}:
        words.pop()
    return " ".join(words).rstrip(",;:–—- (，、；：（") + "…"


def _end_of_word(text: str) -> int:
    """Return where the last word within 80 characters ends; Chinese and Japanese may be cut anywhere."""
    for at in range(MAX_TITLE, 0, -1):
        if text[at] == " " or east_asian_width(text[at]) in "WF" or east_asian_width(text[at - 1]) in "WF":
            return at
    return MAX_TITLE
