"""What is stored of the entries of one index."""

from __future__ import annotations

from pathlib import Path

from kbnotes.index.postings import Terms
from kbnotes.index.stored import Card, text_of, urls_of
from kbnotes.model import Stamp, Summary


class Shelf:
    """What is stored of the documents, each read once. It knows no Answerer, so both end when one does."""

    def __init__(self, terms: Terms, entries: Path) -> None:
        self._terms = terms
        self._entries = entries
        self._cards: dict[int, Card] = {}
        self.shown: list[tuple[str, Stamp]] = []  # names and stamps of the entries told of

    def card(self, number: int) -> Card:
        """Return what a list shows of a document."""
        if number not in self._cards:
            self._cards[number] = Card(self._terms.stored(number, "card"))
        return self._cards[number]

    def summary(self, number: int) -> Summary:
        """Return what is told of a document, and remember that it is."""
        card = self.card(number)
        self.shown.append((card.name, card.stamp))
        return card.summary(self._entries)

    def content(self, number: int) -> str:
        """Return text and links of a document."""
        return self._terms.stored(number, "content")

    def text(self, number: int) -> str:
        """Return title and text of a document."""
        return f"{self.card(number).title}\n{text_of(self.content(number))}"

    def urls(self, number: int) -> list[str]:
        """Return the links of a document."""
        return urls_of(self.content(number))
