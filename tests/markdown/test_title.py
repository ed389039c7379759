"""The title of a note, rule by rule."""

from __future__ import annotations

import pytest

from kbnotes.markdown import read_body, split
from tests.conftest import SEED

# As a reader of the notes applies the rule, and why.
SEEDS = {
    # A first sentence without its aside; "generate" | "Adversarial" would pass 80 characters.
    1: "Machine learning models for creating images generally use either Generative…",
    2: "DeepSpeed",  # the link it opens with
    3: "ONNX",  # the emphasis it opens with
    4: "Multi-processors",  # emphasised in the second sentence, the first that has any
    5: "Mypy",
    6: "BERT / GPT",  # two terms of one sentence
    7: "Tokenizer",
    8: "Query, Key and Value",
    9: "Fine-tuning is getting replaced by prompting for training large language models",
    10: "NVTX is an annotation tool which can be used for debugging and profiling python…",
    11: "Sequence length",
    12: "Special tokens such as [CLS] and [SEP] are used as separation or end tokens",
    13: "TAgged GEometric length predictor (TAGE)",  # the brackets are part of the term
    14: "3D or 2.5D interconnects",  # emphasis round a link
    15: "Multi Chip Modules",
    16: "Multile chiplets form a package, multiple packages form a node, multiple…",  # "of such" dropped
    17: "A reminder to build with -O3 optimization when running final experiments",
    18: "KV cache",
    19: "From a youtube video my friend shared, got some tips on how to speak",
    20: "While handling data in excel, uniformity in the table is the key to expanding…",  # "the" dropped
}


def title(body: str) -> str:
    return read_body(body).title


@pytest.mark.parametrize("number", SEEDS)
def test_each_of_the_users_notes_gets_its_title(number: int) -> None:
    sections = split(SEED.read_text(encoding="utf-8")).sections
    (note,) = [each for each in sections if each.number == number]
    assert read_body(note.body, marker=note.marker).title == SEEDS[number]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("# Caches\nThe _rest_ is text.", "Caches"),
        ("Caches\n===\ntext", "Caches"),
        ("## The **KV** [cache](http://x.y)\ntext", "The KV cache"),
        ("#\n\n_Term_ follows an empty heading.", "Term"),
        ("Text first.\n\n# A heading later", "Text first"),
    ],
)
def test_a_heading_that_opens_the_note_is_its_title(body: str, expected: str) -> None:
    assert title(body) == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("_KV cache_ helps. More.", "KV cache"),
        ("**Note:** read this.", "Note"),
        ("[DeepSpeed](http://x.y) is a library.", "DeepSpeed"),
        ("`kb search` finds _things_.", "kb search"),
        ("***Both* kinds** of it.", "Both kinds"),
        ("**[Linked](http://x.y) and strong** text.", "Linked and strong"),
        ("[**strong** and linked](http://x.y) text.", "strong and linked"),
        ("![A picture](p.png) shows it.", "A picture"),
        ("- _First_ of a list", "First"),
        ("> _Quoted_ term", "Quoted"),
        ("[ ] **Buy** milk", "Buy"),
    ],
)
def test_a_note_is_called_by_what_it_opens_with(body: str, expected: str) -> None:
    assert title(body) == expected


