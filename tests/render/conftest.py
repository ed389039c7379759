"""The base that the tests of the command line use, too."""

from tests.cli.conftest import here

__all__ = ["here"]
