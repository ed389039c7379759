"""What is run: kb's commands, and what other tools have that comes nearest."""

from __future__ import annotations

import json
import shutil
import sqlite3
import sys
from collections.abc import Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path

from benchmarks.speed import programs
from benchmarks.speed.timing import Command

BIN = Path(sys.executable).parent
KB = str(BIN / "kb")
COMPLETION = "completion of an id"
BARE = "python -c pass"
SEARCH = "kb search git commit"
PEERS = ("ripgrep", "fts5", "tantivy", "whoosh", "qmd", "papis", "jrnl", "nb")
_FTS5 = """
import sqlite3, sys
found = sqlite3.connect("fts5.sqlite").execute(
    "SELECT id, title, snippet(found, 2, '*', '*', '…', 24) FROM found WHERE found MATCH ? "
    "ORDER BY bm25(found) LIMIT 10", ("git commit",))
for row in found:
    print(*row)
"""
_TANTIVY = """
import tantivy
index = tantivy.Index.open("tantivy")
index.reload()
searcher = index.searcher()
for _, address in searcher.search(index.parse_query("+git +commit", ["title", "body"]), 10).hits:
    found = searcher.doc(address)
    print(found["id"][0], found["title"][0], found["body"][0][:160])
"""


def of_kb(place: Path) -> dict[str, Command]:
    """Return kb's commands over the base of a corpus."""
    lines = {
        "kb search git": ("search", "git"),
        SEARCH: ("search", "git", "commit"),
        'kb search "git commit"': ("search", '"git commit"'),
        "kb search com*": ("search", "com*"),
        "kb search git -t linux": ("search", "git", "-t", "linux"),
        "kb search zeppelinesque": ("search", "zeppelinesque"),
        "kb list -t rust -n 20": ("list", "-t", "rust", "-n", "20"),
        "kb show 7": ("show", "7"),
        "kb tags": ("tags",),
        "kb --help": ("--help",),
    }
    asked = ("_KB_COMPLETE=complete_bash", "COMP_WORDS=kb show 12", "COMP_CWORD=2")  # as bash asks
    return {name: Command([KB, *words], place / "base", expected=(0, 1)) for name, words in lines.items()} | {
        COMPLETION: Command(["env", *asked, KB], place / "base"),
        BARE: Command([sys.executable, "-c", "pass"], place),
    }


def writing(place: Path) -> dict[str, Command]:
    """Return kb's commands that change the base."""
    return {'kb add "text"': Command([KB, "add", "A line about git and a commit."], place / "base")}


def of_peers(place: Path) -> dict[str, Command]:
    """Return the searches of other tools, of those that are there."""
    found = {
        "ripgrep": Command(["rg", "-i", "-c", "commit", "files"], place, expected=(0, 1)),
        "fts5": Command([sys.executable, "-c", _FTS5], place),
        "tantivy": Command([sys.executable, "-c", _TANTIVY], place),
        "whoosh": Command([str(BIN / "whoosh"), "search", "git commit"], place / "files", expected=(0, 1)),
        **programs.searches(place),
    }
    missing = dict(lacking())
    if not list((place / "files").glob(".whoosh*")):
        missing["whoosh"] = "has no index of these notes: run without --no-index"
    return {name: command for name, command in found.items() if name not in missing}


def indexing(place: Path) -> dict[str, Command]:
    """Return what makes an index from nothing; remove the old one first, see `forget`."""
    return {
        "kb": Command([KB, "search", "git"], place / "base", expected=(0, 1)),
        "whoosh": Command([str(BIN / "whoosh"), "index", "."], place / "files"),
    }


def updating(place: Path) -> dict[str, Command]:
    """Return what brings an index up to date after one file changed: see `change_one`."""
    return {
        "kb": Command([KB, "search", "git"], place / "base", expected=(0, 1)),
        "whoosh": Command([str(BIN / "whoosh"), "index", "--update", "."], place / "files"),
    }


def forget(place: Path, home: Path) -> None:
    """Remove the indexes of a corpus."""
    shutil.rmtree(home / ".cache" / "kb", ignore_errors=True)
    for path in (place / "files").glob(".whoosh*"):
        shutil.rmtree(path)


def change_one(place: Path, turn: int) -> None:
    """Change one note, by replacing its file as editors do."""
    for folder in ("base/entries", "files"):
        path = sorted((place / folder).glob("0007-*"))[0]
        new = path.with_name(f"{path.name}.new")
        new.write_text(path.read_text("utf-8").replace("- `", f"- `x{turn} ", 1), "utf-8")
        new.replace(path)


def lacking() -> Mapping[str, str]:
    """Return why other tools are left out."""
    return dict(_lacking())


def _lacking() -> Iterator[tuple[str, str]]:
    for name, program in (
        ("ripgrep", "rg"),
        ("qmd", "qmd"),
        ("papis", "papis"),
        ("jrnl", "jrnl"),
        ("nb", "nb"),
    ):
        if not shutil.which(program):
            yield name, f"no {program} on PATH"
        elif name == "nb":
            yield name, "found, but how it is to be run here is not written yet"
    if not find_spec("tantivy"):
        yield "tantivy", "not installed (kbnotes[bench])"
    if not (BIN / "whoosh").exists():
        yield "whoosh", "no whoosh command beside this Python"


def prepare_peers(place: Path, *, environment: Mapping[str, str]) -> None:
    """Make the indexes of the peers that have one and are there."""
    for name in programs.searches(place).keys() - lacking().keys():
        programs.prepare(name, place, environment=environment)
    rows = [json.loads(line) for line in (place / "notes.jsonl").read_text("utf-8").splitlines()]
    if not (place / "fts5.sqlite").exists():
        database = sqlite3.connect(place / "fts5.sqlite")
        database.execute(
            "CREATE VIRTUAL TABLE found USING fts5(id UNINDEXED, title, body, tokenize = 'porter')"
        )
        database.executemany("INSERT INTO found VALUES (?, ?, ?)", rows)
        database.commit()
        database.close()
    if find_spec("tantivy") and not (place / "tantivy").exists():
        import tantivy

        (place / "tantivy").mkdir()
        builder = tantivy.SchemaBuilder().add_text_field("id", stored=True, tokenizer_name="raw")
        for name in ("title", "body"):
            builder = builder.add_text_field(name, stored=True, tokenizer_name="en_stem")
        index = tantivy.Index(builder.build(), path=str(place / "tantivy"))
        writer = index.writer(num_threads=1)
        for number, title, body in rows:
            writer.add_document(tantivy.Document(id=str(number), title=title, body=body))
        writer.commit()
        writer.wait_merging_threads()
