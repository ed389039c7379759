"""Ranking by the meaning of words: static vectors of the extra `semantic`. The only room that knows numpy.

Importing this, and asking, is the standard library's alone: numpy is loaded by `kbnotes.meaning.build`, when
entries have changed. Figures: docs/decisions/0010-meaning-without-a-download.md.
"""

from kbnotes.meaning.fusion import fuse
from kbnotes.meaning.model import Model, is_installed
from kbnotes.meaning.vault import load, save
from kbnotes.meaning.vectors import Asked, Vectors

__all__ = ["Asked", "Model", "Vectors", "fuse", "is_installed", "load", "save"]
