"""A table of stamps is read as a dictionary of them."""

from __future__ import annotations

from array import array
from pathlib import Path

import pytest

from kbnotes.index import state
from kbnotes.index.state import State, stamps_name
from kbnotes.model import Stamp, StampTable

TABLE = StampTable(["a", "b", "é"], array("Q", [3, 2, 1]), array("Q", [10, 20, 30]), array("Q", [7, 8, 9]))


def test_it_has_what_a_dictionary_has() -> None:
    same = {"a": Stamp(3, 10, 7), "b": Stamp(2, 20, 8), "é": Stamp(1, 30, 9)}
    assert TABLE == same == TABLE.rows()
    assert list(TABLE.items()) == list(same.items())
    assert stamps_name(TABLE) == stamps_name(same) != stamps_name({**same, "b": Stamp(2, 20, 9)})
    assert "c" not in TABLE
    with pytest.raises(KeyError):
        TABLE["c"]


def test_an_empty_one_is_an_empty_dictionary() -> None:
    empty = StampTable([], array("Q"), array("Q"), array("Q"))
    assert empty == {}
    assert stamps_name(empty) == stamps_name({})


def test_the_order_in_which_files_came_makes_no_difference(tmp_path: Path) -> None:
    later = dict(sorted(TABLE.rows().items(), reverse=True))
    assert stamps_name(later) == stamps_name(TABLE)
    state.save(tmp_path, State(files=later, generation=1))
    found = state.load(tmp_path)
    assert found
    assert found.files == TABLE
    assert [found.files[name] for name in "abé"] == [Stamp(3, 10, 7), Stamp(2, 20, 8), Stamp(1, 30, 9)]
