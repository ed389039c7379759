"""Suggested tags and topics -> lines."""

from __future__ import annotations

from collections.abc import Sequence

from kbnotes.model import Suggestion, Vocabulary
from kbnotes.render.line import Line, width_of
from kbnotes.render.safe import safe_line
from kbnotes.render.screen import SEPARATOR, Screen


def write_suggestions(screen: Screen, found: Sequence[Suggestion]) -> None:
    """Write each entry, and below it the tags suggested with their reasons, in columns."""
    id_width = max((len(str(each.summary.id)) for each in found), default=1)
    tag_width = max((width_of(safe_line(tag.tag)) for each in found for tag in each.tags), default=1)
    for each in found:
        number = Line(str(each.summary.id).rjust(id_width), "kb.id")
        screen.line(number, "  ", Line(safe_line(each.summary.title), "kb.title"))
        for tag in each.tags:
            shown = safe_line(tag.tag)
            lead = Line.assemble(
                " " * (id_width + 2), Line(shown, "kb.tag"), " " * (tag_width - width_of(shown) + 2)
            )
            reasons = SEPARATOR.join(map(safe_line, tag.reasons))
            screen.paragraph(Line(reasons, "kb.dim"), indent=lead.width, lead=lead)


def write_topics(screen: Screen, vocabulary: Vocabulary) -> None:
    """Write each topic with how many entries it is about, and what it implies."""
    number_width = max((len(str(topic.entries)) for topic in vocabulary.topics), default=1)
    name_width = max((width_of(safe_line(topic.name)) for topic in vocabulary.topics), default=1)
    for topic in vocabulary.topics:
        name = safe_line(topic.name)
        implies = f"implies {', '.join(map(safe_line, topic.implies))}" if topic.implies else ""
        screen.line(
            Line(str(topic.entries).rjust(number_width), "kb.id"),
            "  ",
            Line(name, "kb.tag"),
            " " * (name_width - width_of(name)) if implies else "",
            "  " if implies else "",
            Line(implies, "kb.dim"),
        )


def write_findings(screen: Screen, vocabulary: Vocabulary) -> None:
    """Write what was found about the topics, a paragraph each, then the numbers."""
    for each in vocabulary.findings:
        lead = Line.assemble(Line(f"line {each.line}".ljust(10), "kb.dim"))
        said = Line.assemble(Line(safe_line(each.topic), "kb.tag"), f"  {safe_line(each.said)}")
        screen.paragraph(said, indent=10, lead=lead)
    if vocabulary.findings:
        screen.line()
    counts = (
        (len(vocabulary.topics), "topic", "topics"),
        (vocabulary.entries, "entry", "entries"),
        (len(vocabulary.findings), "finding", "findings"),
    )
    topics, entries, findings = (f"{count:,} {one if count == 1 else many}" for count, one, many in counts)
    screen.line(f"{topics} compared with {entries}, {findings}")
