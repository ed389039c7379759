"""A small base with a past, its commands, and what each of them makes of it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from tests.torture import truth
from tests.torture.program import Program, Running, Said
from tests.torture.truth import Tree

TYPED = b"zebrafinch quokkas over the fjordlands"  # what a person typed, and nobody else has
SAVED = "saved"  # a file beside the base: the editor has written what was typed
APPEND = f'printf "%s\\n" "{TYPED.decode()}" >> "$1"; : > "$(dirname "$0")/{SAVED}"\n'

NOTES = """# Notes

1. Bread rises slowly in the cold.

   It gains taste on the way.

2. The cache of a processor is small and fast.

3. Roots hold the soil on a slope.
"""
CHANGED_NOTES = NOTES.replace("slowly", "twice as fast").replace("slope", "hillside") + (
    "\n4. Oats want to soak overnight.\n\n5. Two hands knead better than one.\n"
)
TOPICS = "kitchen:\n  keywords:\n    - dough\n"  # few, for they are read anew by every command
# What the base has gone through before a command is tried on it. It ends with a change of two entries.
PAST = (
    ("init", "{base}"),
    ("import", "{notes}"),
    ("add", "Pagination of long lists is kinder than endless scrolling.", "-t", "shared"),
    ("add", "An invariant holds before and after, whatever comes between.", "-t", "shared"),
    ("add", "Moss grows where it is damp.", "-t", "shared", "-t", "green"),
    ("edit", "4", "--title", "Long lists"),
    ("rm", "6"),
    ("tag", "add", "1", "2", "kitchen"),
)


@dataclass(frozen=True, slots=True)
class Command:
    """A command to be disturbed. `{base}`, `{notes}` and `{outside}` in it stand for places of the scene."""

    name: str
    arguments: tuple[str, ...]
    typed: bytes = b""  # what only this command has and must not lose
    editor: str = ""  # the script that is its editor
    notes: str = NOTES  # what the file of notes says by then
    needs: str = ""  # the command of kb without which there is nothing to try
    bare: bool = False  # there is no base yet
    areas: tuple[str, ...] = ("base", "cache")  # where it is disturbed


COMMANDS = (
    Command("add", ("add", TYPED.decode(), "-t", "own"), typed=TYPED),
    Command("add in an editor", ("add", "-t", "own"), typed=TYPED, editor=APPEND),
    Command("edit in an editor", ("edit", "4"), typed=TYPED, editor=APPEND),
    Command("edit --title", ("edit", "4", "--title", "Lists in pages")),
    Command("rm", ("rm", "3", "5")),
    Command("restore", ("restore", "6")),
    Command("tag add", ("tag", "add", "1", "2", "5", "fresh")),
    Command("tag rename", ("tag", "rename", "shared", "common")),
    Command("import", ("import", "{notes}"), notes=CHANGED_NOTES),
    Command("init", ("init", "{base}"), bare=True, areas=("base",)),
    Command("undo", ("undo",), needs="undo"),
    Command("restore a version", ("restore", "4@1"), needs="undo"),
    Command("backup", ("backup", "{outside}/backup.kb"), needs="backup", areas=("outside",)),
)


@dataclass(slots=True)
class Disk:
    """A directory as it was, to be put back."""

    files: dict[str, bytes] = field(default_factory=dict)
    directories: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, directory: Path) -> Disk:
        """Remember a directory."""
        disk = cls()
        for path in sorted(directory.rglob("*")):
            name = str(path.relative_to(directory))
            if path.is_dir():
                disk.directories.append(name)
            else:
                disk.files[name] = path.read_bytes()
        return disk

    def put(self, directory: Path) -> None:
        """Make the directory what it was."""
        shutil.rmtree(directory, ignore_errors=True)
        directory.mkdir(mode=0o700)
        for name in self.directories:
            (directory / name).mkdir(mode=0o700)
        for name, content in self.files.items():
            (directory / name).write_bytes(content)
            (directory / name).chmod(0o600)


class Scene:
    """A directory with a home, a base in it, notes to import and an editor."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.home = directory / "home"
        self.base, self.cache, self.outside = self.home / "base", self.home / ".cache", directory / "outside"
        self.notes, self.script = directory / "notes.md", directory / "editor"
        self.home.mkdir(mode=0o700, parents=True)
        self.outside.mkdir(mode=0o700)
        self.program = Program(base=self.base, home=self.home, environment={"KB_EDITOR": f"sh {self.script}"})
        self.notes.write_text(NOTES, "utf-8")
        for arguments in PAST:
            self.must(*arguments)
            (self.base / "topics.yaml").write_text(TOPICS, "utf-8")
        self.past = Disk.of(self.base)
        self.before = Tree.of(self.base)

    def must(self, *arguments: str) -> Said:
        """Run a command that cannot but succeed."""
        said = self.program.run(*self.filled(arguments))
        if said.code:
            raise RuntimeError(f"kb {' '.join(arguments)}: code {said.code}, {said.err!r}")
        return said

    def filled(self, arguments: Iterable[str]) -> tuple[str, ...]:
        """Return arguments with the places of this scene in them."""
        return tuple(
            each.format(base=self.base, notes=self.notes, outside=self.outside) if "{" in each else each
            for each in arguments
        )

    def place(self, area: str) -> Path:
        """Return where an area is."""
        return {"base": self.base, "cache": self.cache, "outside": self.outside}[area]

    def knows(self, command: Command) -> bool:
        """Tell whether kb has what the command needs."""
        return not command.needs or self.program.run(command.needs, "--help").code == 0

    def set_up(self, command: Command, *, warm: bool = False) -> Tree:
        """Put the base back to what it was before the command; `warm` with an index that is up to date."""
        for place in (self.cache, self.outside):
            shutil.rmtree(place, ignore_errors=True)
        self.outside.mkdir(mode=0o700)
        (self.directory / SAVED).unlink(missing_ok=True)
        self.notes.write_text(command.notes, "utf-8")
        self.script.write_text(command.editor or "exit 1\n", "utf-8")
        if command.bare:
            shutil.rmtree(self.base, ignore_errors=True)
            return Tree({})
        self.past.put(self.base)
        if warm:
            self.must("list")
        return self.before

    def carry_out(self, command: Command) -> Said:
        """Run the command."""
        return self.start(command).wait()

    def start(self, command: Command) -> Running:
        """Start the command and return at once."""
        return self.program.start(*self.filled(command.arguments), stdin=None)

    def was_typed(self, command: Command, said: Said) -> bool:
        """Tell whether kb has the text to answer for: it was given, and kb could have kept it."""
        if command.editor:
            return (self.directory / SAVED).exists()
        return bool(command.typed) and said.code >= 0


