"""Finds the knowledge base and reads settings. The only module that reads the environment."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from kbnotes.errors import BaseError, InputError
from kbnotes.record import record

MARKER = "topics.yaml"
DEFAULT_EDITORS = ("sensible-editor", "nano", "vim", "vi")


@record
class Config:
    """What the environment and the user's settings say."""

    explicit: Path | None  # --base or KB_BASE
    said_by: str  # "--base" or "KB_BASE", for messages
    directory: Path | None  # where the search upwards begins; None if the working directory is gone
    home_base: Path  # the base in the user's data directory, or `base` of the settings
    cache: Path  # holds the indexes
    editor: tuple[str, ...]  # the command, () where none was named
    language: str = "english"  # of the notes: how their words are inflected


def read_config(
    *, base: Path | None, directory: Path | None, environment: Mapping[str, str] | None = None
) -> Config:
    """Return the configuration; `base` is what --base named.

    Raises InputError for a broken settings file, BaseError if a place that is needed is gone.
    """
    environment = os.environ if environment is None else environment
    home = _home(environment)
    settings_file = _xdg(environment, "XDG_CONFIG_HOME", home / ".config") / "kb" / "config.toml"
    settings = _settings(settings_file)
    from_environment = environment.get("KB_BASE", "")
    explicit = base or (Path(from_environment) if from_environment else None)
    own = settings.get("base")
    data = _xdg(environment, "XDG_DATA_HOME", home / ".local" / "share") / "kb"
    return Config(
        explicit=_absolute(explicit, directory, home) if explicit else None,
        said_by="--base" if base else "KB_BASE",
        directory=directory,
        home_base=_absolute(Path(own), settings_file.parent, home) if own else data,
        cache=_xdg(environment, "XDG_CACHE_HOME", home / ".cache") / "kb",
        editor=_editor(environment, settings),
        language=settings.get("language", "english"),
    )


def here() -> Path | None:
    """Return the working directory, or None if it is gone: a base named in full needs none."""
    try:
        return Path.cwd()
    except OSError:
        return None


def absolute(path: Path, directory: Path | None) -> Path:
    """Return `path` as seen from `directory`. Raises BaseError if it is relative to one that is gone."""
    if directory is None and not path.is_absolute():
        raise BaseError("The working directory is gone.", hint="cd somewhere else, or name --base in full")
    return Path(os.path.normpath(directory / path if directory else path))


def find_base(config: Config) -> tuple[Path, bool]:
    """Return the base's directory, and whether it has yet to be made (only the user's own may be).

    The order: --base, KB_BASE, the nearest directory upwards that is a base or holds one in `notes/`, the
    user's data directory. Raises BaseError if what was named is no base.
    """
    if config.explicit:
        if (config.explicit / "entries").is_dir():
            return config.explicit, False
        if is_base(config.explicit / "notes"):
            return config.explicit / "notes", False
        raise BaseError(
            f"{config.said_by} names {config.explicit}, which is no knowledge base.",
            hint=f"`kb init {_quoted(config.explicit)}` makes it one",
        )
    start = absolute(Path(), config.directory)
    for place in (start, *start.parents):
        for candidate in (place, place / "notes"):
            if is_base(candidate):
                return candidate, False
    return config.home_base, not is_base(config.home_base)


def is_base(directory: Path) -> bool:
    """Tell whether a directory is a knowledge base: it has entries, and topics that kb wrote."""
    try:
        return (directory / "entries").is_dir() and (directory / MARKER).is_file()
    except OSError:
        return False


def _xdg(environment: Mapping[str, str], name: str, default: Path) -> Path:
    """Return a directory by the XDG rule: a relative value is ignored (XDG Base Directory 0.8)."""
    value = environment.get(name, "")
    return Path(value) if value and Path(value).is_absolute() else default


def _home(environment: Mapping[str, str]) -> Path:
    try:
        return Path(environment.get("HOME") or Path.home())
    except RuntimeError as error:  # a user without a name, as in some containers
        raise BaseError("You have no home directory.", hint="set HOME to a directory of yours") from error


def _absolute(path: Path, directory: Path | None, home: Path) -> Path:
    text = str(path)
    return absolute(home / text[2:] if text.startswith("~/") else path, directory)


def _settings(path: Path) -> dict[str, str]:
    """Return the user's settings; a missing file has none."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise InputError(f"The settings in {path} cannot be read: {error}.") from error
    import tomllib

    try:
        found = tomllib.loads(content.decode("utf-8"))
    except ValueError as error:
        raise InputError(f"The settings in {path} cannot be read: {error}.") from error
    for key, value in found.items():
        if key not in ("base", "editor", "language") or not isinstance(value, str):
            raise InputError(
                f"{path}: kb knows no setting {key!r}.",
                hint='settings are base = "…", editor = "…", language = "…"',
            )
    return found


def _editor(environment: Mapping[str, str], settings: Mapping[str, str]) -> tuple[str, ...]:
    named = [
        environment.get("KB_EDITOR"),
        settings.get("editor"),
        environment.get("VISUAL"),
        environment.get("EDITOR"),
    ]
    command = next((text for text in named if text and text.strip()), "")
    if not command:
        return ()
    import shlex

    try:
        return tuple(shlex.split(command))
    except ValueError:
        return (command,)


def _quoted(path: Path) -> str:
    import shlex

    return shlex.quote(str(path))
