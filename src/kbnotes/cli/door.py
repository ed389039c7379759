"""The door: a command line in, an exit code out; the one place where an error becomes one."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from kbnotes.cli.short_cut import short_cut
from kbnotes.errors import InternalError, KbError, StorageError, UsageError
from kbnotes.render import Output

INTERRUPTED = 130  # 128 + SIGINT, as shells count
BROKEN_PIPE = 141  # 128 + SIGPIPE
_GLOBAL = ("--base", "--debug", "--version")


def run(arguments: Sequence[str]) -> int:
    """Run kb and return its exit code; whatever happens, no traceback without --debug."""
    own = list(arguments)[: list(arguments).index("--")] if "--" in arguments else list(arguments)
    _prepare_streams()
    output = Output(sys.stdout, sys.stderr, json="--json" in own)
    try:
        code = short_cut(list(arguments), output)
        if code is None:
            from kbnotes.cli.lean_help import prepare_help
            from kbnotes.cli.main import app

            prepare_help(arguments)
            code = app(list(arguments), prog_name="kb", standalone_mode=False)
        sys.stdout.flush()
        return _interrupted(output) if code == INTERRUPTED else int(code or 0)
    except BrokenPipeError:
        return _reader_gone()
    except SystemExit as ending:
        # Typer makes an exit with 1 of a broken pipe, which is how a search says that it found nothing.
        if isinstance(ending.__context__, BrokenPipeError):
            return _reader_gone()
        raise
    except KeyboardInterrupt:
        return _interrupted(output)
    except Exception as error:
        if type(error).__name__ == "Abort" and "typer" in sys.modules:
            return _interrupted(output)
        output.end_progress()
        return _fail(error, output, debug="--debug" in own)


def _prepare_streams() -> None:
    """Make stdout and stderr fit to write to, whatever the shell has made of them."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # closed, as by `>&-`
            setattr(sys, name, os.fdopen(os.open(os.devnull, os.O_WRONLY), "w", encoding="utf-8"))
        # A character that the locale cannot write is shown as its escape rather than ending the command.
        getattr(getattr(sys, name), "reconfigure", lambda **_: None)(errors="backslashreplace")


def _interrupted(output: Output) -> int:
    output.end_progress()
    output.notice("kb: interrupted.")
    return INTERRUPTED


def _reader_gone() -> int:
    """End quietly; Python would complain when it flushes at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    return BROKEN_PIPE


def _fail(error: Exception, output: Output, *, debug: bool) -> int:
    problem = _as_problem(error)
    if debug:
        import traceback

        output.traceback("".join(traceback.format_exception(error)))
    if problem.message:  # `kb` alone has shown its help, and that says it all
        output.error(problem)
    return problem.exit_code


def _as_problem(error: Exception) -> KbError:
    """Return any exception as a KbError: a sentence, and an exit code."""
    if isinstance(error, KbError):
        return error
    if isinstance(error, _typer_errors()):
        said = getattr(error, "format_message", lambda: str(error))()
        if (plain := said.partition(" (Possible options:")[0]).endswith(_GLOBAL):
            said = plain  # what is like an option of kb itself is not meant
        return UsageError(said, hint=_usage_hint(error, said))
    if isinstance(error, OSError):
        where = f"{error.filename}: " if error.filename else "Cannot write the output: "
        return StorageError(f"{where}{(error.strerror or str(error)).lower()}.")
    return InternalError(
        f"Something went wrong that should not: {type(error).__name__}: {error}",
        hint="--debug shows where; your entries are as they were",
    )


def _typer_errors() -> tuple[type[Exception], ...]:
    """Return Typer's class of errors; none where Typer had nothing to do."""
    if "typer" not in sys.modules:
        return ()
    import typer

    return (typer.TyperException,)


def _usage_hint(error: Exception, said: str) -> str:
    context = getattr(error, "ctx", None)
    command = context.command_path if context else "kb"
    if command != "kb" and said.endswith(_GLOBAL):
        return "the options of kb itself stand before the command: kb --base DIR list"
    if "option" in said.lower():
        return f"`{command} --help` lists the options; put -- before text that begins with a dash"
    return f"`{command} --help` tells more"
