"""Ways out: entries as one file, or as a directory of files, for people and for other programs."""

from kbnotes.kb.exporting.export import DIRECTORIES, Export, form_of

__all__ = ["DIRECTORIES", "Export", "form_of"]
