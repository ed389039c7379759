"""`python -m kbnotes`, `kb` and `kbnotes`."""

from __future__ import annotations

import gc
import os
import sys


def main() -> None:
    """Run kb on the command line's arguments and leave with its exit code.

    At once: what Python tidies up at its end takes as long as a search, and kb leaves nothing to it.
    """
    gc.set_threshold(50_000, 20, 20)  # of what a command makes, next to nothing is garbage
    from kbnotes.cli import run  # noqa: PLC0415 (behind the line above)

    code = run(sys.argv[1:])
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


if __name__ == "__main__":
    main()
