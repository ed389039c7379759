"""What counts how much in a score. Every figure is chosen by measurement: docs/decisions/0012."""

from __future__ import annotations

from kbnotes.record import record


@record
class Ranking:
    """The weights of BM25 and of what is added to it. Read at each query, so that they can be tuned."""

    k1: float = 1.2  # how soon more of the same word stops counting
    b: float = 0.6  # how much long entries are held back
    title: float = 0.5  # a word in the title, on top
    title_b: float = 0.5  # how much long titles are held back
    labels: float = 0.2  # in a tag, an emphasised term or a heading above, on top
    url: float = 0.1  # in a link
    exact: float = 0.5  # spelled as asked, on top
    function: float = 0.5  # a word that says little by itself (`the`)
    initials: float = 0.7  # an acronym of which the entry holds the words only
    variant: float = 0.9  # the same word spelled otherwise (`optimise`, `multicore`)
    spelling: float = 0.8  # the nearest spelling of a word that no entry holds
    acronym: float = 0.4  # what the notes say an acronym stands for, and the other way round
    thesaurus: float = 0.35  # another name of the same thing
    thesaurus_words: int = 8  # words at most of a query for which other names are asked
    adjacent: float = 0.3  # words typed as one (`KV-cache`) that stand side by side
    near: float = 0.5  # words of the query close together
    all_words: int = (
        99  # key words up to which entries that hold all of them come first, whatever their score
    )
    sentence: int = 4  # the same of a sentence, from so many words on that are no small ones
    feedback: float = 0.12  # words that the best entries share
    feedback_words: int = 7  # words at least of a query for which they are asked
    feedback_entries: int = 10
    feedback_terms: int = 20


RANKING = Ranking()
