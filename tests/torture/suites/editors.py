"""Editors fail, die, save in odd ways or go on without kb: what was typed in them is never lost."""

from __future__ import annotations

import random
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.torture import defects, truth
from tests.torture.program import Program, Said
from tests.torture.scene import Command, Scene
from tests.torture.suite import Run, Suite
from tests.torture.truth import Tree

WAIT = 30.0  # seconds for an editor that goes on behind kb's back
ELSEWHERE = "elsewhere"  # a file beside the base, which is the editor's own
GONE_ON = "gone-on"  # a file beside the base: the editor that went on has ended
FOREIGN = b"hoopoe"  # what somebody else writes meanwhile


@dataclass(frozen=True, slots=True)
class Editor:
    """What an editor does: a script with the draft as $1 and the words to type in $TYPED."""

    name: str
    script: str
    codes: tuple[int, ...] = (0,)
    lost: bool = False  # the editor itself has thrown away what was typed
    goes_on: bool = False  # a part of it outlives kb; it makes GONE_ON when it ends
    only: str = ""  # "add" or "edit", where the other makes no sense


TYPE = 'printf "%s\\n" "$TYPED" >> "$1"\n'
# A background part waits for kb to be gone, however long that takes on a slow machine.
LATER = '( while kill -0 $PPID 2>/dev/null; do sleep 0.02; done; {} ; : > "$BESIDE/gone-on" ) &\nexit 0\n'

