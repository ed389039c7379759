"""What keeps tags tidy: suggestions, doubts, and how the topics fit the entries."""

from __future__ import annotations

from typing import Literal

from kbnotes.model.entry import Summary
from kbnotes.record import record


@record
class Vote:
    """A tag that entries like one have, or whose name it holds."""

    tag: str
    score: float  # comparable within one entry only
    like: tuple[int, ...]  # ids of those who have it, the likest first
    named: str = ""  # "title" or "text", where all words of the tag stand there


@record
class Suggested:
    """A tag that an entry might have, and why."""

    tag: str
    score: float  # comparable within one entry only
    reasons: tuple[str, ...]  # "topic: names “KV cache” in the title", "like 14, 18 and 31, which have it"


@record
class Suggestion:
    """An entry with the tags suggested for it, best first."""

    summary: Summary
    tags: tuple[Suggested, ...]


@record
class Doubt:
    """A tag that no other entry has, and the known one that was perhaps meant."""

    tag: str
    near: str
    entries: int  # that have the known one


@record
class Naming:
    """Why a topic proposes its tag."""

    tag: str
    keyword: str  # as the entry spells it
    where: str  # "in the title", "emphasised", "among the first words", "more than once"


@record
class TopicUse:
    """A topic, and how many entries it proposes its tag for."""

    name: str
    line: int  # 1-based, in topics.yaml
    entries: int
    keywords: tuple[str, ...]
    unused: tuple[str, ...]  # keywords that stand in no entry
    implies: tuple[str, ...]


@record
class Mention:
    """A place in topics.yaml where a tag stands."""

    tag: str
    topic: str  # the tag itself, or a topic that implies it
    line: int  # 1-based, where the topic begins


Fault = Literal["nothing", "everything", "keywords", "implies", "circle", "twice"]


@record
class TopicFinding:
    """Something in the topics that is probably not meant."""

    fault: Fault
    topic: str
    line: int  # 1-based, in topics.yaml
    said: str  # as a sentence goes on behind the topic's name; without a full stop
    names: tuple[str, ...] = ()  # the keywords, or the tags, that it is about


@record
class Vocabulary:
    """The topics of a base, beside its entries."""

    entries: int
    topics: tuple[TopicUse, ...]  # in the order of the file
    findings: tuple[TopicFinding, ...] = ()  # the most serious first
