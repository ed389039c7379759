"""The page: opened in a real browser, searched, and attacked."""

from __future__ import annotations

import http.server
import re
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from kbnotes.kb import KnowledgeBase
from kbnotes.kb.exporting.page import page
from kbnotes.model import Entry
from tests.codec.helpers import entry
from tests.kb.exporting.browser import answered, needs_browser, opened, shown_ids
from tests.torture.hostile_text import PAYLOADS

HOSTILE = [
    "</script><script>document.title='owned'</script>",
    "<img src=x onerror=document.title='owned'>",
    "\"><svg onload=document.title='owned'>",
    "'onmouseover='document.title=1",
    "</title><style>*{display:none}</style>",
    "<!-- <script>",
    "]]>\u2028\u2029\x00\ufeff",
    "@SCRIPT@ @TITLE@ @NOTHING@",
    "[a](javascript:document.title='owned') [b](data:text/html,x) <javascript:x>",
    *PAYLOADS[:5],
]


def _written(made: list[Entry], place: Path, *, title: str = "Notes") -> Path:
    file = place / "page.html"
    file.write_text("".join(page(made, title=title)), "utf-8")
    return file


@pytest.fixture
def file(seeded: KnowledgeBase, tmp_path: Path) -> Path:
    seeded.export(form="html").write(tmp_path / "notes.html", overwrite=False)
    return tmp_path / "notes.html"


def test_the_page_holds_all_of_it_and_names_nothing_outside(file: Path) -> None:
    text = file.read_text("utf-8")
    assert shown_ids(text) == list(range(1, 21))
    head = text[: text.index("<body>")]
    assert "default-src 'none'" in head
    assert not re.search(r"https?://|@import|url\(", head)
    assert not re.search(r"<(?:link|img|iframe|script src|object|embed|base|form)\b", text)
    assert "@" not in re.sub(r"@media|[\w.]+@[\w.]+", "", head)


def test_the_same_entries_make_the_same_page(tmp_path: Path) -> None:
    made = [entry(id=at, title=f"T{at}") for at in range(3)]
    assert list(page(made, title="x")) == list(page(made, title="x"))
    assert "0 entries" in "".join(page([], title="x"))
    assert "1 entry<" in "".join(page(made[:1], title="x"))


@needs_browser
def test_without_a_question_all_entries_are_shown_in_order(file: Path) -> None:
    document = opened(file)
    assert shown_ids(document) == list(range(1, 21))
    assert '<p id="said" role="status" aria-live="polite">20 entries</p>' in document
    assert '<div id="search" role="search">' in document


@needs_browser
@pytest.mark.parametrize(
    ("address", "ids"),
    [
        ("#q=cache", [18, 4, 14]),
        ("#q=cach", [18, 4, 14]),
        ("#q=KV+cach%C3%A9", [18]),
        ("#q=zeppelin", []),
        ("#tag=chiplets&tag=interconnect", [14, 15]),
        ("#q=pitch&tag=chiplets", [15]),
        ("#tag=hardware", [4, 13, 14, 15, 16]),
        ("#tag=nothing", []),
    ],
)
def test_words_beginnings_of_words_and_tags_find_entries(file: Path, address: str, ids: list[int]) -> None:
    document = opened(file, address)
    assert shown_ids(document) == ids
    said = f"{len(ids)} of 20 entries" if ids else "Nothing was found"
    assert f">{said}</p>" in document


@needs_browser
def test_text_that_runs_on_without_spaces_is_found_anywhere_in_it(tmp_path: Path) -> None:
    made = [entry(id=1, title="x", body="東京タワーは高い。"), entry(id=2, title="y", body="Other.")]
    assert shown_ids(opened(_written(made, tmp_path), "#q=タワー")) == [1]


@needs_browser
def test_a_link_to_an_entry_shows_it_and_moves_there(file: Path) -> None:
    script = "return [document.querySelector(':target').id, scrollY > 500]"
    assert answered(file, script, "#18") == "18,true"


@needs_browser
def test_keys_and_clicks_do_what_they_promise(file: Path) -> None:
    script = """
      const key = (key, target) => (target ?? document.activeElement).dispatchEvent(
        new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
      const ids = () => [...document.querySelectorAll("main article")].map((each) => each.id).join(" ");
      const said = [];
      key("/", document.body);
      said.push(document.activeElement.id);
      document.querySelector("article .tag[data-tag=chiplets]").click();
      said.push(ids(), location.hash, document.querySelector("#chosen").textContent);
      document.querySelector("#chosen .tag").click();
      said.push(ids().split(" ").length, location.hash);
      document.querySelector("#tags .tag[data-tag=excel]").click();
      said.push(ids(), document.querySelector("#tags .tag[data-tag=excel]").getAttribute("aria-pressed"));
      document.getElementById("query").focus();
      key("ArrowDown");
      said.push(document.activeElement.closest("article").id);
      key("ArrowUp");
      said.push(document.activeElement.id);
      key("Escape");
      said.push(ids().split(" ").length);
      return said.join("|");
    """
    assert answered(file, script) == "query|14 15 16|#tag=chiplets|chiplets|20||20|true|20|query|20"


