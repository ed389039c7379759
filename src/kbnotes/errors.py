"""KbError and its children: each class carries its exit code and the kind that JSON shows.

`docs/reference/exit-codes.md` is checked against this module by a test.
"""

from __future__ import annotations

from typing import ClassVar


class KbError(Exception):
    """Say in one sentence what went wrong, and in a hint what to do about it."""

    exit_code: ClassVar[int] = 2
    kind: ClassVar[str] = "error"
    meaning: ClassVar[str] = "the command could not be carried out"

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class UsageError(KbError):
    """The command line asks for something that kb cannot read as a request."""

    kind = "usage"
    meaning = "the command line could not be understood"


class InputError(KbError):
    """A file or text that was handed in cannot be used."""

    kind = "input"
    meaning = "a file or text that was handed in could not be used"


class SelectorError(KbError):
    """A selector picks no entry, or more than one."""

    kind = "selector"
    meaning = "no entry, or more than one, goes by that id or title"


class ConsentError(KbError):
    """A change is so large, or so doubtful, that it wants a yes; `message` and `ask` are what is asked."""

    kind = "consent"
    meaning = "so large or doubtful a change wants to be confirmed, by an answer or by --yes"

    def __init__(self, message: str, *, hint: str = "", ask: str = "Go on?") -> None:
        super().__init__(message, hint=hint)
        self.ask = ask


class FormatError(KbError):
    """A YAML file does not follow the schema; the message names the file and the line."""

    kind = "format"
    meaning = "a YAML file could not be read; it is kept as it is"


class BaseError(KbError):
    """There is no knowledge base where one was asked for, or it cannot be opened."""

    exit_code = 3
    kind = "base"
    meaning = "there is no knowledge base there, or it could not be opened"


class StorageError(KbError):
    """The file system refused a write; nothing that was there has changed."""

    exit_code = 4
    kind = "storage"
    meaning = "the file system refused a write (read-only, full, no permission)"


class ConflictError(KbError):
    """A file changed between reading and writing it; both versions are kept."""

    exit_code = 5
    kind = "conflict"
    meaning = "an entry changed meanwhile; both versions are kept"


class EditorError(KbError):
    """The editor could not be started, failed, or left a draft that cannot be read."""

    exit_code = 6
    kind = "editor"
    meaning = "the editor failed, or its draft could not be read; the draft is kept"


class UnusableIndexError(KbError):
    """The search index cannot be used; the facade makes a new one, so people rarely see this."""

    exit_code = 70
    kind = "index"
    meaning = "the search index could not be used, and not be rebuilt either"


class InternalError(KbError):
    """Something happened that kb does not know how to explain."""

    exit_code = 70
    kind = "internal"
    meaning = "a defect in kb itself"
