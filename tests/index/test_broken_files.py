"""How a hit looks that is a file which cannot be read as an entry."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path

from kbnotes.kb import KnowledgeBase
from kbnotes.model import Asked
from kbnotes.render import Output
from tests.index.asking import base_of


def _shown(base: KnowledgeBase, query: str, *, as_json: bool = False) -> str:
    out = StringIO()
    Output(out, StringIO(), json=as_json).results(base.search(query), asked=Asked())
    return out.getvalue()


def test_a_hit_says_that_it_could_not_be_read_and_where_to_ask(tmp_path: Path) -> None:
    base = base_of(tmp_path, "A zebra.")
    (base.base / "entries" / "0007-my-lion.yaml").write_text("[a lion")
    (base.base / "entries" / "tiger.yaml").write_text("[a tiger")
    shown = _shown(base, "lion OR tiger")
    assert "7  0007-my-lion.yaml" in shown
    assert "-  tiger.yaml" in shown
    assert shown.count("cannot be read as an entry") == shown.count("kb doctor") == 2
    assert "cannot be read" not in _shown(base, "zebra")


def test_json_says_what_is_wrong_with_it(tmp_path: Path) -> None:
    base = base_of(tmp_path, "A zebra.")
    (base.base / "entries" / "0007-my-lion.yaml").write_text("[a lion")
    (hit,) = json.loads(_shown(base, "lion", as_json=True))["hits"]
    assert (hit["id"], hit["title"], hit["tags"]) == (7, "0007-my-lion.yaml", [])
    assert "0007-my-lion.yaml" in hit["broken"]
    (entry,) = json.loads(_shown(base, "zebra", as_json=True))["hits"]
    assert "broken" not in entry


def test_words_of_a_file_that_is_mended_are_those_of_the_entry_only(tmp_path: Path) -> None:
    base = base_of(tmp_path, "A zebra.")
    (path,) = (base.base / "entries").glob("*.yaml")
    good = path.read_bytes()
    path.write_bytes(b"garbled " + good[:30])
    assert base.search("garbled").total == 1
    path.write_bytes(good)
    assert base.search("garbled").total == 0
    assert base.search("zebra").total == 1
