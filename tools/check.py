"""The one check, the same for people and for CI: `python3 tools/check.py [STEP...]`.

Makes `.venv` if it is missing, installs kb and its development tools into it, and runs every step, or those
named: format, lint, types, contracts, docs, tests, coverage, torture. Needs Python 3.11 and pip; standard
library only.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
STAMP = VENV / ".kb-installed"

STEPS: dict[str, list[str]] = {
    "format": ["ruff", "format", "--check", "."],
    "lint": ["ruff", "check", "."],
    "types": ["mypy"],
    "contracts": ["lint-imports"],
    "docs": ["python", "tools/docs.py", "--check"],
    "tests": ["pytest", "-q", "-n", "auto", "--cov", "--cov-report="],
    "coverage": ["coverage", "report"],
    "torture": ["python", "-m", "tests.torture", "all", "--small", "--seed", "1", "--jobs", "2"],
}


def main(wanted: list[str]) -> int:
    """Run the steps and return 0, or 1 if one failed; all of them run either way."""
    unknown = set(wanted) - set(STEPS)
    if unknown:
        print(f"no such step: {', '.join(sorted(unknown))}; there are {', '.join(STEPS)}")
        return 2
    install()
    failed = []
    for name in wanted or STEPS:
        program, *arguments = STEPS[name]
        print(f"== {name}: {' '.join(STEPS[name])}", flush=True)
        started = time.monotonic()
        code = subprocess.run([str(BIN / program), *arguments], cwd=ROOT, check=False).returncode
        print(
            f"== {name}: {'ok' if code == 0 else 'FAILED'} in {time.monotonic() - started:.1f} s\n",
            flush=True,
        )
        if code:
            failed.append(name)
    print(f"failed: {', '.join(failed)}" if failed else "all steps passed")
    return 1 if failed else 0


def install() -> None:
    """Make the environment, or bring it up to date with pyproject.toml."""
    project = (ROOT / "pyproject.toml").read_text("utf-8")
    if STAMP.exists() and STAMP.read_text("utf-8") == project:
        return
    if not (BIN / "python").exists():
        subprocess.run([sys.executable, "-m", "venv", str(VENV)], check=True)
    print("== installing kb and its development tools into .venv", flush=True)
    pip = [str(BIN / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "--editable", ".[dev]"], cwd=ROOT, check=True)
    STAMP.write_text(project, "utf-8")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
