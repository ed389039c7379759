"""Hostile files, made by hand and by mutation: what an attacker, a crash or a bad disk leaves behind."""

from __future__ import annotations

import codecs
import random
from collections.abc import Sequence

HEAD = "id: 7\ntitle: x\n"
ENTRY = f"{HEAD}body: |\n  text\n"
MB = 1_000_000


def _merges(rows: int) -> str:
    """Return maps that merge the one before nine times each: 487 bytes of them hang PyYAML's loaders."""
    lines = ["a0: &a0 {k: v}"]
    lines += [f"a{n}: &a{n}\n  <<: [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, rows)]
    return "\n".join(lines) + "\n"


def _laughs(rows: int) -> str:
    lines = ["a0: &a0 [ha, ha, ha, ha, ha, ha, ha, ha, ha]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, rows)]
    return "\n".join(lines) + "\n"


def hand_made() -> dict[str, bytes]:
    """Return the files by what is hostile about them."""
    texts = {
        # What follows references
        "merge keys": _merges(12),
        "merge keys in an entry": ENTRY + _merges(30),
        "billion laughs": _laughs(12),
        "billion laughs in an entry": ENTRY + _laughs(30),
        "an alias of itself": "a: &a [*a]\n",
        "an alias of the whole": "&a\nid: 7\nbody: *a\n",
        "100,000 aliases": "a: &a x\nb: [" + "*a, " * 100_000 + "]\n",
        "100,000 anchors": "a: " + "&a " * 100_000 + "x\n",
        # What makes objects
        "python object": 'id: !!python/object/apply:os.system ["true"]\nbody: x\n',
        "python name": HEAD + "body: !!python/name:os.system\n",
        "python module": HEAD + "body: !!python/module:antigravity\n",
        "binary": HEAD + "body: !!binary aGVsbG8=\n",
        "a set": "!!set {id, body}\n",
        "a tag without end": HEAD + "body: !<" + "t" * MB + "\n",
        "tag handles": "%TAG ! tag:x,2026:\n" * 2 + "---\n" + ENTRY,
        # What nests
        "100 KB of dashes": "- " * 50_000,
        "100 KB of dashes in a field": f"{ENTRY}a:\n  " + "- " * 50_000,
        "1 MB of [": "[" * MB,
        "1 MB of {": "{" * MB,
        "1 MB of {a:": "{a: " * (MB // 4),
        "1 MB of [ in a field": f"{ENTRY}a: " + "[" * MB,
        "1 MB of ] ": f"{ENTRY}a: " + "]" * MB,
        "1 MB of [[]] pairs": f"{ENTRY}a: [" + "[]," * (MB // 3) + "]\n",
        "1 MB of ? ": "? " * (MB // 2),
        "1 MB of : ": ": " * (MB // 2),
        "steps of indentation": "".join(" " * n + "a:\n" for n in range(1400)),
        # What is long
        '1 MB of "': '"' * MB,
        "1 MB of '": "'" * MB,
        "1 MB of commas": f"{ENTRY}tags: [" + "," * MB + "]\n",
        "1 MB of line ends": "\n" * MB,
        "1 MB of blanks": " " * MB,
        "1 MB of comments": "# c\n" * (MB // 4),
        "1 MB of documents": "---\n" * (MB // 4),
        "1 MB of ends": "...\n" * (MB // 4),
        "1 MB of directives": "%YAML 1.1\n" * (MB // 10),
        "1 MB of one key": "k" * MB + ": v\n",
        "1 MB of one word": HEAD + "body: " + "w" * MB,
        "1 MB of one quoted line": HEAD + 'body: "' + "w " * (MB // 2) + '"\n',
        "1 MB of escapes": HEAD + 'body: "' + "\\U0001F600" * (MB // 10) + '"\n',
        "1 MB of a folded text": HEAD + "body: >\n" + "  x\n" * (MB // 4),
        "1 MB of a block without text": HEAD + "body: |\n" + " \n" * (MB // 2),
        "1 MB of one tag": HEAD + "tags: [" + "t" * MB + "]\nbody: x\n",
        "1 MB of keys": ENTRY + "".join(f"k{n}: v\n" for n in range(MB // 10)),
        "1 MB of list items": HEAD + "tags:\n" + "- a\n" * (MB // 4) + "body: x\n",
        "1 MB of items in brackets": HEAD + "tags: [" + "a," * (MB // 2) + "]\nbody: x\n",
        "1 MB of keys of a source": ENTRY + "source:\n" + "".join(f"  k{n}: v\n" for n in range(MB // 12)),
        "1 MB of a number": "id: " + "9" * MB + "\nbody: x\n",
        "1 MB of a time": "id: 7\ncreated: 2026-" + "1" * MB + "\nbody: x\n",
        # What guesses go wrong about
        "implicit types": "id: 0x7\ntitle: no\ntags: [1.10, 2024-01-01, ~]\nbody: 190:20:30\n",
        "octal id": "id: 0o7\nbody: x\n",
        "infinite id": "id: .inf\nbody: x\n",
        "id in other digits": "id: ٧\nbody: x\n",
        "a date that is none": "id: 7\ncreated: 2026-13-45\nbody: x\n",
        "the year 10,000": "id: 7\ncreated: 9999-12-31T23:59:59-23:59\nbody: x\n",
        "huge lines of a source": "id: 7\nsource: {file: a, lines: 9-" + "9" * 5000 + "}\nbody: x\n",
        # What is written twice or wrongly
        "a key twice": ENTRY + "title: y\n",
        "a list as a key": "? [a, b]\n: c\n",
        "a map as a key": "? {a: b}\n: c\n",
        "a tab for indentation": HEAD + "body: |\n\ttext\n",
        "an open quote": HEAD + 'body: "text\n',
        "an open quote over 1 MB": HEAD + 'body: "' + "text\n  " * (MB // 7),
        "an open bracket": HEAD + "tags: [a,\nbody: x\n",
        "an escape beyond all characters": HEAD + 'body: "\\UFFFFFFFF"\n',
        "half a character": HEAD + 'body: "\\ud83d"\n',
        "an escape cut short": HEAD + 'body: "\\u00',
        "YAML 9.9": "%YAML 9.9\n---\n" + ENTRY,
        "two documents": ENTRY + "---\n" + ENTRY,
        "a header cut short": "id: 7\ntit",
        "only a mark of the beginning": "---",
        "only a mark of the end": "...",
        "lines that end in CR": ENTRY.replace("\n", "\r"),
        "lines that end in NEL": ENTRY.replace("\n", "\x85"),
        "a mark of bytes in the middle": HEAD + "\ufeffbody: x\n",
        "three marks of bytes": "\ufeff\ufeff\ufeff" + ENTRY,
        "right to left": "\u202eid: 7\nbody: x\n",
        "terminal commands": "\x1b]52;c;aGk=\x07id: 7\nbody: x\n",
        "an error that quotes 1 MB": "id: 7\ntags: a\nbody: x\n? " + "k" * MB,
        "topic of 1 MB of marks": "'" + "?" * MB + "': {}\n",
        "topic that implies 1 MB": "ml: {implies: ['" + "?" * MB + "']}\n",
        "topic key of 1 MB": "ml: {'" + "k" * MB + "': x}\n",
        "1 MB of keywords": "ml: {keywords: [" + "a," * (MB // 2) + "]}\n",
    }  # fmt: skip
    made = {name: text.encode("utf-8") for name, text in texts.items()}
    return made | {
        "nothing": b"",
        "one NUL": b"\0",
        "4 KB of NULs": b"\0" * 4096,
        "an entry that ends in NULs": ENTRY.encode() + b"\0" * 4096,
        "a body with a NUL": HEAD.encode() + b"body: a\0b\n",
        "UTF-16": ENTRY.encode("utf-16"),
        "UTF-16 without a mark": ENTRY.encode("utf-16-le"),
        "UTF-32": ENTRY.encode("utf-32"),
        "a mark of UTF-16 only": codecs.BOM_UTF16_BE,
        "half a UTF-8 mark": b"\xef\xbb" + ENTRY.encode(),
        "Latin-1": HEAD.encode() + "body: café\n".encode("latin-1"),
        "surrogates in UTF-8": HEAD.encode() + b"body: \xed\xa0\xbd\xed\xb8\x80\n",
        "overlong UTF-8": HEAD.encode() + b"body: \xc0\xaf\n",
        "UTF-8 cut short": HEAD.encode() + b"body: \xf0\x9f\x98",
        "every byte": bytes(range(256)) * 16,
        "1 MB of every byte": bytes(range(256)) * 3900,
        "gzip": b"\x1f\x8b\x08\0" + bytes(range(255, 0, -1)) * 20,
    }


PIECES = tuple(
    "- |[|{|]|}|: |:|? |,|&a |*a|<<: *a\n|!!int |!x |%YAML 1.1\n|---\n|...\n|#|\t|\r|\n|\n\n|  | |"
    "\"|'|\\|\\x|\\u12|\\U00110000|"
    "|-\n|>\n||2-\n|~|null|no|1e999|\0|\x1b|\x7f|\x85|\u2028|\ufeff|"
    "\ufffe|\U0001f600|id: 8\n|body: |source:\n|tags: [|"
    "  lines: 1-0\n".split("|")
)  # fmt: skip


def mutant(rng: random.Random, originals: Sequence[bytes]) -> bytes:
    """Return one of the files with one to six changes: flips, insertions, deletions, splices, truncations."""
    made = bytearray(rng.choice(originals))
    for _ in range(rng.choice((1, 1, 2, 3, 6))):
        at = rng.randrange(len(made) + 1)
        kind = rng.randrange(9)
        if kind == 0 and at < len(made):
            made[at] ^= 1 << rng.randrange(8)
        elif kind == 1:
            made[at:at] = bytes([rng.randrange(256)])
        elif kind in (2, 3):
            made[at:at] = rng.choice(PIECES).encode("utf-8")
        elif kind == 4:
            del made[at : at + rng.choice((1, 1, 4, 40, 400))]
        elif kind == 5:
            del made[at:]
        elif kind == 6:
            other = rng.choice(originals)
            begin = rng.randrange(len(other) + 1)
            made[at:] = other[begin:]
        elif kind == 7:
            made[at:at] = rng.choice(PIECES).encode("utf-8") * rng.choice((2, 9, 100, 3000))
        else:
            end = min(len(made), at + rng.choice((1, 512, 4096)))
            made[at:end] = bytes(end - at)  # NULs, as a crash leaves blocks that were never written
    return bytes(made)
