"""The passage of an entry where the words asked for stand closest, with the words marked."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import cached_property
from itertools import islice

from kbnotes.index.analysis import MAX_WORD, PLURALS, every_word, folded, words
from kbnotes.index.clause import Clause
from kbnotes.index.elision import parted
from kbnotes.index.language import Language
from kbnotes.record import field, mutable_record

WIDTH = 136  # characters: two lines of 80 columns, less the margin
MAX_FOUND = 200  # words looked at in one entry
_LEAD = 40  # characters shown before the first mark
_BORDER = 20  # characters within which a word's border is looked for
_SENTENCE = re.compile(r"[.!?][)\"'”]?\s+(?=\S)|\n")
_SPACES = re.compile(r"\s+")

Marks = tuple[tuple[int, int], ...]


@mutable_record
class Wanted:
    """The words to mark: runs of stems, and beginnings of words."""

    stem: Callable[[str], str]
    runs: dict[str, set[tuple[str, ...]]] = field(default_factory=dict)  # by their first stem
    prefixes: tuple[str, ...] = ()
    spelled: frozenset[str] = frozenset()  # words as they are spelled
    parted: Callable[[str], str] = str

    @staticmethod
    def of(clauses: Iterable[Clause], language: Language) -> Wanted:
        """Return what clauses look for in a text; small words only where there are no others."""
        wanted = Wanted(stem=language.stem, parted=lambda text: parted(text, language))
        every = list(clauses)
        for clause in [clause for clause in every if not clause.is_function] or every:
            wanted.prefixes += clause.prefixes
            wanted.spelled |= clause.spelled
            for run in clause.runs:
                if run and all(run):
                    wanted.runs.setdefault(run[0], set()).add(run)
        return wanted

    @cached_property
    def beginnings(self) -> re.Pattern[str]:
        """What begins like a wanted word in small letters of ASCII; stems end otherwise than words."""
        stems = {run[0] for runs in self.runs.values() for run in runs}
        irregular = {
            plural for plural, single in PLURALS.items() if single in stems or self.stem(single) in stems
        }
        heads = {stem[: max(2, len(stem) - 1)] for stem in stems}
        found = sorted(heads | irregular | self.spelled | set(self.prefixes))
        pattern = "|".join(re.escape(each) for each in found if each) or r"(?!)"
        return re.compile(rf"(?<![^\W_])(?<![^\W_]')(?:{pattern})[^\W_]*(?:'[^\W_]+)*")

    @cached_property
    def longest(self) -> int:
        """Words in the longest run that is wanted."""
        return max((len(run) for runs in self.runs.values() for run in runs), default=1)

    @cached_property
    def reach(self) -> int:
        """Characters in which the longest run is looked for."""
        return MAX_WORD * (self.longest + 1)

    @cached_property
    def known(self) -> dict[str, tuple[int, str]]:
        """What `length_of` has said, by the words as they are written."""
        return {}

    def length_of(self, raw: str) -> tuple[int, str]:
        """Return the words in the longest run that may begin with a word, 0 for none, and its stem."""
        word = folded(raw.rstrip("+#"))
        stem = self.stem(word)
        runs = self.runs.get(stem)
        found = max(map(len, runs)) if runs else int(self.is_marked(word))
        self.known[raw] = found, stem
        return found, stem

    def is_marked(self, word: str) -> bool:
        """Tell whether a word is marked by itself, for how it is spelled or begins."""
        return word in self.spelled or (bool(self.prefixes) and word.startswith(self.prefixes))

    def length_at(self, stems: list[str], texts: list[str], at: int) -> int:
        """Return how many words from place `at` on are wanted together; 0 for none."""
        runs = self.runs.get(stems[at], ())
        lengths = [len(run) for run in runs if tuple(stems[at : at + len(run)]) == run]
        if not lengths and self.is_marked(texts[at]):
            return 1
        return max(lengths, default=0)


def cut_snippet(text: str, urls: list[str], wanted: Wanted) -> tuple[str, Marks]:
    """Return about 160 characters of `text` on one line, and the [start, end) of each mark in them.

    Where the text has none of the words, a link that has; else the beginning of the text.
    """
    found = _find(text, wanted)
    if not found:
        for url in urls:
            if in_url := _find(url, wanted):
                return _cut(url, in_url, 0)
        return _cut(text, [], 0)
    start = _best_start(found)
    return _cut(text, found, start)


def _find(text: str, wanted: Wanted) -> list[tuple[int, int, str]]:
    """Return [start, end) and stem of each run of wanted words, at most MAX_FOUND."""
    found: list[tuple[int, int, str]] = []
    last, known = 0, wanted.known
    text = wanted.parted(text)  # of the same length
    # Most of a text is not asked for: of one in ASCII, only words that begin like one that is are looked at.
    for word in wanted.beginnings.finditer(text.lower()) if text.isascii() else every_word().finditer(text):
        raw = word.group()
        length, stem = known.get(raw) or wanted.length_of(raw)
        if not length or word.start() < last:
            continue
        start, end = word.span()
        if length > 1:
            runs = _find_in(text[start : start + wanted.reach], wanted, once=True)
            if not runs:
                continue
            end = start + runs[0][1]
        last = end
        found.append((start, end, stem))
        if len(found) == MAX_FOUND:
            break
    return found


def _find_in(text: str, wanted: Wanted, *, once: bool = False) -> list[tuple[int, int, str]]:
    """Return the same by looking at every word; with `once`, only of a run that begins the text."""
    tokens = list(islice(words(text), wanted.longest if once else None))
    texts = [token.text for token in tokens]
    stems = [wanted.stem(token) for token in texts]
    found: list[tuple[int, int, str]] = []
    at = 0
    while at < len(tokens) and len(found) < MAX_FOUND and not (once and at):
        length = wanted.length_at(stems, texts, at)
        if length:
            found.append((tokens[at].start, tokens[at + length - 1].end, stems[at]))
        at += max(length, 1)
    return found


def _best_start(found: list[tuple[int, int, str]]) -> int:
    """Return where the window with the most different words begins; of equals the first."""
    best, best_score = found[0][0], (0, 0)
    for at, (start, _, _) in enumerate(found):
        inside = [word for _, end, word in found[at : at + 40] if end - start <= WIDTH - _LEAD]
        score = (len(set(inside)), len(inside))
        if score > best_score:
            best, best_score = start, score
    return best


def _cut(text: str, found: list[tuple[int, int, str]], start: int) -> tuple[str, Marks]:
    begin = _begin(text, start)
    end = _border(text, min(len(text), begin + WIDTH), forward=False)
    if text[end:].strip() == "":
        end = len(text)
    pieces: list[str] = ["… "] if begin else []
    length = len("".join(pieces))
    marks: list[tuple[int, int]] = []
    at = begin
    for first, last, _ in [span for span in found if begin <= span[0] and span[1] <= end] + [(end, end, "")]:
        plain = _SPACES.sub(" ", text[at:first])
        if not length:
            plain = plain.lstrip()
        pieces += [plain, text[first:last]]
        if last > first:
            marks.append((length + len(plain), length + len(plain) + last - first))
        length += len(plain) + last - first
        at = last
    snippet = "".join(pieces).rstrip()
    return (f"{snippet} …" if text[end:].strip() else snippet), tuple(marks)


def _begin(text: str, start: int) -> int:
    """Return where to begin so that `start` is in sight: at its sentence if that is near, else at a word."""
    if start <= 2 * _LEAD:
        return 0
    ends = [stop.end() for stop in _SENTENCE.finditer(text, max(0, start - 2 * _LEAD), start + 1)]
    return ends[-1] if ends else _border(text, start - _LEAD, forward=True)


def _border(text: str, at: int, *, forward: bool) -> int:
    """Return the nearest place between two words at or inside `at`; `at` itself where none is near."""
    if at in (0, len(text)):
        return at
    if forward:
        space = _SPACES.search(text, at, at + _BORDER)
        return space.end() if space else at
    spaces = list(_SPACES.finditer(text, max(0, at - _BORDER), at + 1))
    return spaces[-1].start() if spaces else at
