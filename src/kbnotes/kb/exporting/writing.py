"""Writing an export: one file, or the files of a directory. What is there and not kb's own is never replaced.

A directory keeps a list of what kb wrote into it, with the hash of each file: one whose content is still that
was made by an export and by nothing since.
"""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Callable, Iterable
from pathlib import Path

from kbnotes import codec
from kbnotes.errors import ConflictError, InputError
from kbnotes.model import Exported
from kbnotes.store import files

LIST = ".kb-export.json"

_OWN = frozenset(
    "entries history trash drafts journal.jsonl last-id topics.yaml searches.yaml".split()
)  # of a base

Progress = Callable[[int, int], None]


def check_not_of_base(target: Path, base: Path) -> None:
    """Refuse to write where the base keeps what is its own. Raises InputError."""
    real, home = Path(os.path.realpath(target)), Path(os.path.realpath(base))
    inside = real.relative_to(home).parts if real.is_relative_to(home) else ()
    if inside and inside[0].lower() in _OWN:
        raise InputError(f"{target} belongs to the base itself.", hint="name a file or directory elsewhere")


def write_file(path: Path, content: bytes, *, entries: int, overwrite: bool) -> Exported:
    """Write one file; one that is there already is replaced only if `overwrite`. Raises InputError."""
    if path.is_dir():
        raise InputError(f"{path} is a directory.", hint="name a file in it; -f md writes a directory")
    if os.path.lexists(path):
        if not overwrite:
            raise InputError(
                f"{path} is there already.", hint="name another file, or --overwrite to replace it"
            )
        if not stat.S_ISREG(path.lstat().st_mode):
            raise InputError(f"{path} is no regular file, so it is not replaced.", hint="name another file")
    with files.writing(path):
        if overwrite:
            files.replace(path, content)
        else:
            try:
                files.create(path, content)
            except FileExistsError:
                raise ConflictError(
                    f"{path} was made by somebody else meanwhile.", hint="name another file"
                ) from None
    return Exported(target=str(path), entries=entries, written=1)


def write_directory(
    directory: Path, named: Iterable[tuple[str, str]], *, overwrite: bool, progress: Progress | None = None
) -> Exported:
    """Write files into a directory, which is made if it is missing.

    One that is there with another content is left, unless `overwrite` and kb's list says that an export wrote
    just that content. Raises InputError or StorageError.
    """
    contents = {name: content.encode() for name, content in named}
    with files.writing(directory):
        if directory.exists() and not directory.is_dir():
            raise InputError(f"{directory} is no directory.", hint="name a directory, or a new one")
        directory.mkdir(parents=True, exist_ok=True)
    known = _read_list(directory)
    left: list[tuple[str, str]] = []
    counts = {"written": 0, "unchanged": 0}
    made = dict(known)
    try:
        for done, (name, content) in enumerate(contents.items(), 1):
            result = _write(directory / name, content, known.get(name, "") if overwrite else None)
            if result in counts:
                counts[result] += 1
                made[name] = codec.digest(content)
            else:
                left.append((name, result))
            if progress:
                progress(done, len(contents))
    finally:
        if made != known:
            _write_list(directory, made)
    stale = sum(name not in contents and (directory / name).exists() for name in known)
    return Exported(target=str(directory), entries=len(contents), left=tuple(left), stale=stale, **counts)


def _write(path: Path, content: bytes, known: str | None) -> str:
    """Write one file of a directory; return "written", "unchanged", or why it was left.

    `known` is the hash of what an export wrote there, "" for no export, None if nothing is to be replaced.
    """
    with files.writing(path):
        if not os.path.lexists(path):
            try:
                files.create(path, content, sync_directory=False)
            except FileExistsError:
                return "was made by somebody else meanwhile"
            return "written"
        try:
            present = files.read(path)
        except OSError as error:
            return f"cannot be read: {files.reason(error)}"
        if present == content:
            return "unchanged"
        if known is None:
            return "is there already with another content"
        if not known:
            return "was not made by an export of kb's"
        if codec.digest(present) != known:
            return "was changed since kb exported it"
        files.replace(path, content)
        return "written"


def _read_list(directory: Path) -> dict[str, str]:
    """Return name and hash of the files that exports wrote into a directory. Raises InputError."""
    path = directory / LIST
    if not os.path.lexists(path):
        return {}
    try:
        found = json.loads(files.read(path, limit=codec.MAX_SIZE * 8))
        listed = found["files"]
        if found["format"] != "kb-export" or not all(isinstance(each, str) for each in listed.values()):
            raise ValueError
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
        raise InputError(
            f"{path} is not the list of an export of kb's.", hint="name another directory"
        ) from None
    return dict(listed)


def _write_list(directory: Path, made: dict[str, str]) -> None:
    path = directory / LIST
    content = {"format": "kb-export", "files": dict(sorted(made.items()))}
    with files.writing(path):
        files.replace(path, (json.dumps(content, ensure_ascii=False, indent=0) + "\n").encode())
