"""Numbered notes -> sections; a body -> title, terms, links, text. Pure; the only room with markdown-it."""

from kbnotes.markdown.content import read_body
from kbnotes.markdown.decode import decode
from kbnotes.markdown.html import to_html
from kbnotes.markdown.lines import dedent, newline_of
from kbnotes.markdown.parser import display_tokens
from kbnotes.markdown.split import split

__all__ = ["decode", "dedent", "display_tokens", "newline_of", "read_body", "split", "to_html"]
