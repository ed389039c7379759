"""Wiki links -> the entries of this base that they mean."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from kbnotes.model import Link, Summary


def wiki_names(links: Iterable[Link]) -> Mapping[str, str]:
    """Return for the url of each wiki link the name of the note that it means, without folders."""
    urls = (link.url for link in links if link.url.startswith("[["))
    named = ((url, url[2:-2].partition("#")[0].strip().rpartition("/")[2]) for url in urls)
    return {url: name for url, name in named if name}


def targets_of(names: Mapping[str, str], summaries: Iterable[Summary]) -> dict[str, int]:
    """Return the id of the one entry that has a link's name as its title, by the link's url."""
    ids: defaultdict[str, list[int]] = defaultdict(list)
    for each in summaries:
        ids[_plain(each.title)].append(each.id)
    found = ((url, ids.get(_plain(name.removesuffix(".md")), [])) for url, name in names.items())
    return {url: entries[0] for url, entries in found if len(entries) == 1}


def _plain(name: str) -> str:
    """Return a title or file name without what differs between the two: `merge-dicts` is "Merge dicts"."""
    return " ".join(name.replace("-", " ").replace("_", " ").casefold().split())