@pytest.mark.parametrize(
    "url", ["https://x.y/z", "<https://x.y/z>", "<https://x.y/ü>", "[https://x.y](https://x.y/)"]
)
def test_a_bare_url_is_no_name_for_what_follows_it(url: str) -> None:
    assert title(f"{url} tells about _paging_ well.") == "paging"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("Both _CPU_ and **GPU** have it. _Later_ ones not.", "CPU / GPU"),
        ("No term here. But _one_ here.", "one"),
        ("_No_, and then: _this_.", "No"),
        ("Twice _it_ and _it_.", "it"),
        ("In _one two three four five six seven_ words, and _two_.", "two"),
        ("He said _do it. Now!_ and _left_.", "left"),
        ("The _CPU vs. GPU_ question.", "CPU vs. GPU"),
        ("See e.g. the _first_ sentence, i.e. this, and _this_.", "first / this"),
        ("Only _Yahoo!_ is shouted.", "Only Yahoo!"),
        ("Plain paragraph.\n\nAnd _emphasis_ in the next.", "emphasis"),
    ],
)
def test_else_by_the_emphasised_terms_of_the_first_sentence_that_has_any(body: str, expected: str) -> None:
    assert title(body) == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("A plain sentence. Another.", "A plain sentence"),
        ("Is it? Yes.", "Is it?"),
        ("Broken over\ntwo lines. More.", "Broken over two lines"),
        ("Use caches, e.g. L1 vs. L2, etc. to be fast. More.", "Use caches, e.g. L1 vs. L2, etc. to be fast"),
        ("J. Smith and Dr. Who met Ms. Marple. More.", "J. Smith and Dr. Who met Ms. Marple"),
        ("See fig. 5 and no. 7 of it. More.", "See fig. 5 and no. 7 of it"),
        ("The latency is 10 ms. The rest waits.", "The latency is 10 ms"),
        ("Is 2.5D new, or v1.2.3 old? More.", "Is 2.5D new, or v1.2.3 old?"),
        ("He said “stop.” Then left.", "He said “stop.”"),
        ("今天天气很好。明天也好。", "今天天气很好"),
        ("注意力（Attention）是一种机制。更多。", "注意力是一种机制"),
        ("[x] Done with it. More.", "Done with it"),
        ("- first item\n- second item", "first item"),
        ("| n | t |\n|---|---|\n| 1 | x |", "n"),
        ("A label:\n\n- item", "A label"),
    ],
)
def test_else_by_the_first_sentence(body: str, expected: str) -> None:
    assert title(body) == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("Caches (like L1 (or L2)) are fast.", "Caches are fast"),
        ("Caches (see there. And here), then, are fast.", "Caches, then, are fast"),
        ("(By the way.) Caches are fast.", "Caches are fast"),
        ("PCI(Peripheral Component Interconnect) is old.", "PCI is old"),
        ("Calling f(x) or print() with token(s) works.", "Calling f(x) or print() with token(s) works"),
        ("Open (and never closed", "Open (and never closed"),
        ("Closed) and a (b) c", "Closed) and a c"),
        ("(All of it is aside)", "(All of it is aside)"),
        ("The [CLS] token stays.", "The [CLS] token stays"),
    ],
)
def test_asides_in_brackets_are_left_out(body: str, expected: str) -> None:
    assert title(body) == expected


def test_a_long_title_is_cut_at_a_word_that_means_something() -> None:
    assert title("x" * 70 + " of the thing") == "x" * 70 + "…"
    assert title("x" * 70 + " abcdefgh, and more") == "x" * 70 + " abcdefgh…"
    assert title("x" * 76 + " and") == "x" * 76 + " and"  # 80 characters stay as they are
    assert title("x" * 77 + " and") == "x" * 77 + "…"
    assert title("# " + "word " * 30) == ("word " * 16).strip() + "…"
    assert title("**" + "word " * 30 + "end**") == ("word " * 16).strip() + "…"


def test_a_long_title_without_words_is_cut_at_80_characters() -> None:
    assert title("x" * 100) == "x" * 80 + "…"
    assert title("GPT 是" + "模型" * 60) == "GPT 是" + "模型" * 37 + "模…"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("```python\nprint(1)\n```", "print(1)"),
        ("```\n\n```\n\nText behind it.", "Text behind it"),
        ("    indented code\n", "indented code"),
        ("<!-- hidden -->", "<!-- hidden -->"),
        ("", ""),
        (" \n\t\n", ""),
        ("---", ""),
        ("[ ] ", "[ ]"),
        ("![](p.png)", ""),
    ],
)
def test_a_note_without_sentences_is_called_by_what_there_is(body: str, expected: str) -> None:
    assert title(body) == expected
