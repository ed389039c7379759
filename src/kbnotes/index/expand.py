"""What else a word may stand for, learned from the notes: acronyms written out, and other spellings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from kbnotes.index.acronyms import MARK, MAX, MIN
from kbnotes.index.analysis import Word as Token
from kbnotes.index.language import Language
from kbnotes.index.postings import Terms

MAX_LONG_FORMS = 3  # of one acronym
MAX_LOOKED_AT = 2_000  # acronyms that begin with one letter
# British and American, both ways; tried only against words that the notes have. What stands before the two
# spellings (any letter, if that is left open), the spellings, and what may follow.
_OTHERWISE = (
    ("", "is", "iz", ("e", "ed", "es", "er", "ing", "ation", "ations")),
    ("", "our", "or", ("", "s", "ed", "ing", "ite", "able", "al")),
    ("bt", "re", "er", ("", "s")),
    ("bt", "red", "ered", ("",)),
    ("aeiou", "ll", "l", ("ed", "ing", "er", "ers")),
    ("", "ogue", "og", ("", "s")),
    ("", "ence", "ense", ("", "s")),
    ("", "ys", "yz", ("e", "ed", "es", "er", "ing")),
    ("", "grey", "gray", ("", "s", "scale")),
)


def spelled_otherwise(word: str, terms: Terms) -> list[str]:
    """Return the spellings of a folded word by which the notes have it, beside its own."""
    if len(word) < 4 or not word.isascii():
        return []
    found = dict.fromkeys(_spellings(word))
    return [each for each in found if each != word and terms.has("exact", each)]


def _spellings(word: str) -> Iterator[str]:
    for before, one, two, ends in _OTHERWISE:
        for old, new in ((one, two), (two, one)):
            for end in ends:
                head = word.removesuffix(old + end)
                if head != word and (not before or head[-1:] in before or not head):
                    yield head + new + end


def long_forms(word: str, terms: Terms) -> list[str]:
    """Return what the notes say that a folded acronym stands for, what most entries say first."""
    if not MIN <= len(word) <= MAX:
        return []
    found = [each for each in terms.beginning("acronym", word + MARK) if not each.endswith(MARK)]
    found.sort(key=lambda each: (-terms.frequency("acronym", each), each))
    return [each.partition(MARK)[2] for each in found[:MAX_LONG_FORMS]]


def short_forms(
    tokens: Sequence[Token], terms: Terms, language: Language
) -> Iterator[tuple[str, bool, int, int]]:
    """Yield the acronyms for words of a query: each, whether the notes explain it so, [start, end) of them.

    The words are side by side. Of an acronym that the notes explain, they are the long form by their
    stems; else it is a word that the notes write in capitals and that is made of their
    first letters (`KV` for "key value").
    """
    stems = [language.stem(token.text) for token in tokens]
    for start, token in enumerate(tokens):
        letters = ""
        for end in range(start, min(start + MAX, len(tokens))):
            if tokens[end].text not in language.function_words:
                letters += tokens[end].text[0]
            elif end == start:
                break
            if len(letters) < MIN:
                continue
            known = list(terms.beginning("acronym", letters + MARK))
            said = [each for each in known if each.endswith(MARK)]
            told = [each.partition(MARK)[2].split() for each in known]
            if any([language.stem(word) for word in long] == stems[start : end + 1] for long in told):
                yield letters, True, start, end + 1
            elif said and len(letters) == end + 1 - start:
                yield letters, False, start, end + 1
        for each in _explained(token, terms):
            short, _, long = each.partition(MARK)
            wanted = [language.stem(word) for word in long.split()]
            if stems[start : start + len(wanted)] == wanted:
                yield short, True, start, start + len(wanted)


def _explained(token: Token, terms: Terms) -> Iterator[str]:
    """Yield the acronyms whose long form begins with this word, though their letters may be others of it."""
    if len(token.text) < 3:
        return
    for each in islice(terms.beginning("acronym", token.text[0]), MAX_LOOKED_AT):
        if each.partition(MARK)[2].startswith(token.text[:3]):
            yield each
