"""Every word of every entry finds it: as it is typed, however odd it is."""

from __future__ import annotations

import html
import random
import re
import unicodedata
from collections.abc import Callable
from functools import partial
from typing import Any

from whoosh import analysis as stock
from whoosh import fields, qparser
from whoosh.filedb.filestore import RamStorage

from kbnotes.errors import KbError
from kbnotes.index import analysis
from kbnotes.kb import KnowledgeBase
from kbnotes.model import Asked, Entry
from kbnotes.text import FUNCTION_WORDS
from tests.torture import bases, texts
from tests.torture.sabotage import put
from tests.torture.suite import Run, Suite

MADE = 200  # entries of made-up words beside the real texts
# What Markdown takes away or a reader does not count as part of a word. Stars, underscores and hashes are
# parts of words inside of them only.
_BETWEEN = re.compile(r'[\s\[\]()<>{}"“”„«»|`*=~^;,!?…—–。、，·]+|&[#\w]+;|\\(?=[^\w\s])')
_NUMBERED = re.compile(r"(?m)^[\s>*+-]*\d+[.)](?=\s)")  # the numbers of a list are counted, not written
_POSSESSIVE = re.compile(r"(?<=[*_`)\]])['’]s\b")  # of `*Lecun*'s`: the end of a word, and none by itself
_EDGES = ".:'’‘_#&/\\$%@+"
_OPERATORS = re.compile(r"""[():"*]|^-|^(?:OR|AND|NOT)$""")


def torture(run: Run) -> None:
    """Look for a word a round, by itself, and expect the entry that it stands in."""
    entries = _entries()
    base = bases.write(run.directory / "base", entries)
    looked = _stock_searches(entries)
    missed = dict.fromkeys(looked, 0)
    for number, rng in run.each():
        entry, word = _pick(entries, rng)
        query = f'"{word}"' if _OPERATORS.search(word) else word
        for said in _missing(base, query, entry):
            run.violation(f"{word!r} of entry {entry.id} ({entry.title[:40]!r}): {said}", at=number)
        for name, finds in looked.items():
            missed[name] += not finds(word, entry.id)
    run.figures["entries"] = len(entries)
    for name, count in missed.items():
        run.figures[f"missed by stock {name}"] = f"{count / max(run.rounds, 1):.0%}"


def _entries() -> list[Entry]:
    made = bases.entries(MADE)
    found = [body for _, body in texts.markdown_bodies()]
    found += [f"All of it: {' '.join(bases.ODD_WORDS[at : at + 6])} and more.\n" for at in range(0, 90, 6)]
    for number, body in enumerate(found, MADE + 1):
        made.append(
            Entry(
                id=number,
                title=bases.written(random.Random(number), 3).split("\n")[0],
                tags=("ml",),
                created=bases.BEGAN,
                updated=bases.BEGAN,
                body=body,
            )
        )
    return made


def _pick(entries: list[Entry], rng: random.Random) -> tuple[Entry, str]:
    """Return an entry and one of its words; half of the time one that is no plain English word."""
    odd = rng.random() < 0.5
    while True:
        entry = rng.choice(entries)
        words = sorted(set(_words(f"{entry.title}\n{entry.body}")))
        words = [word for word in words if not (odd and word.isascii() and word.isalpha())]
        if words:
            return entry, rng.choice(words)


def _words(text: str) -> list[str]:
    text = _POSSESSIVE.sub(" ", _NUMBERED.sub(" ", text))
    pieces = (_trimmed(html.unescape(piece)) for piece in _BETWEEN.split(text))
    return [piece for piece in pieces if any(unicodedata.category(char)[0] in "LN" for char in piece)]


def _trimmed(piece: str) -> str:
    """Return a piece of text without the punctuation around it; what is a sign of the word's own stays."""
    signed = re.fullmatch(r"(?s)(.*?[^\W\d_])(\+\+|#)[.:'’]*", piece)
    return signed[1].lstrip(_EDGES) + signed[2] if signed else piece.strip(_EDGES).rstrip("-")


def _missing(base: KnowledgeBase, query: str, entry: Entry) -> list[str]:
    try:
        found = base.search(query, asked=Asked(limit=10_000))
    except KbError as error:
        return [f"{error.message} for {query!r}"]
    if entry.id not in {hit.summary.id for hit in found.hits}:
        return [f"{query!r} does not find it among {found.total}"]
    if found.corrected is not None or found.relaxed:
        return [f"{query!r} finds it by chance only, as {found.corrected or found.relaxed!r}"]
    return []


def _stock_searches(entries: list[Entry]) -> dict[str, Callable[[str, int], bool]]:
    """Return what finds an entry by a word with Whoosh's own analysis and parser."""
    return {
        "StandardAnalyzer": _stock_search(stock.StandardAnalyzer(), entries),
        "StemmingAnalyzer": _stock_search(stock.StemmingAnalyzer(), entries),
    }


def _stock_search(analyzer: Any, entries: list[Entry]) -> Callable[[str, int], bool]:
    schema = fields.Schema(id=fields.NUMERIC(stored=True), text=fields.TEXT(analyzer=analyzer))
    index = RamStorage().create_index(schema)
    writer = index.writer()
    for entry in entries:
        writer.add_document(id=entry.id, text=f"{entry.title}\n{entry.body}")
    writer.commit()
    return partial(_finds, index.searcher(), qparser.QueryParser("text", schema))


def _finds(searcher: Any, parser: Any, word: str, entry_id: int) -> bool:
    try:
        return any(hit["id"] == entry_id for hit in searcher.search(parser.parse(word), limit=None))
    except Exception:
        return False


def _filtered(keep: Callable[[str], bool]) -> None:
    """Let the analysis drop the words that `keep` refuses, on both sides."""
    from kbnotes.index import schema, vocabulary

    before, written_before = analysis.words, analysis.written

    def words(text: str) -> Any:
        return (word for word in before(text) if keep(word.text))

    def written(text: str) -> Any:
        return (pair for pair in written_before(text) if keep(analysis.folded(pair[0])))

    for room in (analysis, vocabulary):
        put(room, "words", words)
    put(schema, "written", written)


def _stop_words() -> None:
    """Drop function words."""
    _filtered(lambda word: word not in FUNCTION_WORDS)


def _short_words() -> None:
    """Drop words of one letter, as stock analysis does."""
    _filtered(lambda word: len(word) > 1)


def _ascii_only() -> None:
    """Take letters for letters in ASCII only."""
    pattern = re.compile(analysis.every_word().pattern, re.ASCII)
    put(analysis, "every_word", lambda: pattern)


def _one_sided() -> None:
    """Keep accents in what is indexed and drop them in what is asked."""
    from kbnotes.index import vocabulary

    before = analysis.words
    put(analysis, "folded", lambda raw: raw.lower())

    def words(text: str) -> Any:
        bare = unicodedata.normalize("NFKD", text)
        return before("".join(char for char in bare if not unicodedata.combining(char)))

    put(vocabulary, "words", words)


SUITE = Suite(
    name="findable",
    promise="Every word of every entry finds it.",
    unit="words",
    figure=3_000,
    small=300,
    run=torture,
    sabotages={
        "stop-words": _stop_words,
        "no-short-words": _short_words,
        "ascii-only": _ascii_only,
        "accents-on-one-side": _one_sided,
    },
)
