"""The topics beside the entries: what they match, and what is probably not meant about them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set

from kbnotes.codec import decode_topics, topic_lines
from kbnotes.model import Content, Fault, Topic, TopicFinding, TopicUse, Vocabulary
from kbnotes.tagging import KeywordUse, Tagger, implied_by, same_keyword
from kbnotes.text import tag_key

NEARLY = 0.8  # of the entries: a topic of so many tells nothing apart
FEW = 10  # entries of which a topic may match all
ORDER: tuple[Fault, ...] = ("implies", "circle", "everything", "nothing", "twice", "keywords")  # worst first


def compare(text: str, *, name: str, contents: Sequence[Content], used: Set[str]) -> Vocabulary:
    """Return what the topics in a file make of all entries. `used`: the tags of the entries, as keys.

    Raises FormatError if the file, whose name is `name`, cannot be read.
    """
    topics = decode_topics(text, name=name)
    lines = topic_lines(text, name=name)
    tagger, keywords = Tagger(topics), KeywordUse(topics)
    counts: Counter[str] = Counter()
    for content in contents:
        counts.update(tagger.topics_in(content))
        keywords.see(content)
    uses = tuple(
        TopicUse(
            name=topic.name,
            line=lines[topic.name],
            entries=counts[topic.name],
            keywords=topic.keywords,
            unused=keywords.unseen(topic.name),
            implies=topic.implies,
        )
        for topic in topics
    )
    found = [*_of_names(topics, lines, used), *_of_matches(uses, len(contents))]
    findings = tuple(sorted(found, key=lambda each: (ORDER.index(each.fault), each.line)))
    return Vocabulary(entries=len(contents), topics=uses, findings=findings)


def _of_matches(uses: Iterable[TopicUse], entries: int) -> Iterator[TopicFinding]:
    for use in uses if entries else ():
        if use.keywords and not use.entries:
            yield TopicFinding(fault="nothing", topic=use.name, line=use.line, said="matches no entry")
        elif use.unused:
            count = f"{len(use.unused)} of its {len(use.keywords)} keywords"
            said = f"{count} in no entry: {', '.join(use.unused)}"
            yield TopicFinding(fault="keywords", topic=use.name, line=use.line, said=said, names=use.unused)
        if entries >= FEW and use.entries >= NEARLY * entries:
            said = f"matches {use.entries} of {entries} entries: it tells nothing apart"
            yield TopicFinding(fault="everything", topic=use.name, line=use.line, said=said)


def _of_names(topics: Sequence[Topic], lines: Mapping[str, int], used: Set[str]) -> Iterator[TopicFinding]:
    for topic in topics:
        unknown = tuple(tag for tag in topic.implies if tag not in lines and tag_key(tag) not in used)
        if unknown:
            said = f"implies {', '.join(unknown)}, which is no topic and no entry's tag"
            yield TopicFinding(
                fault="implies", topic=topic.name, line=lines[topic.name], said=said, names=unknown
            )
    for circle in _circles(topics):
        said = f"implies itself: {' → '.join((*circle, circle[0]))}"
        yield TopicFinding(
            fault="circle", topic=circle[0], line=lines[circle[0]], said=said, names=tuple(circle)
        )
    yield from _twice(topics, lines)


def _circles(topics: Sequence[Topic]) -> Iterator[list[str]]:
    """Yield the topics of each circle, each implying the next as far as the file says so."""
    below = implied_by(topics)
    seen: set[str] = set()
    for topic in topics:
        ring = {other for other in below.get(topic.name, ()) if topic.name in below.get(other, ())}
        if (ring or topic.name in topic.implies) and topic.name not in seen:
            seen |= ring | {topic.name}
            yield _walk(topic.name, {each.name: each.implies for each in topics})


def _walk(start: str, implies: Mapping[str, Sequence[str]]) -> list[str]:
    """Return the shortest way from a topic back to itself."""
    ways = [[start]]
    seen: set[str] = set()
    for way in ways:
        for up in implies.get(way[-1], ()):
            if up == start:
                return way
            if up not in seen:
                seen.add(up)
                ways.append([*way, up])
    return [start]


def _twice(topics: Iterable[Topic], lines: Mapping[str, int]) -> Iterator[TopicFinding]:
    first: dict[str, str] = {}
    for topic in topics:
        for keyword in topic.keywords:
            owner = first.setdefault(same_keyword(keyword), topic.name)
            if owner != topic.name:
                said = f"has the keyword {keyword}, as {owner} has (line {lines[owner]})"
                line = lines[topic.name]
                yield TopicFinding(fault="twice", topic=topic.name, line=line, said=said, names=(keyword,))
