"""Numbered notes -> sections; a body -> title, terms, links, text. Pure; the only room with markdown-it."""

from kbnotes.markdown.content import read_body
from kbnotes.markdown.decode import decode, encode
from kbnotes.markdown.front_matter import front_matter_of, words_of
from kbnotes.markdown.html import to_html
from kbnotes.markdown.lines import dedent, newline_of
from kbnotes.markdown.next_note import next_note
from kbnotes.markdown.parser import display_tokens
from kbnotes.markdown.pieces import pieces_of
from kbnotes.markdown.splitting import split

__all__ = [
    "decode",
    "dedent",
    "display_tokens",
    "encode",
    "front_matter_of",
    "newline_of",
    "next_note",
    "pieces_of",
    "read_body",
    "split",
    "to_html",
    "words_of",
]
