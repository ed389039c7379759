"""`ixtrust`: an index that somebody else could have planted is not believed, and no code of theirs runs.

Two things are planted. A false index, sealed as kb seals its own, answers with titles that the base does not
have: believing it is a violation, whether it could run code or not. A pickle makes a file when it is loaded.
"""

from __future__ import annotations

import os
import pickle
import shutil
from collections.abc import Callable
from dataclasses import replace

from kbnotes.index import place, state, unpickle
from kbnotes.index.stored import STAMP
from tests.torture.indexes import QUESTIONS, Truth, make_base
from tests.torture.planting import Canary, Scene, falsify, last_pickle, plant
from tests.torture.program import Program
from tests.torture.sabotage import put
from tests.torture.suite import Run, Suite

STRANGER = 12_345  # a user id that is neither ours nor root's
IS_ROOT = hasattr(os, "geteuid") and os.geteuid() == 0


def pickle_in_the_table(scene: Scene) -> None:
    """Whoosh unpickles its table of contents first of all."""
    plant(scene, ".toc", sealed=False)


def pickle_in_every_file(scene: Scene) -> None:
    for suffix in (".trm", ".pst", ".col"):
        plant(scene, suffix, sealed=False)


def sealed_pickle_in_the_table(scene: Scene) -> None:
    """Nothing but what an unpickler is allowed to load stands between this one and the canary."""
    plant(scene, ".toc", sealed=True)


def pickle_in_another_table(scene: Scene) -> None:
    """Of all tables Whoosh opens the one with the highest number."""
    (table,) = scene.inside.glob("*.toc")
    before = table.read_bytes()
    planted = before[: last_pickle(before)] + pickle.dumps(Canary(scene.canary), 2)
    (scene.inside / "_MAIN_99.toc").write_bytes(planted)


def home_open_to_others(scene: Scene) -> None:
    falsify(scene)
    scene.home.chmod(0o755)


def inside_open_to_others(scene: Scene) -> None:
    falsify(scene)
    scene.inside.chmod(0o777)


def home_of_a_stranger(scene: Scene) -> None:
    falsify(scene)
    os.chown(scene.home, STRANGER, -1)


def inside_of_a_stranger(scene: Scene) -> None:
    falsify(scene)
    os.chown(scene.inside, STRANGER, -1)


def files_of_a_stranger(scene: Scene) -> None:
    falsify(scene)
    for path in scene.inside.iterdir():
        os.chown(path, STRANGER, -1)


def state_of_a_stranger(scene: Scene) -> None:
    falsify(scene)
    os.chown(scene.home / "state.json", STRANGER, -1)


def home_is_a_link(scene: Scene) -> None:
    falsify(scene)
    home = scene.home
    home.symlink_to(scene.elsewhere(home))


def inside_is_a_link(scene: Scene) -> None:
    falsify(scene)
    inside = scene.inside
    inside.symlink_to(scene.elsewhere(inside))


def files_are_links(scene: Scene) -> None:
    falsify(scene)
    for path in sorted(scene.inside.iterdir()):
        path.symlink_to(scene.elsewhere(path))


def files_under_two_names(scene: Scene) -> None:
    falsify(scene)
    for path in sorted(scene.inside.iterdir()):
        os.link(path, scene.directory / f"linked-{path.name}")


def cache_open_to_all(scene: Scene) -> None:
    """Others can put what they like in the place of all that is below."""
    falsify(scene)
    scene.home.parents[2].chmod(0o777)


def index_open_to_all(scene: Scene) -> None:
    falsify(scene)
    scene.home.parent.chmod(0o777)


def cache_of_a_stranger(scene: Scene) -> None:
    falsify(scene)
    os.chown(scene.home.parents[1], STRANGER, -1)