EDITORS = (
    Editor("saves in place", TYPE),
    Editor("exits with 1", TYPE + "exit 1\n", codes=(6,)),
    Editor("is killed", TYPE + "kill -KILL $$\n", codes=(6,)),
    Editor("is interrupted", TYPE + "kill -INT $$\n", codes=(6,)),
    Editor("is interrupted together with kb", TYPE + "kill -INT $PPID\n"),
    Editor("sees kb killed", TYPE + "kill -KILL $PPID\n", codes=(-9,)),
    Editor("sees the terminal closed", TYPE + "kill -HUP $PPID\n", codes=(-1, 6)),
    Editor("saves by renaming", f'cp "$1" "$1.new"; set -- "$1.new" "$1"\n{TYPE}mv "$1" "$2"\n'),
    Editor("keeps a backup and renames", f'mv "$1" "$1~"; cp "$1~" "$1"\n{TYPE}'),
    Editor("returns at once and saves later", LATER.format('printf "%s\\n" "$TYPED" >> "$1"'), goes_on=True),
    Editor(
        "returns at once with the file open",
        'exec 9>>"$1"\n' + LATER.format('printf "%s\\n" "$TYPED" >&9'),
        goes_on=True,
    ),
    Editor(
        "saves, returns at once and saves again later",
        'printf "first\\n" >> "$1"\nexec 9>>"$1"\n' + LATER.format('printf "%s\\n" "$TYPED" >&9'),
        goes_on=True,
    ),
    Editor(
        "saves while kb reads",
        'printf "first\\n" >> "$1"\nexec 9>>"$1"\n'
        '( i=0; while [ $i -lt 200 ]; do printf "again\\n" >&9; i=$((i+1)); done; printf "%s\\n" "$TYPED" >&9'
        ' ; : > "$BESIDE/gone-on" ) &\nexit 0\n',
        goes_on=True,
    ),
    Editor("breaks the header", f'printf "%s\\n" --- nonsense --- > "$1"\n{TYPE}', codes=(6,)),
    Editor("cuts the header", f'printf "%s\\n" --- > "$1"\n{TYPE}', codes=(6,)),
    Editor("removes the header", f': > "$1"\n{TYPE}', codes=(0, 2, 4, 5, 6)),
    Editor("empties the file", f'{TYPE}: > "$1"\n', lost=True),
    Editor("deletes the file", f'{TYPE}rm "$1"\n', codes=(6,), lost=True),
    Editor("makes it a directory", f'rm "$1"; mkdir "$1"; set -- "$1/text"\n{TYPE}', codes=(6,)),
    Editor(
        "makes it a link to elsewhere",
        f'mv "$1" "$BESIDE/elsewhere"; ln -s "$BESIDE/elsewhere" "$1"\n{TYPE}',
        codes=(0, 6),
    ),
    Editor("finds the disk full", f'{TYPE}ulimit -f 8; yes filler | head -c 99999 >> "$1"\n', codes=(6,)),
    Editor(
        "is cut off by a full disk and exits with 0", f'{TYPE}(ulimit -f 8; yes filler >> "$1"); exit 0\n'
    ),
    Editor(
        "writes CRLF and a mark",
        'sed -i "s/$/\\r/; 1s/^/\\xef\\xbb\\xbf/" "$1"; printf "%s\\r\\n" "$TYPED" >> "$1"\n',
    ),
    Editor("writes Latin-1", TYPE + 'printf "M\\374nchen\\n" >> "$1"\n', codes=(6,)),
    Editor("writes UTF-16", f'{TYPE}iconv -t UTF-16 "$1" > "$1.new"; mv "$1.new" "$1"\n', codes=(0, 6)),
    Editor("writes NUL bytes", f'{TYPE}printf "a\\000b\\n" >> "$1"\n', codes=(0, 6)),
    Editor("leaves it read-only", f'{TYPE}chmod 400 "$1"\n'),
    Editor("leaves it open to no one", f'{TYPE}chmod 000 "$1"\n', codes=(0, 6)),
    Editor("writes 1 MB", f'{TYPE}yes "and so on" | head -c 1000000 >> "$1"\n'),
    Editor(
        "changes the entry itself",
        f'{TYPE}for file in "$KB"/entries/0004-*; do sed -i "s/endless/hoopoe/" "$file"; done\n',
        codes=(5,),
        only="edit",
    ),
    Editor(
        "removes the entry itself",
        f'{TYPE}mkdir -p "$KB/trash"; mv "$KB"/entries/0004-* "$KB/trash/"\n',
        codes=(2,),
        only="edit",
    ),
    Editor("takes the drafts' directory away", f'{TYPE}mv "$KB/drafts" "$BESIDE/elsewhere"\n', codes=(6,)),
    Editor("cannot be started", "", codes=(6,), lost=True),
    Editor("is none, and there is no terminal", "", codes=(6,), lost=True),
)
# Every editor once, then every one the other way.
WAYS = tuple(
    (each, way)
    for turn in (0, 1)
    for at, each in enumerate(EDITORS)
    for way in [("add", "edit")[(at + turn) % 2]]
    if each.only in ("", way)
)


def torture(run: Run) -> None:
    """Let each editor have a new entry and an old one."""
    scene = Scene(run.directory / "scene")
    lost = set()
    for number, rng in run.each():
        editor, way = WAYS[number % len(WAYS)]
        for wrong in _edited(scene, editor, way, _words(rng)):
            run.violation(f"{way}, an editor that {editor.name}: {wrong}", at=number)
            lost |= {editor.name} if wrong.startswith("what was typed") else set()
    run.figures["editors"] = len(EDITORS)
    run.figures["editors whose text was lost"] = len(lost)


def _words(rng: random.Random) -> bytes:
    letters = "abcdefghijklmnopqrstuvwxyz"
    return " ".join("".join(rng.choices(letters, k=9)) for _ in range(3)).encode()