def works_again(scene: Scene, before: Tree, said: Said, *, search: bool) -> list[str]:
    """Use the base after a disturbed command as if nothing had been; return what is wrong."""
    now = Tree.of(scene.base)
    wrong: list[str] = []

    def run(*arguments: str) -> Said:
        done = scene.program.run(*arguments)
        wrong.extend(
            f"kb {arguments[0]} afterwards: {each}" for each in truth.manners(done) if done.code != 1
        )
        if b"warning" in done.err:
            wrong.append(f"kb {arguments[0]} afterwards: {done.err!r}")
        return done

    added = run("add", "Afterwards comes something wholly unforeseen.")
    taken = now.ids | before.ids | truth.acknowledged(said)
    given = truth.acknowledged(added)
    if added.code or len(given) != 1 or given & taken:
        wrong.append(
            f"kb add afterwards: code {added.code}, {added.out!r}, {added.err!r}, taken were {taken}"
        )
    there = {number for each in now.entries.values() if (number := truth.id_of(each)) is not None} | given
    listed = _ids(run("list", "--json"), "entries")
    if listed != there:
        wrong.append(f"kb list afterwards names {sorted(listed)}, not {sorted(there)}")
    if search and not given <= (hits := _ids(run("search", "--json", "unforeseen"), "hits")):
        wrong.append(f"kb search afterwards finds {hits}, without {given}")
    return wrong


def _ids(said: Said, key: str) -> set[int]:
    try:
        return {each["id"] for each in json.loads(said.out)[key]}
    except ValueError:
        return set()
