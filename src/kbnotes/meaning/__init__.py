"""Ranking by the meaning of words: static vectors of the extra `semantic`. The only room that knows numpy.

Importing this loads nothing. `asking` needs the standard library only; `build` loads numpy, and is for when
entries have changed. Figures: docs/decisions/0010-meaning-without-a-download.md.
"""

from kbnotes.meaning.installed import is_installed

__all__ = ["is_installed"]
