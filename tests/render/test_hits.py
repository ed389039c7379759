"""A page of hits: what is marked, what is missing, what is counted, and what is said beside it."""

from __future__ import annotations

import re

import pytest
from rich.cells import cell_len

from kbnotes.model import Asked, Nearest, Part, TagCount
from tests.render.pages import KINDS, hit, page, summary, whole, write

STYLE = re.compile(r"\x1b\[[0-9;]*m")
KV = summary(18, "KV cache", "llm", "inference")
SRAM = summary(7, "On-chip memory", "hardware")
PAGE = page(
    hit(KV, "The [KV] [cache] keeps what was seen."),
    hit(SRAM, "A [cache] of SRAM.", missing=("kv",)),
    total=57,
    complete=3,
)
LONG = "word " * 12 + "[chiplets] and memory for communication, which is kind of the standard for CPU-CPU …"


# Marks


def test_without_styles_what_was_found_stands_between_asterisks() -> None:
    plain = "1. 18  KV cache   llm · inference\n       The *KV cache* keeps what was seen.\n"
    for kind in ("piped", "dumb"):
        assert write(PAGE, kind=kind).out.startswith(plain)


def test_colours_mark_it_and_without_them_bold_and_an_underline_do() -> None:
    assert "The \x1b[1;35mKV cache\x1b[0m keeps" in write(PAGE, kind="colours").out
    assert "The \x1b[1;4mKV cache\x1b[0m keeps" in write(PAGE, kind="NO_COLOR").out
    for kind in ("colours", "NO_COLOR"):
        assert "*" not in write(PAGE, kind=kind).out


@pytest.mark.parametrize("kind", KINDS)
def test_a_hostile_passage_is_text_marked_or_not(kind: str) -> None:
    said = write(page(hit(summary(1, "t\x1b[2J"), "a [b\x9b2J\x1b]52;c;x\x07] \u202ec")), kind=kind)
    rest = STYLE.sub("", said.out)
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]", rest)
    assert "b\\x9b2J" in rest


# What stands behind a title and below it


def test_words_that_a_hit_lacks_stand_on_its_line_or_below_where_that_is_too_short() -> None:
    assert "2.  7  On-chip memory   hardware   without “kv”\n" in write(PAGE).out
    narrow = STYLE.sub("", write(PAGE, kind="NO_COLOR", columns=36).out)
    assert "2.  7  On-chip memory   hardware\n       without “kv”\n" in narrow
    assert "without" not in narrow.split("\n2.")[0]


def test_ranks_go_on_from_page_to_page_and_stay_in_line() -> None:
    said = write(page(*[hit(KV, "x")] * 3, total=20, offset=8))
    assert [line[:6] for line in said.out.split("\n") if "KV" in line] == [" 9. 18", "10. 18", "11. 18"]
    assert said.err == "Hits 9 to 11 of 20; --offset 11 shows the next.\n"


@pytest.mark.parametrize("columns", [80, 200])
def test_a_passage_takes_two_lines_at_most_and_no_line_is_too_long(columns: int) -> None:
    for kind in ("colours", "NO_COLOR", "dumb"):
        out = STYLE.sub("", write(page(hit(KV, LONG)), kind=kind, columns=columns).out)
        lines = out.splitlines()
        assert len(lines) <= 3
        assert max(map(cell_len, lines)) <= columns
        assert lines[-1].endswith(" …")
    assert len(write(page(hit(KV, LONG))).out.splitlines()) == 2


def test_a_mark_is_never_cut_off_to_save_a_line() -> None:
    late = "word " * 28 + "[cache]"
    assert "*cache*" in write(page(hit(KV, late)), kind="dumb").out


def test_a_file_that_is_no_entry_says_so() -> None:
    said = write(page(hit(summary(0, "odd.yaml", broken="odd.yaml, line 1: no."), "a [cache]")))
    assert said.out.startswith("1. -  odd.yaml\n      This file cannot be read as an entry")


# Asked for beside the hits


def test_explain_says_how_the_query_was_read_and_adds_each_score_up() -> None:
    parts = (
        Part(reason="“kv”", score=5.2),
        Part(reason="“cache”", score=3.61),
        Part(reason="old", score=-0.5),
    )
    found = page(
        hit(KV, "The [KV]", score=8.31, parts=parts), reading=("every word: kv, cache", "tagged llm")
    )
    out = write(found).out
    assert out.startswith("Read as every word: kv, cache\n        tagged llm\n\n1. 18  KV cache")
    assert out.endswith("\n       8.31 = 5.20 “kv” + 3.61 “cache” - 0.50 old\n")
    assert write(page(reading=("the word: kv",))).out == "Read as the word: kv\n"


