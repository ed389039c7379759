"""All that a question needs of this room."""

from kbnotes.meaning.fusion import fuse
from kbnotes.meaning.model import Model
from kbnotes.meaning.vault import load, save
from kbnotes.meaning.vectors import Asked, Vectors

__all__ = ["Asked", "Model", "Vectors", "fuse", "load", "save"]
