"""The score of the words and the nearness of the meaning -> one score."""

from __future__ import annotations

from collections.abc import Mapping

# Of 0.15, 0.3, 0.45 and 0.6, this one gains on every development collection (2026-11-27, with the ranking by
# words as it is then); more takes from short notes what it gives to long ones. It has to stay under 1: so an
# entry with none of the words never passes the one that matches them best.
WEIGHT = 0.45
# The best cosine of a question from another field has its median at 0.22 to 0.46, that of a right answer at
# 0.37 to 0.75 (2026-11-27). nDCG@10 is the same at any floor; this one lets in about one entry a question.
FLOOR = 0.35


def fuse(words: Mapping[int, float], *, meaning: Mapping[int, float]) -> dict[int, float]:
    """Return a score for each document in `words`, and for those in `meaning` near enough without them.

    `words`: scores above 0, in any unit, which the result keeps. `meaning`: cosines, of all documents in
    `words` and of the nearest besides; one that it lacks has 0. Without any words, the result is cosines.
    """
    nearest = max(meaning.values(), default=0.0)
    if nearest <= 0:
        return dict(words)
    near = {number: value for number, value in meaning.items() if number in words or value >= FLOOR}
    if not words:
        return near
    most = WEIGHT * max(words.values())
    return {
        number: words.get(number, 0.0) + most * (max(0.0, near.get(number, 0.0)) / nearest)
        for number in words.keys() | near.keys()
    }
