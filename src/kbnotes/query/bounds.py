"""How much of a query is read: 0.5 s is the bound on any query."""

from __future__ import annotations

MAX_LENGTH = 2_000  # characters read of a query
MAX_SAVED = 8_000  # characters read of all saved searches in it: they name each other, and fan out
MAX_TERMS = 64  # words, phrases and filters read of a query, those of saved searches included
MAX_DEPTH = 12  # brackets and saved searches within one another
