"""`ixcorrupt`: whatever happens to the files of the index, the same command answers right."""

from __future__ import annotations

import os
import random
import shutil
import zlib
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

from kbnotes.index import seal, state
from tests.torture.indexes import QUESTIONS, Truth, make_base, where
from tests.torture.sabotage import put
from tests.torture.suite import Run, Suite

Damage = Callable[[random.Random, Path], None]


def _truncate(rng: random.Random, path: Path) -> None:
    os.truncate(path, rng.randrange(max(1, path.stat().st_size)))


def _empty(_: random.Random, path: Path) -> None:
    os.truncate(path, 0)


def _in_place(path: Path, at: int, content: bytes) -> None:
    with path.open("r+b") as file:
        file.seek(at)
        file.write(content)


def _flip(rng: random.Random, path: Path) -> None:
    content = path.read_bytes() or b"\0"
    for _ in range(rng.choice((1, 1, 1, 8))):
        at = rng.randrange(len(content))
        _in_place(path, at, bytes([content[at] ^ 1 << rng.randrange(8)]))


def _flip_letter(rng: random.Random, path: Path) -> None:
    """Change a letter or digit into its neighbour, which leaves JSON and lengths as they are."""
    content = path.read_bytes()
    places = [at for at, byte in enumerate(content) if chr(byte).isalnum() and byte < 0x7F]
    if places:
        at = rng.choice(places)
        _in_place(path, at, bytes([content[at] ^ 1]))


def _zero(rng: random.Random, path: Path) -> None:
    size = max(1, path.stat().st_size)
    at = rng.randrange(size)
    _in_place(path, at, bytes(rng.randrange(1, max(2, size - at + 1))))


def _zero_all(_: random.Random, path: Path) -> None:
    _in_place(path, 0, bytes(path.stat().st_size))


def _noise(rng: random.Random, path: Path) -> None:
    size = max(1, path.stat().st_size)
    _in_place(path, rng.randrange(size), rng.randbytes(rng.randrange(1, 200)))


def _append(rng: random.Random, path: Path) -> None:
    with path.open("ab") as file:
        file.write(rng.randbytes(rng.randrange(1, 5000)))


def _delete(_: random.Random, path: Path) -> None:
    path.unlink()


def _swap(rng: random.Random, path: Path) -> None:
    other = rng.choice(sorted(path.parent.iterdir()))
    spare = path.with_name("spare")
    path.rename(spare)
    if other != path and other.exists():
        other.rename(path)
        spare.rename(other)
    else:
        spare.rename(path)


def _directory(_: random.Random, path: Path) -> None:
    path.unlink()
    path.mkdir()


def _pipe(_: random.Random, path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def _link(_: random.Random, path: Path) -> None:
    elsewhere = path.parent.parent.parent / "elsewhere"
    shutil.copyfile(path, elsewhere)
    path.unlink()
    path.symlink_to(elsewhere)


def _older_table(rng: random.Random, path: Path) -> None:
    """Put a table of contents beside the right one, as a commit that was cut off leaves it."""
    tables = sorted(path.parent.glob("*.toc"))
    if tables:
        name = f"_MAIN_{rng.choice((0, 1, 2, 7, 40))}.toc"
        (path.parent / name).write_bytes(tables[0].read_bytes()[: rng.choice((3, 10**6))])


DAMAGES: tuple[Damage, ...] = (
    *(_truncate, _empty, _flip_letter, _zero, _zero_all, _noise, _append, _delete, _swap),
    *(_directory, _pipe, _link, _older_table),
)


def _hurt(rng: random.Random, home: Path) -> str:
    """Damage one file of the index, or take a directory away; return what was done."""
    if rng.random() < 0.03:
        gone = rng.choice([home, *(path for path in sorted(home.iterdir()) if path.is_dir())])
        shutil.rmtree(gone)
        return f"{gone.name} removed"
    files = sorted(path for path in home.rglob("*") if path.is_file() and not path.is_symlink())
    if not files:
        return "nothing left"
    state_file = home / "state.json"
    damage = _flip if rng.random() < 0.55 else rng.choice(DAMAGES)  # the one that makes the least noise
    if state_file in files and rng.random() < 0.3:
        path, damage = state_file, rng.choice((damage, _flip_letter))
    else:
        (path,) = rng.choices(files, [1 + each.stat().st_size ** 0.5 for each in files])
    before = path.stat()
    damage(rng, path)
    if rng.random() < 0.5 and path.is_file() and not path.is_symlink():
        os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))  # a disk that errs changes no time
    return f"{damage.__name__.strip('_')} of {path.name}"


def _contents(home: Path) -> dict[Path, bytes]:
    files = (path for path in home.rglob("*") if path.is_file() and not path.is_symlink())
    return {path: path.read_bytes() for path in files}


def run(run: Run) -> None:
    """Damage an index, ask, and ask once more."""
    program = make_base(run.directory)
    home, pristine = where(program), run.directory / "pristine"
    truth = Truth(program)
    program.run("list")
    program.run("edit", "7", "--title", "The second segment")  # an index of more than one, with deletions
    program.run("add", "A late entry on the copper rain.", "-t", "area9")
    truth.learn()
    shutil.copytree(home, pristine)
    shutil.rmtree(home)
    truth.learn()
    for number, rng in run.each():
        shutil.rmtree(home, ignore_errors=True)
        if rng.random() < 0.5:
            shutil.copytree(pristine, home)
        else:
            program.run("list")
        whole = _contents(home)
        done = [_hurt(rng, home) for _ in range(rng.choice((1, 1, 1, 2, 3))) if home.exists()]
        hurt = {path: content for path, content in _contents(home).items() if whole.get(path) != content}
        for question in rng.sample(QUESTIONS, 3):
            if wrong := truth.differs(question):
                run.violation(f"after {', '.join(done)}: {wrong}", at=number)
                break
        # Most flipped bits spoil answers to other questions than these.
        for path in [path for path, content in _contents(home).items() if hurt.get(path) == content]:
            run.violation(f"after {', '.join(done)}: {path.name} is still in use", at=number)
        if not truth.is_untouched():
            run.violation(f"after {', '.join(done)}: a file of the base has changed", at=number)
            break


def no_seal() -> None:
    """Open whatever stands there."""
    put(seal, "is_whole", lambda *_, **__: True)


def sizes_only() -> None:
    """Take a file of the right size for the right file."""
    put(seal, "is_same", lambda path, mark, **_: path.lstat().st_size == mark.size)


def unchecked_state() -> None:
    """Believe the state whatever its checksum says."""
    put(state, "zlib", SimpleNamespace(**{**vars(zlib), "crc32": lambda _: 0}))


SUITE = Suite(
    name="ixcorrupt",
    promise="whatever happens to the files of the index, the same command answers right",
    unit="mutations",
    figure=1_500,
    small=100,
    run=run,
    sabotages={each.__name__: each for each in (no_seal, sizes_only, unchecked_state)},
)