def relative_cache(scene: Scene) -> None:
    """A relative XDG_CACHE_HOME would make any directory that one works in a place to plant an index."""
    falsify(scene)
    shutil.copytree(scene.home.parents[2], scene.directory / "planted")
    shutil.rmtree(scene.home.parents[2])
    os.chdir(scene.directory)
    scene.environment["XDG_CACHE_HOME"] = "planted"


def another_version(scene: Scene) -> None:
    """Another schema, analysis, Python or Whoosh makes another index."""
    falsify(scene, stamp="another version")


CASES: tuple[Callable[[Scene], None], ...] = (
    *(pickle_in_the_table, pickle_in_every_file, sealed_pickle_in_the_table, pickle_in_another_table),
    *(home_open_to_others, inside_open_to_others, home_is_a_link, inside_is_a_link, files_are_links),
    *(files_under_two_names, cache_open_to_all, index_open_to_all, relative_cache, another_version),
    *(
        home_of_a_stranger,
        inside_of_a_stranger,
        files_of_a_stranger,
        state_of_a_stranger,
        cache_of_a_stranger,
    ),
)
NEED_ROOT = {each for each in CASES if each.__name__.endswith("_of_a_stranger")}


def run(run: Run) -> None:
    """Plant, ask, and look for the canary."""
    program = make_base(run.directory)
    truth = Truth(program)
    program.run("list")
    truth.learn()
    skipped = sorted(each.__name__ for each in NEED_ROOT) if not IS_ROOT else []
    if skipped:
        run.figures["skipped, for they need root"] = ", ".join(skipped)
    for number, rng in run.each():
        case = CASES[number % len(CASES)]
        if case.__name__ in skipped:
            continue
        scene = _scene(run, program)
        case(scene)
        if case is sealed_pickle_in_the_table:  # only who writes an index unpickles anything of it
            entry = min((program.base / "entries").iterdir())
            os.utime(entry, (number + 1, number + 1))
        watched = replace(program, environment=scene.environment)
        for question in rng.sample(QUESTIONS, 3):
            if wrong := truth.differs(question, program=watched):
                run.violation(f"{case.__name__}: {wrong}", at=number)
                break
        if scene.canary.exists():
            run.violation(f"{case.__name__}: foreign code ran", at=number)
        if not truth.is_untouched():
            run.violation(f"{case.__name__}: a file of the base has changed", at=number)


def _scene(run: Run, program: Program) -> Scene:
    """Return a scene with a fresh index and nothing planted yet."""
    os.chdir(run.directory)
    shutil.rmtree(program.home / ".cache", ignore_errors=True)
    directory = run.directory / "scene"
    shutil.rmtree(directory, ignore_errors=True)
    directory.mkdir(mode=0o700)
    program.run("list")
    return Scene(program, directory)


class _Any(str):
    __slots__ = ()
    __hash__ = str.__hash__

    def __eq__(self, other: object) -> bool:
        return True

    def __ne__(self, other: object) -> bool:
        return False


def any_directory() -> None:
    """Open an index in whatever directory it stands."""
    put(place, "is_private", lambda path: path.is_dir())


def any_owner() -> None:
    """Do not look whose it is."""
    put(place, "_mine", lambda _: True)


def any_shelter() -> None:
    """Do not look at the directories above."""
    put(place, "is_sheltered", lambda _: True)


def any_file() -> None:
    """Open links, too."""
    put(place, "is_own_file", lambda _: True)


def any_class() -> None:
    """Load whatever a pickle names."""
    put(unpickle._Unpickler, "find_class", pickle.Unpickler.find_class)


def any_version() -> None:
    """Open an index of another schema."""
    put(state, "STAMP", _Any(STAMP))


SUITE = Suite(
    name="ixtrust",
    promise="an index that others could have planted is not believed, and no code of theirs runs",
    unit="cases",
    figure=len(CASES),
    small=len(CASES),
    run=run,
    sabotages={
        each.__name__: each
        for each in (any_directory, any_shelter, any_file, any_class, any_version, *([any_owner] * IS_ROOT))
    },
)
