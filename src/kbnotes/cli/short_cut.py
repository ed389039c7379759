"""Plain searches and lists, answered before Typer is imported: half of what a search takes is its import.

`kb search WORDS...` and `kb list`, with `--tag` and `--base` at most. Whatever else stands on the line, and
whatever goes wrong, is left to Typer; a test asks both ways and compares.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kbnotes.render import Output

_TAG = ("--tag", "-t")


def short_cut(arguments: Sequence[str], output: Output) -> int | None:
    """Answer, and return the exit code; None where the line is not one of the plain ones."""
    base, rest = None, list(arguments)
    if rest[:1] == ["--base"] and len(rest) > 1 and not rest[1].startswith("-"):
        base, rest = Path(rest[1]), rest[2:]
    command, words, tags = rest[:1], [], []
    line = iter(rest[1:])
    for word in line:
        if word in _TAG and (tag := next(line, "-")) and not tag.startswith("-"):
            tags.append(tag)
        elif word.startswith("-"):
            return None
        else:
            words.append(word)
    if command not in (["search"], ["list"]) or (command == ["search"] and not words):
        return None
    from kbnotes.cli.answers import INDEXING, tell_broken, tell_listing, tell_results
    from kbnotes.config import find_base, here, read_config
    from kbnotes.errors import KbError
    from kbnotes.kb import Asking
    from kbnotes.model import Asked

    try:
        config = read_config(base=base, directory=here())
        directory, is_new = find_base(config)
        if is_new:
            return None
        asking = Asking(directory, cache=config.cache, language=config.language)
        asking.watch(output.progress(INDEXING))
        if command == ["search"]:
            asked = Asked()
            results = asking.search(" ".join(words), tags=tags, asked=asked)
        else:
            listing = asking.list(" ".join(words), tags=tags)
    except KbError:
        return None
    if command == ["search"]:
        code = tell_results(output, results, asked=asked)
    else:
        code = tell_listing(output, listing, tags=tags, is_query=bool(words))
    tell_broken(output, asking)
    return code
