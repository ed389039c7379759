"""Values -> terminal, plain text, JSON. The only room that knows Rich, and the one door out."""

from kbnotes.render.output import Output

__all__ = ["Output"]
