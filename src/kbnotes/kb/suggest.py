"""Topics' proposals and neighbours' votes -> suggested tags with their reasons."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from kbnotes.model import Naming, Suggested, Vote
from kbnotes.text import tag_key

TOPIC = 0.3  # what a topic's proposal is worth beside the votes (docs/decisions/0015)
LEAST = 0.2  # of a score: what is worth less is not suggested
NAMED = 3  # entries named as a reason


def suggested(
    own: Iterable[str],
    votes: Sequence[Vote],
    why: Sequence[Naming],
    *,
    implied: Mapping[str, frozenset[str]],
) -> tuple[Suggested, ...]:
    """Return the tags that an entry might have, best first: none of its `own`, and none that another implies.

    `implied`: tag -> the tags that imply it.
    """
    topics = {tag_key(naming.tag): naming for naming in why}
    by_tag = {vote.tag: vote for vote in votes}
    found = [_suggested(tag, by_tag.get(tag), topics.get(tag)) for tag in dict.fromkeys((*topics, *by_tag))]
    found.sort(key=lambda each: (-each.score, each.tag))
    taken = {tag_key(tag) for tag in own}
    kept = []
    for each in found:
        if each.score >= LEAST and each.tag not in taken and not taken & implied.get(each.tag, frozenset()):
            kept.append(each)
            taken.add(each.tag)
    return tuple(kept)


def _suggested(tag: str, vote: Vote | None, naming: Naming | None) -> Suggested:
    reasons = []
    if naming:
        reasons.append(f"topic: names “{naming.keyword}” {naming.where}")
    elif vote and vote.named:
        reasons.append(f"names it in the {vote.named}")
    if vote and vote.like:
        reasons.append(_like(vote.like))
    score = (vote.score if vote else 0.0) + (TOPIC if naming else 0.0)
    return Suggested(tag=tag, score=round(score, 4), reasons=tuple(reasons))


def _like(ids: Sequence[int]) -> str:
    *before, last = [str(each) for each in ids[:NAMED]]
    return f"like {', '.join(before)} and {last}, which have it" if before else f"like {last}, which has it"
