"""`kb --help` leaves out what it does not use, and is the same page."""

from __future__ import annotations

import subprocess
import sys

import pytest

COMMON = "import sys; from kbnotes.cli.door import run; "
WHOLE = "import typer.rich_utils; " + COMMON


def said(code: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env={"COLUMNS": "100"}
    )
    return done.stdout


@pytest.mark.parametrize("arguments", ["['--help']", "['import', '-h']", "['tag', '--help']"])
def test_help_is_the_same_with_and_without_the_modules_that_it_does_not_use(arguments: str) -> None:
    page = said(COMMON + f"run({arguments})")
    assert page == said(WHOLE + f"run({arguments})")
    assert "Usage: kb" in page


def test_help_does_not_load_them_and_they_can_be_loaded_after_it() -> None:
    loaded = said(
        COMMON + "run(['--help']); print('markdown_it' in sys.modules, 'rich.traceback' in sys.modules); "
        "from rich.markdown import Markdown; print(Markdown('*x*').markup)"
    )
    assert loaded.endswith("False False\n*x*\n")