@needs_browser
def test_found_words_are_marked_without_a_change_of_the_text(file: Path) -> None:
    script = "return [...CSS.highlights.get('found')].map((each) => each.toString()).join(' ')"
    assert set(answered(file, script, "#q=cach").lower().split()) == {"cach"}


@needs_browser
def test_hostile_titles_tags_and_texts_are_only_text(tmp_path: Path) -> None:
    bodies = [f"{text}\n\n`{text}`\n\n# {text}\n\n| a |\n|--:|\n| {text} |\n" for text in HOSTILE]
    made = [
        entry(id=at, title=text, tags=(text,), body=body)
        for at, (text, body) in enumerate(zip(HOSTILE, bodies, strict=True), 1)
    ]
    file = _written(made, tmp_path, title=HOSTILE[0])
    script = """
      const odd = [...document.querySelectorAll("main script, main img, main svg, main style, main [style]")];
      const handlers = [...document.querySelectorAll("*")].filter((each) =>
        [...each.attributes].some((own) => own.name.startsWith("on")));
      const links = [...document.querySelectorAll("main a")].map((each) => each.protocol);
      return [odd.length, handlers.length, [...new Set(links)].join(), document.title === TITLE].join("|");
    """.replace("TITLE", repr(HOSTILE[0]).replace("</", "<\\/"))
    assert answered(file, script) == "0|0|file:|true"
    document = opened(file, "#q=script")
    assert "owned'" in document
    assert "<title>&lt;/script&gt;" in document
    assert shown_ids(document)


@needs_browser
def test_the_policy_lets_no_other_script_run(file: Path) -> None:
    text = file.read_text("utf-8")
    attack = "<script>document.title='owned'</script><img src=x onerror=\"document.title='owned'\">"
    file.write_text(text.replace('<main id="entries"', f"{attack}<main", 1), "utf-8")
    assert "<title>owned" not in opened(file)
    file.write_text(
        text.replace("default-src 'none'; style-src", "style-src").replace("script-src", "x-src"), "utf-8"
    )
    file.write_text(file.read_text("utf-8").replace('<main id="entries"', f"{attack}<main", 1), "utf-8")
    assert "<title>owned" in opened(file), "the attack must work where there is no policy"


class _Counting(http.server.BaseHTTPRequestHandler):
    asked: list[str]

    def do_GET(self) -> None:
        self.asked.append(self.path)
        self.send_response(204)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (its name there)
        """Say nothing."""


@pytest.fixture
def server() -> Iterator[tuple[str, list[str]]]:
    """A web server on this machine, and what was asked of it."""
    asked: list[str] = []
    handler = type("Handler", (_Counting,), {"asked": asked})
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as running:
        thread = threading.Thread(target=running.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{running.server_address[1]}", asked
        running.shutdown()
        thread.join()


@needs_browser
def test_the_page_asks_nothing_of_the_network(tmp_path: Path, server: tuple[str, list[str]]) -> None:
    host, asked = server
    body = (
        f"![i]({host}/image) [![j]({host}/linked)]({host}/link) <img src='{host}/raw'>\n\n"
        f"<link rel=prefetch href={host}/prefetch> <script src={host}/script></script>\n\n[r]: {host}/ref\n"
    )
    document = opened(_written([entry(title=f"<img src={host}/title>", body=body)], tmp_path))
    assert f'href="{host}/image"' in document
    assert asked == []
    outside = tmp_path / "outside.html"
    outside.write_text(f"<img src='{host}/seen'>")
    opened(outside)
    assert asked == ["/seen"], "the server must notice what is asked of it"


@needs_browser
def test_five_thousand_entries_are_searched_and_only_some_are_laid_out(tmp_path: Path) -> None:
    made = [
        entry(id=at, title=f"Entry {at}", tags=("even",) if at % 2 == 0 else (), body=f"About w{at}x.\n")
        for at in range(1, 5001)
    ]
    file = _written(made, tmp_path)
    assert shown_ids(opened(file, "#q=w4321x")) == [4321]
    some = shown_ids(opened(file, "#tag=even"))
    assert some == list(range(2, 2 * len(some) + 1, 2))
    assert len(some) < 500
    assert 4999 in shown_ids(opened(file, "#4999"))
