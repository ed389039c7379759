"""Other engines, as anyone gets them who takes them as they come, on the same texts.

- `bm25s`: BM25 as in Lucene (k1 1.5, b 0.75), its English stop words, Snowball's English stemmer; one field.
- `tantivy`: its BM25 (k1 1.2, b 0.75) in two fields of equal weight, tokenizer `en_stem`: no stop words.
- `fts5`: SQLite's full-text table, tokenizer `porter`, two columns of equal weight, ordered by `bm25()`.
- `whoosh`: StemmingAnalyzer (its stop words, Porter's stemmer) in two fields, MultifieldParser with OrGroup,
  BM25F as it is by default.

Each is asked for any word of the query. The words are taken out of it first, so that nothing in it is syntax.
"""

from __future__ import annotations

import re
import sqlite3
from importlib.util import find_spec
from pathlib import Path

from benchmarks.quality.collection import Collection
from benchmarks.quality.ranker import Kind, Ranker, size

FIELDS = ("title", "body")

_WORD = re.compile(r"[^\W_]+")


def make_bm25s(collection: Collection, directory: Path) -> Ranker:
    """Put the documents into bm25s."""
    import bm25s
    import Stemmer

    stemmer = Stemmer.Stemmer("english")

    def tokens(texts: list[str]) -> list[list[str]]:
        found = bm25s.tokenize(texts, stopwords="en", stemmer=stemmer, return_ids=False, show_progress=False)
        return list(found)

    ids = [each.id for each in collection.documents]
    retriever = bm25s.BM25(method="lucene")
    retriever.index(tokens([each.text for each in collection.documents]), show_progress=False)
    retriever.save(directory)

    def ask(text: str, limit: int) -> list[str]:
        known = [[token for token in tokens([text])[0] if token in retriever.vocab_dict]]
        if not known[0]:
            return []
        found, scores = retriever.retrieve(known, k=min(limit, len(ids)), show_progress=False)
        return [ids[at] for at, score in zip(found[0], scores[0], strict=True) if score > 0]

    return Ranker(ask=ask, index_bytes=size(directory))


def make_tantivy(collection: Collection, directory: Path) -> Ranker:
    """Put the documents into Tantivy."""
    import tantivy

    builder = tantivy.SchemaBuilder().add_text_field("id", stored=True, tokenizer_name="raw")
    for field in FIELDS:
        builder = builder.add_text_field(field, tokenizer_name="en_stem")
    index = tantivy.Index(builder.build(), path=str(directory))
    writer = index.writer(num_threads=1)
    for each in collection.documents:
        writer.add_document(tantivy.Document(id=each.id, title=each.title, body=each.body))
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    searcher = index.searcher()

    def ask(text: str, limit: int) -> list[str]:
        query = index.parse_query(_quoted(text, " "), list(FIELDS))
        hits = searcher.search(query, limit).hits
        return [str(searcher.doc(address)["id"][0]) for _, address in hits]

    return Ranker(ask=ask, index_bytes=size(directory))


def make_fts5(collection: Collection, directory: Path) -> Ranker:
    """Put the documents into a table of SQLite."""
    path = directory / "fts5.sqlite"
    database = sqlite3.connect(path)
    database.execute("CREATE VIRTUAL TABLE found USING fts5(id UNINDEXED, title, body, tokenize = 'porter')")
    rows = ((each.id, each.title, each.body) for each in collection.documents)
    database.executemany("INSERT INTO found VALUES (?, ?, ?)", rows)
    database.execute("INSERT INTO found(found) VALUES ('optimize')")
    database.commit()

    def ask(text: str, limit: int) -> list[str]:
        query = "SELECT id FROM found WHERE found MATCH ? ORDER BY bm25(found) LIMIT ?"
        if not (words := _quoted(text, " OR ")):
            return []
        return [str(row[0]) for row in database.execute(query, (words, limit))]

    return Ranker(ask=ask, index_bytes=path.stat().st_size)


def make_whoosh(collection: Collection, directory: Path) -> Ranker:
    """Put the documents into an index of Whoosh that kb has no part in."""
    from whoosh import analysis, fields, index, qparser

    analyzer = analysis.StemmingAnalyzer()
    texts = {field: fields.TEXT(analyzer=analyzer) for field in FIELDS}
    made = index.create_in(directory, fields.Schema(id=fields.STORED, **texts))
    writer = made.writer(limitmb=256)
    for each in collection.documents:
        writer.add_document(id=each.id, title=each.title, body=each.body)
    writer.commit(optimize=True)
    searcher = made.searcher()
    parser = qparser.MultifieldParser(FIELDS, made.schema, group=qparser.OrGroup)

    def ask(text: str, limit: int) -> list[str]:
        words = " ".join(_WORD.findall(text)).lower()  # its operators are in capitals
        return [str(hit["id"]) for hit in searcher.search(parser.parse(words), limit=limit)]

    return Ranker(ask=ask, index_bytes=size(directory))


def _quoted(text: str, joined_by: str) -> str:
    return joined_by.join(f'"{word}"' for word in _WORD.findall(text))


def _without(*modules: str) -> str:
    missing = [name for name in modules if find_spec(name) is None]
    return f"{' and '.join(missing)} not installed (kbnotes[bench])" if missing else ""


def _without_fts5() -> str:
    with sqlite3.connect(":memory:") as database:
        (has,) = database.execute("SELECT sqlite_compileoption_used('ENABLE_FTS5')").fetchone()
    return "" if has else "this SQLite was built without FTS5"


PEERS = (
    Kind(name="bm25s", make=make_bm25s, lacks=lambda: _without("bm25s", "Stemmer")),
    Kind(name="tantivy", make=make_tantivy, lacks=lambda: _without("tantivy")),
    Kind(name="fts5", make=make_fts5, lacks=_without_fts5),
    Kind(name="whoosh", make=make_whoosh, lacks=lambda: _without("whoosh")),
)
