"""A real browser without a screen, for pages that must work in one."""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from html import unescape
from pathlib import Path

import pytest

PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
PROGRAM = next((found for name in PROGRAMS if (found := shutil.which(name))), None)
FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-background-networking --disable-component-update "
    "--disable-sync --no-first-run --disable-dev-shm-usage"
).split()
POLICY = re.compile(r'<meta http-equiv="Content-Security-Policy"[^>]*>')

needs_browser = pytest.mark.skipif(PROGRAM is None, reason="no Chromium is installed to open the page in")


def opened(page: Path, address: str = "") -> str:
    """Return the document as the browser has it when the page is loaded; `address` follows its name."""
    assert PROGRAM
    with tempfile.TemporaryDirectory() as profile:
        done = subprocess.run(
            [PROGRAM, *FLAGS, f"--user-data-dir={profile}", "--dump-dom", page.as_uri() + address],
            capture_output=True,
            check=True,
            timeout=120,
        )
    return done.stdout.decode()


def answered(page: Path, script: str, address: str = "") -> str:
    """Return what the expression at the end of `script` is in the page, once it is loaded.

    It runs in a copy without the page's policy, which would let no script run but the page's own.
    """
    text, count = POLICY.subn("", page.read_text("utf-8"))
    assert count == 1
    probe = (
        "<script>addEventListener('load', () => { const said = document.createElement('pre');"
        f"said.id = 'answer'; said.textContent = String((() => {{ {script} }})());"
        "document.body.append(said); })</script>"
    )
    copy = page.with_name("probed.html")
    copy.write_text(text.replace("</body>", probe + "</body>"), "utf-8")
    found = re.search(r'<pre id="answer">(.*?)</pre>', opened(copy, address), re.DOTALL)
    assert found
    return unescape(found[1])


def shown_ids(document: str) -> list[int]:
    """Return the ids of the entries in a document, in its order."""
    return [int(each) for each in re.findall(r'<article id="(\d+)"', document)]