def test_facets_follow_the_hits_with_the_tags_of_all_of_them() -> None:
    facets = (TagCount(tag="hardware", entries=12), TagCount(tag="chiplets", entries=4))
    found = page(hit(KV, "x"), total=57, facets=facets)
    assert write(found).out.endswith("\n\nTags of all 57 hits: hardware 12 · chiplets 4\n")
    many = tuple(TagCount(tag=f"t{number}", entries=1) for number in range(30))
    assert write(page(hit(KV, "x"), facets=many)).out.endswith(" · t23 1 · and 6 more\n")


def test_full_shows_whole_entries_with_the_words_of_all_passages_marked() -> None:
    found = page(
        hit(KV, "A [KV] [cache]", missing=("sram",)), hit(SRAM, "[Caches]"), query='"the cache" sram -tag:ml'
    )
    body = "The KV _cache_, and caches: tag.\n\n    caches = kv\n"
    said = write(found, shown=(whole(KV, body),)).out
    first, second = said.split("\n" + "─" * 40 + "\n")
    assert first.startswith("1. 18  KV cache\nllm · inference\nadded 2026-11-23\n\n")
    assert "The *KV* *cache*, and *caches*: tag." in first
    assert "│ caches = kv\n\nwithout “sram”\n" in first, "code is left as it is"
    assert second == "\n2.  7  On-chip memory   hardware\n       *Caches*\n"
    coloured = write(found, kind="colours", shown=(whole(KV, body),)).out
    assert "The \x1b[1;35mKV\x1b[0m " in coloured
    assert STYLE.sub("", coloured).startswith(
        "1. 18  KV cache\nllm · inference\nadded 2026-11-23\n\nThe KV cache,"
    )


def test_a_whole_entry_is_marked_by_the_words_that_were_typed_but_not_by_those_left_out() -> None:
    found = page(hit(KV, ""), query="(sram OR title:page) NOT dram -edram @hw the")
    body = "sram page dram edram hw the not title\n"
    assert "*sram page* dram edram hw the not title" in write(found, shown=(whole(KV, body),)).out


# On standard error


def test_which_hits_these_are_is_said_and_how_to_see_the_next() -> None:
    assert write(PAGE).err == "2 of 57 hits (3 hold all the words); --offset 2 shows the next.\n"
    assert write(page(hit(KV, "x"), total=2, complete=1)).err.startswith(
        "1 of 2 hits (1 holds all the words)"
    )
    assert write(page(hit(KV, "x"), total=2, offset=1)).err == "Hits 2 to 2 of 2.\n"
    assert write(page(hit(KV, "x"))).err == ""
    assert (
        write(page(total=5, offset=9)).err == "There are only 5 hits; --offset 9 passes over all of them.\n"
    )


def test_what_was_tried_and_what_comes_nearest_is_said_where_nothing_was_found() -> None:
    nearest = Nearest(
        spelling="kv cache",
        tags=(TagCount(tag="llm", entries=3),),
        titles=(KV, summary(9, "A " + "long " * 20)),
    )
    said = write(
        page(query="kvv cachhe", tried=("No spelling near to it is in the notes.",), nearest=nearest)
    )
    assert said.out == ""
    assert said.err.splitlines() == [
        "Nothing was found for “kvv cachhe”.",
        "No spelling near to it is in the notes.",
        "Nearest spelling: “kv cache”.",
        "Nearest tags: llm 3; kb list --tag llm lists the first.",
        "Nearest titles: 18 KV cache · 9 A long long long long long long long long long…",
    ]


def test_what_was_done_to_find_hits_is_said_before_them() -> None:
    found = page(
        hit(KV, "x"), query="cachhe", corrected="cache", relaxed="Some were let go.", notes=("Cut.",)
    )
    assert write(found).err.splitlines() == [
        "Cut.",
        "Nothing was found for “cachhe”; searched for “cache”.",
        "Some were let go.",
    ]


# JSON


def test_json_holds_what_was_asked_for_and_nothing_else() -> None:
    usual = write(PAGE, json=True)
    assert usual.err == ""
    assert not {"facets", "reading"} & set(usual.json)
    assert [each["missing"] for each in usual.json["hits"]] == [[], ["kv"]]
    assert (usual.json["offset"], usual.json["complete"], usual.json["nearest"]) == (0, 3, None)
    asked = write(PAGE, json=True, asked=Asked(facets=True, explain=True)).json
    assert (asked["facets"], asked["reading"], asked["hits"][0]["parts"]) == ([], [], [])
    (full, _) = write(PAGE, json=True, shown=(whole(KV, "The body.\n"),)).json["hits"]
    assert (full["body"], full["snippet"]) == ("The body.\n", "The KV cache keeps what was seen.")


def test_json_tells_what_comes_nearest() -> None:
    nearest = Nearest(tags=(TagCount(tag="llm", entries=3),), titles=(KV,))
    said = write(page(tried=("This.",), nearest=nearest), json=True).json
    assert said["tried"] == ["This."]
    assert said["nearest"] == {
        "spelling": None,
        "tags": [{"tag": "llm", "entries": 3}],
        "titles": [{"id": 18, "title": "KV cache"}],
    }
