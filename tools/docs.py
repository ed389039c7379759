"""Writes the pages that must not be typed twice: `python tools/docs.py [--check]`.

The commands' help, the exit codes and the tree in ARCHITECTURE.md come from the code. With --check,
nothing is written, and the exit code is 1 if a page is not what the code says.
"""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "src"))

_ENTRIES = "search add list show related edit drafts rm undo log diff restore tag tags topics"
COMMANDS = ["", *_ENTRIES.split(), *"import export init backup doctor prune".split()]
GROUPS = {"tag": ["add", "remove", "rename", "merge", "suggest"], "topics": ["check"]}
BEGIN, END = "<!-- tree: written by tools/docs.py -->", "<!-- end of tree -->"


def commands_page() -> str:
    """Return the reference of all commands, from their --help."""
    names = [[*filter(None, [name]), *sub] for name in COMMANDS for sub in ([], *_subs(name))]
    parts = ["# Commands\n\nWritten by `tools/docs.py` from the commands' own `--help`.\n"]
    for words in names:
        title = " ".join(["kb", *words])
        parts.append(f"## {title}\n\n```\n{_help(words)}\n```\n")
    return "\n".join(parts)


def _subs(name: str) -> list[list[str]]:
    return [[sub] for sub in GROUPS.get(name, [])]


def _help(words: list[str]) -> str:
    """Return a command's help as it looks at 100 columns without a terminal."""
    environment = {
        "COLUMNS": "100",
        "TERMINAL_WIDTH": "100",
        "NO_COLOR": "1",
        "PYTHONPATH": str(ROOT / "src"),
    }
    code = "import sys; from kbnotes.cli import run; sys.exit(run(sys.argv[1:]))"
    call = [sys.executable, "-c", code, *words, "--help"]
    done = subprocess.run(call, env=environment, capture_output=True, text=True, check=True, encoding="utf-8")
    return "\n".join(line.rstrip() for line in done.stdout.strip().splitlines())


def exit_codes_page() -> str:
    """Return the table of exit codes, from the error classes."""
    from kbnotes import errors
    from kbnotes.cli.door import BROKEN_PIPE, INTERRUPTED

    rows = [
        (0, "", "done; for a search, found"),
        (
            1,
            "",
            "a search or `kb tag suggest` found nothing, `kb export` nothing to export, `kb diff` no change; "
            "`kb doctor` or `kb topics check` found something",
        ),
        (INTERRUPTED, "", "interrupted with Ctrl-C"),
        (BROKEN_PIPE, "", "the program that read kb's output ended first"),
    ]
    classes = [
        each for each in vars(errors).values() if isinstance(each, type) and issubclass(each, errors.KbError)
    ]
    rows += [(each.exit_code, each.kind, each.meaning) for each in classes if each is not errors.KbError]
    lines = [
        f"| {code} | {f'`{kind}`' if kind else ''} | {meaning} |" for code, kind, meaning in sorted(rows)
    ]
    intro = (
        "# Exit codes\n\nWritten by `tools/docs.py` from `src/kbnotes/errors.py`. With `--json`, an error\n"
        'is one line of JSON on standard error: `{"kind": …, "message": …, "hint": …}`.\n\n'
    )
    return intro + "| code | kind | meaning |\n|---|---|---|\n" + "\n".join(lines) + "\n"


def architecture_page() -> str:
    """Return ARCHITECTURE.md with its tree brought up to date."""
    page = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n```\n{_tree()}\n```\n{END}{after}"


def _tree() -> str:
    """Return the rooms with the first sentence of each one's docstring."""
    package = ROOT / "src" / "kbnotes"
    rooms = [path for path in sorted(package.iterdir()) if _is_room(path)]
    width = max(len(_label(path)) for path in rooms) + 2
    lines = ["src/kbnotes/"]
    for path in rooms:
        lines.append(
            f"  {_label(path):{width}}{_first_sentence(path / '__init__.py' if path.is_dir() else path)}"
        )
    return "\n".join(lines)


def _is_room(path: Path) -> bool:
    return (path.is_dir() and (path / "__init__.py").exists()) or (
        path.suffix == ".py" and path.stem != "__init__"
    )


def _label(path: Path) -> str:
    return f"{path.name}/" if path.is_dir() else path.name


def _first_sentence(path: Path) -> str:
    document = ast.get_docstring(ast.parse(path.read_text("utf-8"))) or ""
    return " ".join(document.split("\n\n")[0].split())


PAGES = {
    "docs/reference/commands.md": commands_page,
    "docs/reference/exit-codes.md": exit_codes_page,
    "ARCHITECTURE.md": architecture_page,
}


def main(arguments: list[str]) -> int:
    """Write the pages, or with --check compare them."""
    stale = []
    for name, make in PAGES.items():
        path, text = ROOT / name, make()
        if not path.exists() or path.read_text("utf-8") != text:
            stale.append(name)
            if "--check" not in arguments:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, "utf-8")
    for name in stale:
        print(
            f"{name} is not what the code says; run python tools/docs.py" if "--check" in arguments else name
        )
    return 1 if stale and "--check" in arguments else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
