"""The check sums of kb are SHA-256, whichever module of Python makes them."""

from __future__ import annotations

import hashlib
import importlib
from types import ModuleType

import pytest

from kbnotes import sha256

CONTENTS = (b"", b"abc", bytes(range(256)) * 100)


def test_it_is_the_sum_that_everybody_else_makes() -> None:
    assert [sha256.hexdigest(each) for each in CONTENTS] == [
        hashlib.sha256(each).hexdigest() for each in CONTENTS
    ]


def test_a_python_without_its_own_module_uses_hashlib(monkeypatch: pytest.MonkeyPatch) -> None:
    real = importlib.import_module

    def only_hashlib(name: str) -> ModuleType:
        if name != "hashlib":
            raise ImportError(name)
        return real(name)

    monkeypatch.setattr(sha256, "import_module", only_hashlib)
    assert sha256.hexdigest(b"abc") == hashlib.sha256(b"abc").hexdigest()
