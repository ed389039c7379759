"""Numbered Markdown -> sections that give it back, byte for byte, when put together.

`page` is the file with its blocks, `rules` the table of what may begin a note, `sections` the cut.
"""

from kbnotes.markdown.splitting.split import split

__all__ = ["split"]
