"""The title of a note that has none: a table of rules, tried in order."""

from __future__ import annotations

import re

from kbnotes.markdown.inline import Inline, Span
from kbnotes.text import FUNCTION_WORDS, sentences

MAX_TITLE = 80  # characters of the text, without the "…"
MAX_TERM_WORDS = 6

_SENTENCE_MARK = re.compile(r"[.!?;:…](?:\s|$)|[。！？；：]")
_ASIDE = re.compile(r"\s*\([^()]*\)")
_SPACE = re.compile(r"\s+")
_TASK = re.compile(r"\[[ xX]\]\s+")


def title_of(inlines: list[Inline], *, heading: str | None) -> str:
    """Return the title of a body: `heading` if one opens it, else by its inlines; "" if it has no text."""
    if heading:
        return _cut(heading)
    with_text = [inline for inline in inlines if inline.text.strip()]
    if not with_text:
        return ""
    return _opening(with_text[0]) or _emphasised(with_text) or _first_sentence(with_text[0].text)


def is_term(text: str) -> bool:
    """Tell whether emphasised text is a term rather than a stressed sentence."""
    return 0 < len(text.split()) <= MAX_TERM_WORDS and not _SENTENCE_MARK.search(text)


def term_of(inline: Inline, span: Span) -> str:
    """Return the text of an emphasis on one line, without the colon of a label."""
    return _SPACE.sub(" ", inline.text[span.start : span.end]).strip().rstrip(":").strip()


def _opening(inline: Inline) -> str:
    """The emphasis, link text or code span that the note opens with."""
    task = _TASK.match(inline.text)
    start = task.end() if task else len(inline.text) - len(inline.text.lstrip())
    # A bare URL is a link too, but no name for anything: the sentence about it is.
    spans = [s for s in inline.spans if s.start == start and inline.text[s.start : s.end] != s.url]
    widest = max(spans, key=lambda span: span.end, default=None)
    return _cut(_trimmed(inline.text[start : widest.end])) if widest else ""


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
    start, end = next(sentences(text), (0, len(text)))
    sentence = text[start:end]
    bare, count = _ASIDE.subn("", sentence)
    while count and "(" in bare:  # asides within asides, from the inside out
        bare, count = _ASIDE.subn("", bare)
    return _cut(_trimmed(bare) or _trimmed(sentence))


def _trimmed(text: str) -> str:
    """Return `text` on one line, without the mark it ends with; a question keeps its own."""
    return _SPACE.sub(" ", text).strip().rstrip(".:;,。 ").strip()


def _cut(text: str) -> str:
    """Cut `text` at a word to 80 characters; what was cut ends in a word that means something, and "…"."""
    text = _SPACE.sub(" ", text).strip()
    if len(text) <= MAX_TITLE:
        return text
    head, space, _ = text[: MAX_TITLE + 1].rpartition(" ")
    words = head.split(" ") if space else [text[:MAX_TITLE]]
    while len(words) > 1 and words[-1].strip(",;:–—-()").lower() in FUNCTION_WORDS | {""}:
        words.pop()
    return " ".join(words).rstrip(",;:–—- (") + "…"
