"""Which words of a text are marked: the quick way and the one that looks at every word agree."""

from __future__ import annotations

from unittest import mock

from hypothesis import example, given, settings
from hypothesis import strategies as st

from kbnotes.index.language import language_of
from kbnotes.index.snippet import Wanted, _find, _find_in, cut_snippet

_WORDS = """cache caches caching cached don't dont KV-cache kv cache GPT-4 gpt c++ C# café cafe naïve naive
Ünïcode unicode l’école école KvCache users' user's indices index 编程 python编程 漢字 ﬁne fine ™
x² 10 2.5D 日本 e\u0301t\u00e9 \uff30ython state-of-the-art the of it's its""".split()
_TEXT = st.lists(st.sampled_from([*_WORDS, "…", "“quoted”", "—", "\n", "."]), max_size=30).map(" ".join)


def _wanted(runs: list[list[str]], prefixes: list[str], spelled: list[str]) -> Wanted:
    language = language_of("english")
    wanted = Wanted(stem=language.stem, prefixes=tuple(prefixes), spelled=frozenset(spelled))
    for words in runs:
        run = tuple(language.stem(word) for word in words)
        wanted.runs.setdefault(run[0], set()).add(run)
    return wanted


_PLAIN = st.sampled_from(
    ["cache", "kv", "gpt", "4", "cafe", "naive", "unicode", "ecole", "user", "index", "python"]
)


@settings(max_examples=400, deadline=None)
@given(
    _TEXT,
    st.lists(st.lists(_PLAIN, min_size=1, max_size=3), max_size=3),
    st.lists(_PLAIN, max_size=1),
    st.lists(_PLAIN, max_size=1),
)
@example("Don’t l’école", [["ecole"]], [], [])
@example("python编程 caching", [["python"], ["cache"]], [], [])
def test_both_ways_mark_the_same(
    text: str, runs: list[list[str]], prefixes: list[str], spelled: list[str]
) -> None:
    wanted = _wanted(runs, prefixes, spelled)
    assert _find(text, wanted) == _find_in(text, wanted)


def test_most_texts_are_not_looked_at_word_by_word() -> None:
    wanted = _wanted([["cache"]], [], [])
    with mock.patch("kbnotes.index.snippet._find_in", side_effect=AssertionError):
        snippet, marks = cut_snippet("Le café — naïve “caching” … für alle", [], wanted)
    assert [snippet[start:end] for start, end in marks] == ["caching"]
