"""Typer: one file a command. Each parses, makes one call of the facade, and renders the answer."""

from kbnotes.cli.door import run

__all__ = ["run"]
