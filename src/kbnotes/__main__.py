"""`python -m kbnotes`, `kb` and `kbnotes`."""

from __future__ import annotations

import sys

from kbnotes.cli import run


def main() -> None:
    """Run kb on the command line's arguments and leave with its exit code."""
    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
