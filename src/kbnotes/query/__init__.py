"""What was typed -> Query. Pure and total: every string is a valid query.

The grammar, one line a form (the page for people is docs/reference/query.md):

    words                  all of them, in any inflection
    "a phrase"             side by side, in this order
    =word, ="a phrase"     only as spelled
    ~word, chip*           spelled nearly so; any word that begins so
    a OR b, a AND b        capitals; AND is firm, and binds tighter than a space; OR looser
    NOT a, -a              leave out what holds a
    ( … )                  a firm group
    title: body: url:      in that part only
    tag: id: has: is:      the tag x or what implies it; 11..15; link, code, tag; untagged, broken, tagged
    created: updated:      2026-10, 2026-09..2026-10-15, last week, 7d
    @name                  a saved search, as a firm group
"""

from kbnotes.query.bounds import MAX_DEPTH, MAX_LENGTH, MAX_TERMS
from kbnotes.query.dates import parse_when
from kbnotes.query.describe import describe
from kbnotes.query.parsing import literal, parse, time_filter

__all__ = [
    "MAX_DEPTH",
    "MAX_LENGTH",
    "MAX_TERMS",
    "describe",
    "literal",
    "parse",
    "parse_when",
    "time_filter",
]