def _edited(scene: Scene, editor: Editor, way: str, words: bytes) -> Iterator[str]:
    """Let the editor have its way and say what is wrong afterwards."""
    before = scene.set_up(Command(way, (way,)))
    for name in (ELSEWHERE, GONE_ON):
        shutil.rmtree(scene.directory / name, ignore_errors=True)
        (scene.directory / name).unlink(missing_ok=True)
    scene.script.write_text(editor.script, "utf-8")
    program = _program(scene, editor, words)
    said = program.run(*(("add", "-t", "own") if way == "add" else ("edit", "4")), stdin=None)
    if editor.goes_on and not _has_ended(scene):
        yield "the part of it that goes on never ended"
        return
    now = Tree.of(scene.base)
    yield from _after(scene, editor, way, words, before, said)
    if (
        not _is_kept(scene, words, said)
        or editor.lost
        or any(truth.has(each, words) for each in now.entries.values())
    ):
        return
    # What is in a draft can be taken up again with an editor that has nothing to add, or stays where it is.
    again = Program(base=scene.base, home=scene.home, environment={"KB_EDITOR": "true"})
    resumed = again.run("add", "--resume", stdin=None)
    yield from (f"kb add --resume: {wrong}" for wrong in truth.manners(resumed))
    if not _is_kept(scene, words, said):
        yield f"what was typed is lost by kb add --resume: code {resumed.code}, {resumed.err[-200:]!r}"


def _program(scene: Scene, editor: Editor, words: bytes) -> Program:
    environment = {
        "KB_EDITOR": ""
        if "is none" in editor.name
        else "/nowhere/edit"
        if "started" in editor.name
        else f"sh {scene.script}",
        "TYPED": words.decode(),
        "BESIDE": str(scene.directory),
        "KB": str(scene.base),
    }
    return Program(base=scene.base, home=scene.home, environment=environment)


def _after(scene: Scene, editor: Editor, way: str, words: bytes, before: Tree, said: Said) -> Iterator[str]:
    now = Tree.of(scene.base)
    if said.code >= 0:
        yield from truth.manners(said)
    if said.code not in editor.codes:
        yield f"code {said.code}, not one of {editor.codes}: {said.err[-200:]!r}"
    if not editor.lost and not _is_kept(scene, words, said):
        yield f"what was typed is lost: code {said.code}, {said.err[-200:]!r}"
    if editor.name == "writes Latin-1" and not any(b"M\xfcnchen" in each for each in now.files.values()):
        yield "what was typed is lost: the letter that is not UTF-8"
    for name, content in before.kept.items():
        foreign = FOREIGN in now.files.get(name, b"")
        if not foreign and content not in now.kept.values():
            yield f"the content of {name} is nowhere in entries, trash and history any more"
    if editor.name == "changes the entry itself" and not any(
        FOREIGN in each for each in now.entries.values()
    ):
        yield "what somebody else wrote into the entry meanwhile was overwritten"
    changed = {name for name, content in before.entries.items() if now.entries.get(name) != content}
    if way == "add" and changed:
        yield f"entries have changed: {sorted(changed)}"
    if way == "edit" and any("0004" not in name for name in changed):
        yield f"other entries have changed: {sorted(changed)}"


def _is_kept(scene: Scene, words: bytes, said: Said) -> bool:
    """Tell whether what was typed is in the base, on the output, or in the editor's own file."""
    found = [said.out + said.err, *_contents(scene.base), *_contents(scene.directory / ELSEWHERE)]
    wide = words.decode().encode("utf-16-le")
    return any(truth.has(content, words) or wide in content for content in found)


def _contents(place: Path) -> list[bytes]:
    files = [place] if place.is_file() else [path for path in place.rglob("*") if path.is_file()]
    return [path.read_bytes() for path in files if not path.is_symlink()]


def _has_ended(scene: Scene) -> bool:
    until = time.monotonic() + WAIT
    while not (scene.directory / GONE_ON).exists():
        if time.monotonic() > until:
            return False
        time.sleep(0.01)
    return True


SUITE = Suite(
    name="editors",
    promise="Whatever an editor does, what was typed is in an entry, a draft, the history or on the screen.",
    unit="edits",
    figure=len(WAYS),
    small=len(EDITORS),
    run=torture,
    sabotages={
        "draft dropped on an error": defects.draft_dropped_on_an_error,
        "draft dropped once read": defects.draft_dropped_once_read,
        "draft unlinked": defects.draft_unlinked,
        "odd bytes replaced": defects.odd_bytes_replaced,
    },
)
